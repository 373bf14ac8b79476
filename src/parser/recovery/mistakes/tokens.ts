/** Token lists with something changed in them. */
import type { TokenType } from 'chevrotain';
import { createTokenInstance } from '../../../lexer/chevrotain.ts';
import type { Span } from '../../../diagnostics/span.ts';
import type { Token } from '../../../lexer/tokens.ts';
import { endOf } from '../../../lexer/tokenize.ts';

export function without(tokens: readonly Token[], at: number, count = 1): Token[] {
  return [...tokens.slice(0, at), ...tokens.slice(at + count)];
}

export function inserted(tokens: readonly Token[], at: number, ...added: readonly Token[]): Token[] {
  return [...tokens.slice(0, at), ...added, ...tokens.slice(at)];
}

/** The token at an index read as one of another type; its text stays what was written. */
export function retyped(tokens: readonly Token[], at: number, type: TokenType): Token[] {
  const token = tokens[at];
  return token === undefined ? [...tokens] : tokens.with(at, tokenOf(type, token.image, token));
}

/** A token that nobody wrote: it has no width and stands behind the one before. */
export function unwritten(tokens: readonly Token[], at: number, type: TokenType): Token {
  const start = endBefore(tokens, at);
  return tokenOf(type, '', { startOffset: start, endOffset: start - 1 });
}

/** A token that stands for what was written at another's place. */
export function tokenOf(type: TokenType, image: string, place: Pick<Token, 'startOffset' | 'endOffset'>): Token {
  const none = Number.NaN;
  const { startOffset, endOffset = startOffset } = place;
  return createTokenInstance(type, image, startOffset, endOffset, none, none, none, none);
}

function endBefore(tokens: readonly Token[], at: number): number {
  const previous = tokens[at - 1];
  return previous === undefined ? (tokens[at]?.startOffset ?? 0) : endOf(previous);
}

/** The empty place behind the token before an index. */
export function placeBefore(tokens: readonly Token[], at: number, source: number): Span {
  const end = endBefore(tokens, at);
  return { source, start: end, end };
}
