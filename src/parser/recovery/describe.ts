import { EOF } from '../../lexer/chevrotain.ts';
import * as T from '../../lexer/tokens.ts';
import type { Token } from '../../lexer/tokens.ts';

/** A token as a message names it. */
export function describe(token: Token): string {
  switch (token.tokenType) {
    case EOF:
      return 'the end of the statement';
    case T.Identifier:
    case T.QuotedName:
      return `the name ${shortened(token.image)}`;
    case T.ParameterName:
      return `the parameter ${shortened(token.image)}`;
    case T.NumberToken:
      return `the number ${shortened(token.image)}`;
    case T.StringToken:
      return `the string ${shortened(token.image)}`;
    default:
      return T.WORDS.has(token.tokenType) ? token.image : `"${token.image}"`;
  }
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length <= 40 ? line : `${line.slice(0, 38)}…`;
}
