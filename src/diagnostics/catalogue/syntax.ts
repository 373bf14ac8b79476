/** PS1xxx: what the lexer and the parser find; one file for each of them, and one for forms of other languages. */
import { foreign } from './syntax-foreign.ts';
import { grammar } from './syntax-grammar.ts';
import { lexical } from './syntax-lexical.ts';

export const syntax = { ...lexical, ...grammar, ...foreign } as const;
