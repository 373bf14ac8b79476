import type { ILexingError, IToken, Lexer as TokenLexer } from 'chevrotain';
import { Lexer } from './chevrotain.ts';
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source, Span } from '../diagnostics/span.ts';
import { decodeNumber, decodeString } from './literals.ts';
import * as T from './tokens.ts';

export interface Tokens {
  /** Without comments and white space, in source order; offsets are UTF-16 units, `endOffset` inclusive. */
  readonly tokens: readonly T.Token[];
  readonly comments: readonly T.Token[];
  readonly diagnostics: readonly Diagnostic[];
}

let shared: TokenLexer | undefined;

/** Built on first use, so that importing the compiler costs nothing. */
function lexer(): TokenLexer {
  shared ??= new Lexer([...T.ALL_TOKENS], { positionTracking: 'onlyOffset', skipValidations: true });
  return shared;
}

/** Cuts a script into tokens. Never throws; what is no token is reported and left out. */
export function tokenize(source: Source, sourceId: number): Tokens {
  const result = lexer().tokenize(source.text);
  const comments = result.groups['comments'] ?? [];
  const diagnostics = [
    ...result.errors.map((error) => unknownCharacters(source.text, error, sourceId)),
    ...result.tokens.flatMap((token) => tokenProblems(token, spanOf(token, sourceId))),
    ...comments.flatMap((token) => commentProblems(token, spanOf(token, sourceId))),
  ];
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  return { tokens: result.tokens, comments, diagnostics };
}

/** The place of a token in the script. */
export function spanOf(token: IToken, source: number): Span {
  return { source, start: token.startOffset, end: endOf(token) };
}

/** The offset behind a token. The lexer notes only where a token starts; a repaired one may be read as another text. */
export function endOf({ startOffset, endOffset, image }: IToken): number {
  return endOffset === undefined ? startOffset + image.length : endOffset + 1;
}

function unknownCharacters(text: string, error: ILexingError, source: number): Diagnostic {
  const found = text.slice(error.offset, error.offset + error.length);
  const span = { source, start: error.offset, end: error.offset + error.length };
  return diagnostic('PS1001', span, { found });
}

function tokenProblems(token: IToken, span: Span): readonly Diagnostic[] {
  const { image } = token;
  switch (token.tokenType) {
    case T.StringToken:
      return stringProblems(image, span);
    case T.NumberToken:
      return numberProblems(image, span);
    case T.QuotedName:
      return quotedNameProblems(image, span);
    case T.ParameterName:
      return image.length > 1 ? [] : [diagnostic('PS1009', span, {})];
    case T.RegexToken:
      return [diagnostic('PS1010', span, { found: image })];
    case T.Equal:
      return image === '==' ? [] : [diagnostic('PS1011', span, { found: image, meant: '==' })];
    case T.NotEqual:
      return image === '!=' ? [] : [diagnostic('PS1011', span, { found: image, meant: '!=' })];
    case T.ForeignOperator:
      return [diagnostic('PS1012', span, { found: image })];
    default:
      return [];
  }
}

function stringProblems(image: string, span: Span): readonly Diagnostic[] {
  const { badEscapes, closed } = decodeString(image);
  const problems = badEscapes.map(({ start, text }) =>
    diagnostic('PS1005', inside(span, start, start + text.length), { found: text }),
  );
  if (!closed) problems.push(diagnostic('PS1002', span, { quote: image.charAt(0) }));
  return problems;
}

function inside(span: Span, from: number, to: number): Span {
  return { source: span.source, start: span.start + from, end: span.start + to };
}

function numberProblems(image: string, span: Span): readonly Diagnostic[] {
  const { problem } = decodeNumber(image);
  if (problem === null) return [];
  return [diagnostic(problem === 'malformed' ? 'PS1006' : 'PS1007', span, { found: image })];
}

function quotedNameProblems(image: string, span: Span): readonly Diagnostic[] {
  if (image.length < 2 || !image.endsWith('`')) return [diagnostic('PS1004', span, {})];
  return image === '``' ? [diagnostic('PS1013', span, {})] : [];
}

function commentProblems(token: IToken, span: Span): readonly Diagnostic[] {
  if (token.tokenType === T.ForeignComment) {
    return [diagnostic('PS1008', span, { found: token.image.startsWith('#') ? '#' : '--' })];
  }
  const open = token.tokenType === T.BlockComment && (token.image.length < 4 || !token.image.endsWith('*/'));
  return open ? [diagnostic('PS1003', { ...span, end: span.start + 2 }, {})] : [];
}
