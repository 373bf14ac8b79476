import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { OperatorCall } from '../../parser/ast.ts';
import { mayBeDefined, report, type Environment } from '../environment.ts';
import type { OperatorRole, OperatorSignature } from '../signature.ts';

/** The statement that uses each kind of operator. */
const STATEMENTS: Readonly<Record<OperatorRole, string>> = {
  extractor: 'EXTRACT',
  processor: 'PROCESS',
  reducer: 'REDUCE',
  combiner: 'COMBINE',
  outputter: 'OUTPUT',
};

/** Names that U-SQL and SCOPE have for what is called otherwise here, in lower case. */
const HABITS: ReadonlyMap<string, string> = new Map([
  ['extractors.csv', 'CsvReader'],
  ['extractors.tsv', 'TsvReader'],
  ['extractors.text', 'CsvReader'],
  ['outputters.csv', 'CsvWriter'],
  ['outputters.tsv', 'TsvWriter'],
  ['outputters.text', 'CsvWriter'],
  ['defaulttextextractor', 'TsvReader'],
  ['defaulttextoutputter', 'TsvWriter'],
  ['csvextractor', 'CsvReader'],
  ['csvoutputter', 'CsvWriter'],
]);

/** The operator that a call names, when it is of the role its statement needs; else the reason is reported. */
export function resolveOperator(env: Environment, call: OperatorCall, role: OperatorRole): OperatorSignature | null {
  const name = call.path.map((part) => part.text).join('.');
  const span = call.path[0]?.span ?? call.span;
  const place = { ...span, end: call.path.at(-1)?.span.end ?? span.end };
  const found = env.operators.get(name) ?? env.compilation.input.builtins.get(name);
  if (found?.role === role) return found;
  if (found !== undefined || env.functions.has(name)) {
    const facts = { name, role: found?.role ?? 'function', wanted: role, statement: STATEMENTS[role] };
    report(env, 'PS2005', place, facts);
    return null;
  }
  const instead = HABITS.get(name.toLowerCase());
  if (instead !== undefined) report(env, 'PS2051', place, { written: name, instead });
  else if (!env.imported.has(name) && !mayBeDefined(env, name)) {
    report(env, 'PS2004', place, { name, role, suggestion: didYouMean(name, operatorNames(env, role)) });
  }
  return null;
}

function operatorNames(env: Environment, role: OperatorRole): readonly string[] {
  const known = [...env.operators, ...env.compilation.input.builtins];
  return known.filter(([, signature]) => signature.role === role).map(([name]) => name);
}
