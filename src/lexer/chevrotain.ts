/**
 * Chevrotain, from the single file it ships beside its modules: those, and the lodash functions they import one by one, are some 500 files that take
 * half a second to load, the single file takes a tenth of that. Everything that works on tokens or grammars has to come from the same copy, so no
 * other file imports values from 'chevrotain'; its types may be imported anywhere.
 */
import { existsSync } from 'node:fs';
import type * as Chevrotain from 'chevrotain';

/** Where the single file is, in the versions that have one. */
const single = new URL('../chevrotain.mjs', import.meta.resolve('chevrotain'));

const library: typeof Chevrotain = existsSync(single) ? await import(single.href) : await import('chevrotain');

export const {
  createToken,
  createTokenInstance,
  EmbeddedActionsParser,
  EOF,
  Lexer,
  LLkLookaheadStrategy,
  NoViableAltException,
} = library;
