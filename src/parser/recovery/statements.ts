/** The statements of a segment: one, or several where a `;` was forgotten. */
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import { endOf } from '../../lexer/tokenize.ts';
import type { Token } from '../../lexer/tokens.ts';
import type { Statement } from '../ast.ts';
import type { Attempt, Grammar } from '../grammar/statements.ts';
import { failure, isDone, repair, type Effort } from './repair.ts';
import { blind, startsIn, type Segment } from './segments.ts';

export interface ReadStatement {
  /** Null where it could not be read. */
  readonly node: Statement | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** A stretch of a segment, from one beginning of a statement to another. */
interface Stretch {
  readonly segment: Segment;
  /** Index of its first token in the whole segment, and the index behind its last. */
  readonly start: number;
  readonly end: number;
  readonly attempt: Attempt<Statement>;
}

export function readSegment(segment: Segment, grammar: Grammar, effort: Effort): readonly ReadStatement[] {
  const read = (tokens: readonly Token[]): Attempt<Statement> => grammar.readStatement(tokens, segment.sourceId);
  const starts = startsIn(segment);
  const statements: ReadStatement[] = [];
  let next = 0;
  while (next < starts.length) {
    const stretch = stretchFrom(segment, starts, next, read);
    const { statement, end } = readStretch(stretch, effort, read);
    statements.push(statement);
    next = starts.findIndex((start, index) => index > next && start >= end);
    if (next === -1) break;
  }
  return statements;
}

/**
 * Up to the next beginning of a statement, or further where what looks like one is a part of this: a line in brackets
 * may begin with `name =` as well. It is a part when the reading gets past it and the token behind it.
 */
function stretchFrom(
  segment: Segment,
  starts: readonly number[],
  first: number,
  read: (tokens: readonly Token[]) => Attempt<Statement>,
): Stretch {
  const start = starts[first] ?? 0;
  const upTo = (index: number): Stretch => {
    const end = starts[index] ?? segment.tokens.length;
    const terminated = end === segment.tokens.length && segment.terminated;
    const part = { ...segment, tokens: segment.tokens.slice(start, end), terminated };
    return { segment: part, start, end, attempt: read(part.tokens) };
  };
  let stretch = upTo(first + 1);
  // Each time twice as far, so that the work stays linear.
  for (let ahead = 2; wantsMore(stretch) && stretch.end < segment.tokens.length; ahead *= 2) {
    const longer = upTo(first + ahead);
    const { at } = longer.attempt;
    if (at < stretch.segment.tokens.length + 2 && !isDone(longer.segment, longer.attempt)) break;
    stretch = longer;
  }
  return stretch;
}

function wantsMore({ segment, attempt }: Stretch): boolean {
  return attempt.node === null && attempt.at === segment.tokens.length && attempt.depthExceeded === null;
}

interface Read {
  readonly statement: ReadStatement;
  /** Index in the whole segment behind which to go on. */
  readonly end: number;
}

function readStretch(stretch: Stretch, effort: Effort, read: (tokens: readonly Token[]) => Attempt<Statement>): Read {
  const { attempt, segment, diagnostics } = repair(stretch.segment, stretch.attempt, effort, read);
  const { node, at } = attempt;
  const left = segment.tokens.length - at;
  const complete = node !== null && isDone(segment, attempt);
  const closing = complete ? forgottenSemicolon(segment, at) : failure(segment, attempt);
  const kept = complete && !isGuess(segment, at, diagnostics) ? node : null;
  return { statement: { node: kept, diagnostics: [...diagnostics, ...closing] }, end: stretch.end - left };
}

/**
 * Whether a reading is too uncertain to be checked: where only a part of the statement was read, or where a separator had to be
 * invented, what the checker found would be about another statement than the one that was meant.
 */
function isGuess(segment: Segment, at: number, diagnostics: readonly Diagnostic[]): boolean {
  return (
    (at < segment.tokens.length && blind(segment, at)) ||
    segment.lexical.some(({ code }) => code === 'PS1010') ||
    diagnostics.some(({ code }) => code === 'PS1108' || code === 'PS1117')
  );
}

/** How far a `;` inside a comment is looked for. */
const LONGEST_LOOK = 200;

/** Nothing where the `;` is there; it goes right behind the last token of the statement that ends before `at`. */
function forgottenSemicolon(segment: Segment, at: number): readonly Diagnostic[] {
  const { tokens, terminated, source, sourceId } = segment;
  if ((terminated && at === tokens.length) || blind(segment, at)) return [];
  const last = tokens[at - 1];
  const end = last === undefined ? 0 : endOf(last);
  const inComment = /^[ \t]*\/\/[^\n]*;/.test(source.text.slice(end, end + LONGEST_LOOK));
  return [diagnostic('PS1104', { source: sourceId, start: end, end }, { inComment })];
}
