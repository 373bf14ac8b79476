import { Grammar } from '../../src/parser/grammar/statements.ts';
import { ebnf } from './ebnf.ts';
import { productionsOf } from './productions.ts';
import { railroad } from './railroad.ts';
import { textMate } from './text-mate.ts';

/** The files of grammar/ by their names. */
export function grammarFiles(): ReadonlyMap<string, string> {
  const productions = productionsOf(new Grammar());
  return new Map([
    ['pyscope.ebnf', ebnf(productions)],
    ['railroad.html', railroad(productions)],
    ['pyscope.tmLanguage.json', `${JSON.stringify(textMate(), null, 2)}\n`],
  ]);
}
