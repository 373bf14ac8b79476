/** The tokens that a plain regular expression for Chevrotain cannot describe. */
import type { IToken } from 'chevrotain';

const IDENTIFIER = /[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*/uy;
const REGEX_LITERAL = /\/(?![*/\s])(?:[^\\/[\n\r]|\\.|\[(?:[^\]\\\n\r]|\\.)*\])+\/[a-z]*/y;

/** What may end an operand; a `/` behind it is a division. The types are compared by name: tokens.ts imports this file. */
const OPERAND_END_NAMES: ReadonlySet<string> = new Set([
  'Identifier',
  'QuotedName',
  'ParameterName',
  'StringToken',
  'NumberToken',
  'RegexToken',
  'CloseParen',
  'CloseBracket',
  'END',
  'true',
  'false',
  'null',
  'NULL',
]);

function sticky(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset;
  return pattern.exec(text);
}

export function matchIdentifier(text: string, offset: number): RegExpExecArray | null {
  return sticky(IDENTIFIER, text, offset);
}

/** To its end, or to the end of the script where it has none (tokenize reports that). */
export function matchBlockComment(text: string, offset: number): [string] | null {
  if (!text.startsWith('/*', offset)) return null;
  const close = text.indexOf('*/', offset + 2);
  return [text.slice(offset, close === -1 ? text.length : close + 2)];
}

/** JavaScript's own way to tell it from a division: by the token before. */
export function matchRegexLiteral(text: string, offset: number, before: readonly IToken[]): RegExpExecArray | null {
  const previous = before.at(-1);
  if (previous !== undefined && OPERAND_END_NAMES.has(previous.tokenType.name)) return null;
  return sticky(REGEX_LITERAL, text, offset);
}

/** Chevrotain buckets characters above 255 by 255s; every bucket can begin a name. */
function nameStartHint(): readonly string[] {
  const hint: string[] = [];
  for (let code = 36; code < 0x1_0000; code += code < 256 ? 1 : 200) {
    const char = String.fromCharCode(code);
    if (code > 255 || /[\p{ID_Start}$_]/u.test(char)) hint.push(char);
  }
  return hint;
}

export const NAME_START_HINT = [...nameStartHint()];
