/** What is missing or unused in a script as a whole; found when all its statements were read. */
import { hasEffect } from './clauses/effects.ts';
import { isIncomplete, report, rowsetOf, type Environment, type StatementRecord } from './environment.ts';
import { visit } from './visit.ts';

/**
 * Reports unread rowsets, unused parameters and imports. A script with errors may use them where it cannot be read, or by the name that is
 * wrong, so nothing is said of it until they are mended.
 */
export function checkAbsences(env: Environment): void {
  if (isIncomplete(env) || env.compilation.diagnostics.some(({ severity }) => severity === 'error')) return;
  const used = usedNames(env);
  for (const statement of env.statements) {
    if (!isRead(env, statement)) report(env, 'PS2030', statement.span, { name: statement.name });
  }
  for (const statement of env.script.statements) {
    if (statement.kind !== 'declare' || used.parameters.has(statement.parameter.text)) continue;
    report(env, 'PS2031', statement.parameter.span, { name: statement.parameter.text });
  }
  for (const [name, span] of env.imported) {
    const known = env.operators.has(name) || env.functions.has(name);
    if (known && !used.calls.has(name)) report(env, 'PS5011', span, { name });
  }
}

/** Read by a statement, or made with a clause that acts by itself (S11). */
function isRead(env: Environment, { rowset, from, to }: StatementRecord): boolean {
  if (env.compilation.reads.has(rowset) || env.exported?.rowset === rowset) return true;
  for (let id = from; id < to; id++) if (hasEffect(rowsetOf(env, id))) return true;
  return false;
}

function usedNames({ script }: Environment) {
  const parameters = new Set<string>();
  const calls = new Set<string>();
  visit(script, (node) => {
    if (node.kind === 'parameter') parameters.add(node.name.text);
    if (node.kind === 'call' && node.callee.kind === 'name-expr') calls.add(node.callee.name.text);
    if (node.kind === 'operator-call') calls.add(node.path.map((part) => part.text).join('.'));
  });
  return { parameters, calls };
}

/** A script must write, export or do something. */
export function writesNothing(env: Environment): boolean {
  const statements = env.script.statements;
  const written = statements.some(({ kind }) => kind === 'output' || kind === 'export');
  return !written && !env.compilation.rowsets.some(hasEffect);
}
