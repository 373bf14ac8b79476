/** A script cut at its `;`, and where to go on inside a stretch that holds a mistake. */
import type { TokenType } from 'chevrotain';
import { EOF } from '../../lexer/chevrotain.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Source } from '../../diagnostics/span.ts';
import * as T from '../../lexer/tokens.ts';
import type { Token } from '../../lexer/tokens.ts';
import { endOf, type Tokens } from '../../lexer/tokenize.ts';

/** The tokens between two `;`: one statement, or several where a `;` was forgotten. */
export interface Segment {
  readonly tokens: readonly Token[];
  /** Whether a `;` stands behind it. */
  readonly terminated: boolean;
  readonly source: Source;
  readonly sourceId: number;
  /** What the lexer found in it that may have made its tokens others than were meant. */
  readonly lexical: readonly Diagnostic[];
}

/** No statement holds a `;`, so each can be read alone. Empty stretches are left out. */
export function segmentsOf(lexed: Tokens, source: Source, sourceId: number): readonly Segment[] {
  const segments: Segment[] = [];
  const disturbing = lexed.diagnostics.filter(({ code }) => DISTURBING.has(code));
  let tokens: Token[] = [];
  let next = 0;
  const close = (end: number, terminated: boolean): void => {
    const from = next;
    while ((disturbing[next]?.span.start ?? Number.POSITIVE_INFINITY) < end) next += 1;
    const lexical = disturbing.slice(from, next);
    if (tokens.length > 0) segments.push({ tokens, terminated, source, sourceId, lexical });
    tokens = [];
  };
  for (const token of lexed.tokens) {
    if (token.tokenType === T.Semicolon) close(token.startOffset, true);
    else tokens.push(token);
  }
  close(source.text.length, false);
  return segments;
}

/** Lexical mistakes behind which the tokens are not what was meant; the others leave a token that can be used. */
const DISTURBING: ReadonlySet<string> = new Set(['PS1001', 'PS1002', 'PS1003', 'PS1004', 'PS1006', 'PS1010', 'PS1012']);

/** Whether the lexer has already reported what may have made the statement fail at a token. */
export function blind({ tokens, lexical, source }: Segment, at: number): boolean {
  const first = tokens[0]?.startOffset ?? 0;
  const failing = tokens[at];
  const end = failing === undefined ? Number.POSITIVE_INFINITY : endOf(failing);
  return lexical.some(({ code, span: { start } }) => {
    // A quote without its counterpart: it may be any of those on its line that is one too many.
    const from = code === 'PS1002' ? source.text.lastIndexOf('\n', start) + 1 : start;
    return start >= first && from <= end;
  });
}

/** Statements of these begin wherever their keyword stands. */
const ALWAYS: ReadonlySet<TokenType> = new Set([T.Output, T.Declare, T.Export]);

/** These begin one where they stand first on a line that is not indented deeper than the statement before. */
const ON_NEW_LINE: ReadonlySet<TokenType> = new Set([
  T.Import,
  T.SetWord,
  T.Extract,
  T.Select,
  T.Process,
  T.Reduce,
  T.Combine,
  T.Values,
]);

/** Whether a further statement begins at a token inside a segment. */
export function startsStatement(segment: Segment, at: number): boolean {
  const token = segment.tokens[at];
  if (token === undefined || at === 0) return false;
  if (ALWAYS.has(token.tokenType)) return true;
  const assigns =
    (token.tokenType === T.Identifier || token.tokenType === T.QuotedName) &&
    segment.tokens[at + 1]?.tokenType === T.Assign;
  return (assigns || ON_NEW_LINE.has(token.tokenType)) && onNewLine(segment, at);
}

function onNewLine({ tokens, source }: Segment, at: number): boolean {
  const [first, token] = [tokens[0], tokens[at]];
  if (first === undefined || token === undefined) return false;
  const indent = indentOf(source.text, token.startOffset);
  return indent !== null && indent <= (indentOf(source.text, first.startOffset) ?? Number.POSITIVE_INFINITY);
}

/** The number of spaces before what is first on its line; null for what is not. */
function indentOf(text: string, offset: number): number | null {
  let at = offset - 1;
  while (at >= 0 && text.charAt(at) !== '\n') {
    if (text.charAt(at).trim() !== '') return null;
    at -= 1;
  }
  return offset - 1 - at;
}

/**
 * Where statements begin in a segment: at its first token, and wherever a `;` may have been forgotten; nowhere inside
 * brackets that are closed.
 */
export function startsIn(segment: Segment): readonly number[] {
  const starts: number[] = [];
  const open: { readonly starts: number }[] = [];
  segment.tokens.forEach((token, at) => {
    if (at === 0 || startsStatement(segment, at)) starts.push(at);
    if (OPENING.has(token.tokenType)) open.push({ starts: starts.length });
    else if (CLOSING.has(token.tokenType)) starts.length = open.pop()?.starts ?? starts.length;
  });
  return starts;
}

const OPENING: ReadonlySet<TokenType> = new Set([T.OpenParen, T.OpenBracket, T.OpenBrace]);
const CLOSING: ReadonlySet<TokenType> = new Set([T.CloseParen, T.CloseBracket, T.CloseBrace]);

/** The token at an index, or one of no width at the end of the segment. */
export function tokenAt({ tokens }: Segment, at: number): Token {
  const last = tokens.at(-1);
  const end = last === undefined ? 0 : endOf(last);
  return tokens[at] ?? { tokenType: EOF, tokenTypeIdx: 1, image: '', startOffset: end, endOffset: end - 1 };
}
