/** PS1xxx: what the lexer and the parser find; one file for each of them. */
import { lexical } from './syntax-lexical.ts';
import { grammar } from './syntax-grammar.ts';

export const syntax = { ...lexical, ...grammar } as const;
