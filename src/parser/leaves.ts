/** The nodes that a single token makes. */
import * as T from '../lexer/tokens.ts';
import type { Token } from '../lexer/tokens.ts';
import { decodeNumber, decodeString } from '../lexer/literals.ts';
import { spanOf } from '../lexer/tokenize.ts';
import type { Expr, Name, NumberLiteral, StringLiteral } from './ast.ts';

/** A name without its backticks. */
export function nameOf(token: Token, source: number): Name {
  return { kind: 'name', text: plainName(token), span: spanOf(token, source) };
}

function plainName(token: Token): string {
  const { image } = token;
  return token.tokenType === T.QuotedName ? image.slice(1, image.endsWith('`') ? -1 : undefined) : image;
}

/** The name of a parameter without its `@`. */
export function parameterOf(token: Token, source: number): Name {
  return { kind: 'name', text: token.image.slice(1), span: spanOf(token, source) };
}

/** Behind a point every word is a name, keywords too, as in JavaScript. Null for what is no word. */
export function memberName(token: Token, source: number): Name | null {
  const { tokenType } = token;
  const word = tokenType === T.Identifier || tokenType === T.QuotedName || T.WORDS.has(tokenType);
  return word ? nameOf(token, source) : null;
}

export function stringOf(token: Token, source: number): StringLiteral {
  const { value } = decodeString(token.image);
  return { kind: 'string', value, raw: token.image, span: spanOf(token, source) };
}

export function numberOf(token: Token, source: number): NumberLiteral {
  const { value, integer } = decodeNumber(token.image);
  return { kind: 'number', value, integer, raw: token.image, span: spanOf(token, source) };
}

/** The expression that one token is; null for what begins none or a longer one. */
export function leaf(token: Token, source: number): Expr | null {
  const span = spanOf(token, source);
  switch (token.tokenType) {
    case T.Identifier:
    case T.QuotedName:
      return { kind: 'name-expr', name: nameOf(token, source), span };
    case T.ParameterName:
      return { kind: 'parameter', name: parameterOf(token, source), span };
    case T.StringToken:
      return stringOf(token, source);
    case T.NumberToken:
      return numberOf(token, source);
    case T.TrueWord:
    case T.FalseWord:
      return { kind: 'boolean', value: token.tokenType === T.TrueWord, span };
    case T.NullLiteralWord:
      return { kind: 'null', span };
    case T.RegexToken:
      // The lexer has reported it; the text stands in for the call that was meant.
      return { kind: 'string', value: token.image, raw: JSON.stringify(token.image), span };
    default:
      return null;
  }
}
