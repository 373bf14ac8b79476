import type { Name, Statement } from '../../parser/ast.ts';
import { nextId, replaceRowset, report, rowsetOf, type Checked, type Environment } from '../environment.ts';
import { namedRowset } from '../rowsets/references.ts';
import { checkRowset } from '../rowsets/rowset.ts';
import type { RowsetId } from '../typed.ts';
import { checkDeclare } from './declare.ts';
import { checkImportModule } from './import-module.ts';
import { checkImportView } from './import-view.ts';
import { checkOutput } from './output.ts';
import { checkSet } from './set.ts';

/** Checks one statement, and adds what it makes to the compilation and to what later statements see. */
export function checkStatement(env: Environment, statement: Statement): void {
  const from = nextId(env);
  switch (statement.kind) {
    case 'import-module':
      return checkImportModule(env, statement);
    case 'declare':
      return checkDeclare(env, statement);
    case 'set':
      return checkSet(env, statement);
    case 'export':
      return checkExport(env, statement.name);
    case 'output': {
      checkOutput(env, statement);
      const to = env.compilation.outputs.at(-1);
      return nameParts(env, from, null, to?.pathText ?? 'output');
    }
    case 'import-view': {
      const rowset = checkImportView(env, statement, checkStatement);
      return assign(env, statement.target, rowset, from);
    }
    case 'assignment': {
      const rowset = checkRowset(env, statement.rowset, 'this statement');
      nameParts(env, from, rowset, statement.target.text);
      return assign(env, statement.target, rowset, from);
    }
    case 'rowset-statement': {
      const rowset = checkRowset(env, statement.rowset, 'this statement');
      nameParts(env, from, rowset, 'rowset');
      if (rowset !== null) remember(env, null, rowset, from, statement.span);
      env.last = rowset;
      return;
    }
  }
}

function assign(env: Environment, target: Name, rowset: Checked, from: RowsetId): void {
  if (rowset !== null) remember(env, target.text, rowset, from, target.span);
  env.names.set(target.text, { rowset, span: target.span, routed: false });
  env.last = rowset;
}

function remember(env: Environment, name: string | null, rowset: RowsetId, from: RowsetId, span: Name['span']): void {
  env.statements.push({ name, rowset, from, to: nextId(env), span });
}

function checkExport(env: Environment, name: Name): void {
  const rowset = namedRowset(env, name);
  if (env.exported !== null) {
    report(env, 'PS5010', name.span, {}, [{ message: 'the first EXPORT', span: env.exported.span }]);
  } else env.exported = { rowset, span: name.span };
}

/** Labels the rowsets a statement made: the last has the statement's name, its parts that name and what they do. */
function nameParts(env: Environment, from: RowsetId, final: Checked, name: string): void {
  for (let id = from; id < nextId(env); id++) {
    const rowset = rowsetOf(env, id);
    if (rowset.label !== '') continue;
    const own = `${env.labelPrefix}${name}`;
    replaceRowset(env, { ...rowset, label: uniqueLabel(env, id === final ? own : `${own}/${rowset.kind}`) });
  }
}

function uniqueLabel(env: Environment, label: string): string {
  const { labels } = env.compilation;
  const count = (labels.get(label) ?? 0) + 1;
  labels.set(label, count);
  return count === 1 ? label : `${label}#${count}`;
}
