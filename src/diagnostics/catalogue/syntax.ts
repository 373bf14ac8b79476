import { entry } from './entry.ts';

/** PS1xxx: what the lexer and the parser find. */
export const syntax = {
  PS1001: entry<{ readonly found: string }>({
    title: 'a character that starts no token',
    severity: 'error',
    message: ({ found }) => `${found} does not belong in a script`,
    why: 'Outside strings and comments a script is made of names, numbers, keywords and punctuation.',
    example: 'lines = EXTRACT line: string FROM "a.txt" # comment\n',
    cure: 'lines = EXTRACT line: string FROM "a.txt"; // comment\nOUTPUT lines TO "b.txt";\n',
  }),
} as const;
