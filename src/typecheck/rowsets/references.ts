import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Name, Rowset } from '../../parser/ast.ts';
import { isIncomplete, mayBeDefined, read, report, type Checked, type Environment } from '../environment.ts';

/** Checks a rowset in an operand's place; handed down so that the files of `rowsets/` do not import one another in circles. */
export type CheckRowset = (env: Environment, rowset: Rowset, clause: string) => Checked;

/** How many diagnostics a script may have before unknown rowsets get no suggestion any more. */
const SUGGESTED = 100;

/** The rowset that a name means here. */
export function namedRowset(env: Environment, name: Name): Checked {
  const found = env.names.get(name.text);
  if (found !== undefined) return read(env, found.rowset);
  const definition = env.definitions.get(name.text);
  if (definition !== undefined) {
    const related = [{ message: `${name.text} is defined here`, span: definition }];
    report(env, 'PS2002', name.span, { name: name.text }, related);
  } else if (!mayBeDefined(env, name.text)) {
    // Nobody reads the hundredth suggestion, and each compares with every name.
    const told = env.compilation.diagnostics.length >= SUGGESTED;
    const suggestion = told ? null : didYouMean(name.text, env.names.keys());
    report(env, 'PS2001', name.span, { name: name.text, suggestion });
  }
  return null;
}

/** SCOPE's rule: a clause that names no input takes the rowset of the statement before it. */
export function lastRowset(env: Environment, span: Span, clause: string): Checked {
  if (env.last !== undefined) return read(env, env.last);
  if (!isIncomplete(env)) report(env, 'PS2006', span, { clause });
  return null;
}
