import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source, Span } from '../diagnostics/span.ts';
import * as T from '../lexer/tokens.ts';
import type { Token } from '../lexer/tokens.ts';
import { spanOf, tokenize } from '../lexer/tokenize.ts';
import type { Comment, Expr, Script, Statement } from './ast.ts';
import { Grammar, type Attempt } from './grammar/statements.ts';
import { readSegment } from './recovery/statements.ts';
import { Effort, failure, repair } from './recovery/repair.ts';
import { segmentsOf, type Segment } from './recovery/segments.ts';

export interface Parsed {
  /** What could be read; a statement that could not is left out. */
  readonly script: Script;
  /** In source order. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface ParsedExpression {
  /** Null where it could not be read. */
  readonly expression: Expr | null;
  readonly diagnostics: readonly Diagnostic[];
}

let shared: Grammar | undefined;

/** Built on first use: Chevrotain analyses the grammar, which takes some ten milliseconds. */
function grammar(): Grammar {
  shared ??= new Grammar();
  return shared;
}

/**
 * Reads a script. Never throws; a statement with a mistake in it is reported once, repaired where what was meant is
 * plain, and left out of the tree where it is not; the statements behind it are read all the same.
 */
export function parse(source: Source, sourceId = 0): Parsed {
  const lexed = tokenize(source, sourceId);
  const statements: Statement[] = [];
  const diagnostics: Diagnostic[] = [...lexed.diagnostics];
  const effort = new Effort();
  for (const segment of segmentsOf(lexed, source, sourceId)) {
    for (const read of readSegment(segment, grammar(), effort)) {
      if (read.node !== null) statements.push(read.node);
      diagnostics.push(...read.diagnostics);
    }
  }
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  const span: Span = { source: sourceId, start: 0, end: source.text.length };
  const comments = lexed.comments.map((token) => commentOf(token, sourceId));
  return { script: { kind: 'script', statements, comments, span }, diagnostics };
}

/** Reads a text that is one expression, as the builder's methods take them. Never throws. */
export function parseExpression(source: Source, sourceId = 0): ParsedExpression {
  const lexed = tokenize(source, sourceId);
  const whole: Segment = { tokens: lexed.tokens, terminated: true, source, sourceId, lexical: lexed.diagnostics };
  const read = (tokens: readonly Token[]): Attempt<Expr> => grammar().readExpression(tokens, sourceId);
  const { attempt, segment, diagnostics } = repair(whole, read(whole.tokens), new Effort(), read);
  const complete = attempt.node !== null && attempt.at === segment.tokens.length;
  const failures = complete ? [] : failure(segment, attempt);
  return {
    expression: complete ? attempt.node : null,
    diagnostics: [...lexed.diagnostics, ...diagnostics, ...failures],
  };
}

function commentOf(token: Token, source: number): Comment {
  const style = token.tokenType === T.BlockComment ? 'block' : 'line';
  return { kind: 'comment', style, text: token.image, span: spanOf(token, source) };
}
