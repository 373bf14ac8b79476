/** PS10xx: what the lexer finds. */
import { entry } from './entry.ts';

export interface Found {
  readonly found: string;
}
type Nothing = Readonly<Record<string, never>>;

const MEANT_BY_OPERATOR: ReadonlyMap<string, string> = new Map([
  ['**', 'write Math.pow(a, b)'],
  ['~', 'write regex("…").test(x) for a pattern, x LIKE "…%" for a simple one'],
  ['&', 'write && between two conditions'],
  ['|', 'write || between two conditions'],
  ['++', 'there is nothing to count up: write x + 1'],
  ['=>', 'functions are written in a module and imported: IMPORT { f } FROM "./functions.ts"'],
]);

export const lexical = {
  PS1001: entry<Found>({
    title: 'a character that starts no token',
    severity: 'error',
    message: ({ found }) => `${JSON.stringify(found)} does not belong in a script`,
    help: () => 'remove it, or put it into a string or between the backticks of a name',
    why: 'Outside strings and comments a script is made of names, numbers, keywords and punctuation.',
    example: 'cheap = items WHERE price < 5€;\n',
    cure: 'cheap = items WHERE price < 5;\n',
  }),
  PS1002: entry<{ readonly quote: string }>({
    title: 'a string without its closing quote',
    severity: 'error',
    message: ({ quote }) => `this string has no closing ${quote} on its line`,
    help: ({ quote }) => `add ${quote} where the text ends; a line break inside a string is written \\n`,
    why: 'A string ends on the line it begins on, so that a forgotten quote cannot swallow the rest of the script.',
    example: 'lines = EXTRACT line: string FROM "a.txt;\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt";\n',
  }),
  PS1003: entry<Nothing>({
    title: 'a comment without its end',
    severity: 'error',
    message: () => 'this comment is never closed',
    help: () => 'add */ where the comment ends',
    why: 'A comment that begins with /* goes on to the next */; without one the rest of the script is a comment.',
    example: 'EXPORT lines; /* the rest\n',
    cure: 'EXPORT lines; /* the rest */\n',
  }),
  PS1004: entry<Nothing>({
    title: 'a quoted name without its closing backtick',
    severity: 'error',
    message: () => 'this name has no closing backtick on its line',
    help: () => 'add ` where the name ends',
    why: 'A name between backticks may hold any characters but a line break.',
    example: 'cheap = items WHERE `unit price < 5;\n',
    cure: 'cheap = items WHERE `unit price` < 5;\n',
  }),
  PS1005: entry<Found>({
    title: 'an unknown escape in a string',
    severity: 'error',
    message: ({ found }) => `${found} is no escape of a string`,
    help: ({ found }) => `write \\${found} for a backslash and what follows it`,
    why: 'The escapes are those of JavaScript. Patterns for regex() need each backslash twice.',
    example: 'numbers = lines WHERE regex("^\\d+$").test(line);\n',
    cure: 'numbers = lines WHERE regex("^\\\\d+$").test(line);\n',
  }),
  PS1006: entry<Found>({
    title: 'a malformed number',
    severity: 'error',
    message: ({ found }) => `${found} is not a number`,
    help: ({ found }) => (/^0\d/.test(found) ? 'leave out the leading zeros, or write 0o for an octal number' : null),
    why: 'Numbers are written as in JavaScript: 12, 1_000, 0.5, 1e-3, 0xff, 0o17, 0b101. A name does not begin with a digit.',
    example: 'sizes = items WHERE width < 3px;\n',
    cure: 'sizes = items WHERE width < 3;\n',
  }),
  PS1007: entry<Found>({
    title: 'a number that cannot be held exactly',
    severity: 'error',
    message: ({ found }) => `${found} is beyond what a number can hold exactly`,
    help: () =>
      'integers reach ±9007199254740991; write a point or an exponent for a float, or keep long ids as strings',
    why: 'A value that does not fit is an error; it is never rounded in silence.',
    example: 'mine = orders WHERE id == 9007199254740993;\n',
    cure: 'mine = orders WHERE id == "9007199254740993";\n',
  }),
  PS1008: entry<Found>({
    title: 'a comment of another language',
    severity: 'error',
    message: ({ found }) => `${found} starts no comment here`,
    help: () => 'write // for a comment to the end of the line',
    why: 'Comments are those of TypeScript: // to the end of the line, /* up to */.',
    example: 'EXPORT lines; -- the result\n',
    cure: 'EXPORT lines; // the result\n',
  }),
  PS1009: entry<Nothing>({
    title: 'an @ without a name',
    severity: 'error',
    message: () => '@ stands before the name of a parameter, and there is none here',
    help: () => 'write the name right behind it, as in @reviews',
    why: 'A parameter is written @name wherever it is used, so that it cannot be taken for a column.',
    example: 'DECLARE @ : string = "reviews.txt";\n',
    cure: 'DECLARE @reviews : string = "reviews.txt";\n',
  }),
  PS1010: entry<Found>({
    title: 'a regular expression literal',
    severity: 'error',
    message: () => 'there are no regular expression literals',
    help: ({ found }) => `write ${regexCall(found)}`,
    why: 'A script has no literals that hold a little language of their own; regex(pattern, flags) stands for one.',
    example: 'numbers = lines WHERE /^[0-9]+$/.test(line);\n',
    cure: 'numbers = lines WHERE regex("^[0-9]+$").test(line);\n',
  }),
  PS1011: entry<{ readonly found: string; readonly meant: string }>({
    title: 'a comparison spelt as elsewhere',
    severity: 'error',
    message: ({ found, meant }) => `${found} is written ${meant} here`,
    help: ({ meant }) => `write ${meant}; it never converts its operands`,
    why: '== and != compare without converting, so there is no need for a second pair of operators.',
    example: 'english = lines WHERE language === "en";\n',
    cure: 'english = lines WHERE language == "en";\n',
  }),
  PS1012: entry<Found>({
    title: 'an operator of another language',
    severity: 'error',
    message: ({ found }) => `there is no operator ${found}`,
    help: ({ found }) => MEANT_BY_OPERATOR.get(found) ?? null,
    why: 'The operators are those of TypeScript that make sense on values of a row; there are none on bits.',
    example: 'squares = SELECT x ** 2 AS square FROM numbers;\n',
    cure: 'squares = SELECT Math.pow(x, 2) AS square FROM numbers;\n',
  }),
  PS1013: entry<Nothing>({
    title: 'an empty name',
    severity: 'error',
    message: () => 'there is no name between these backticks',
    help: () => 'write the name of the column or rowset between them',
    why: 'Every column and rowset has a name of at least one character.',
    example: 'cheap = items WHERE `` < 5;\n',
    cure: 'cheap = items WHERE price < 5;\n',
  }),
} as const;

/** `/a+/gi` as the call that stands for it. */
export function regexCall(literal: string): string {
  const close = literal.lastIndexOf('/');
  const flags = literal.slice(close + 1);
  const pattern = JSON.stringify(literal.slice(1, close).replaceAll('\\/', '/'));
  return flags === '' ? `regex(${pattern})` : `regex(${pattern}, ${JSON.stringify(flags)})`;
}
