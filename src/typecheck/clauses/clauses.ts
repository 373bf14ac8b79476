import type { Clause, Claused, OnErrorClause, WhereClause } from '../../parser/ast.ts';
import { addRowset, nextId, report, rowsetOf, schemaOf, type Checked, type Environment } from '../environment.ts';
import type { RowsetId, TypedRowset } from '../typed.ts';
import { narrowColumns, typeCondition } from '../typing.ts';
import { checkErrorHandler, checkHandler } from './handler.ts';
import { applyHints } from './hints.ts';

/**
 * The clauses of a rowset, each a step on the one before; rowsets from `firstOwn` on were made by this statement. ON ERROR stands right behind the operator it guards, wherever it is written
 * among the clauses, since it is the operator that fails.
 */
export function checkClauses(env: Environment, claused: Claused, firstOwn: RowsetId, primary: Checked): Checked {
  if (primary === null) return null;
  const own = primary >= firstOwn ? primary : null;
  let current = guard(env, claused, primary, own);
  for (const clause of claused.clauses)
    current = checkClause(env, clause, current, current === primary ? own : current);
  return current;
}

function guard(env: Environment, { clauses }: Claused, primary: RowsetId, own: RowsetId | null): RowsetId {
  const [first, ...others] = clauses.filter((clause): clause is OnErrorClause => clause.kind === 'on-error-clause');
  if (first === undefined) return primary;
  for (const other of others) {
    const related = [{ message: 'the first ON ERROR', span: first.span }];
    report(env, 'PS4013', other.span, {}, related);
  }
  if (own !== null && GUARDED.has(rowsetOf(env, own).kind)) return checkErrorHandler(env, first, primary);
  report(env, 'PS4012', first.span, {});
  return primary;
}

/** Steps that call an operator or compute. */
const GUARDED: ReadonlySet<TypedRowset['kind']> = new Set(['extract', 'select', 'process', 'reduce', 'combine']);

/** `hinted`: the step a HINT means, null where the rowset is only named here. */
function checkClause(env: Environment, clause: Clause, input: RowsetId, hinted: RowsetId | null): RowsetId {
  switch (clause.kind) {
    case 'where-clause':
      return checkWhere(env, clause, input);
    case 'when-clause':
    case 'assert-clause':
      return checkHandler(env, clause, input);
    case 'on-error-clause':
      return input;
    case 'hint-clause':
      applyHints(env, clause, hinted);
      return input;
  }
}

function checkWhere(env: Environment, clause: WhereClause, input: RowsetId): RowsetId {
  const columns = schemaOf(env, input);
  const condition = typeCondition(env, clause.condition, { columns, where: 'in WHERE' }, 'WHERE');
  return addRowset(env, {
    kind: 'filter',
    id: nextId(env),
    label: '',
    schema: narrowColumns(columns, condition, true),
    hints: [],
    span: clause.span,
    input,
    condition,
  });
}
