import type { AssertClause, OnErrorClause, WhenClause } from '../../parser/ast.ts';
import { printExpr } from '../../parser/printer.ts';
import { addRowset, nextId, report, rowsetOf, schemaOf, type Environment } from '../environment.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import { constantValue } from '../expressions/constants.ts';
import type { RowsetId, TypedExpr } from '../typed.ts';
import { STRING } from '../types.ts';
import { narrowColumns, scopeOf, typeCondition } from '../typing.ts';
import { checkAction, type ActionPlace } from './actions.ts';
import { letsPass } from './effects.ts';
import { failedRow } from './failed.ts';
import { followRoutes } from './routes.ts';

/** WHEN, ASSERT and a bare action. */
export function checkHandler(env: Environment, clause: WhenClause | AssertClause, input: RowsetId): RowsetId {
  const columns = schemaOf(env, input);
  const fires = clause.kind === 'when-clause';
  const word = fires ? 'WHEN' : 'ASSERT';
  const visible = { columns, where: `in ${word}` };
  const condition = clause.condition === null ? null : typeCondition(env, clause.condition, visible, word);
  if (condition !== null) checkConstant(env, condition, word, fires);
  const message = clause.kind === 'assert-clause' ? clause.message : null;
  // The action sees the rows on which it fires: a condition narrows them.
  const firing = condition === null ? columns : narrowColumns(columns, condition, fires);
  const place: ActionPlace = {
    env,
    input,
    columns: firing,
    qualifiers: new Set(),
    routedColumns: columns,
    onError: false,
  };
  const action = checkAction(place, clause.action);
  const id = addRowset(env, {
    kind: 'handler',
    id: nextId(env),
    label: '',
    schema: condition === null || letsPass(action) ? columns : narrowColumns(columns, condition, !fires),
    hints: [],
    span: clause.span,
    input,
    fires: fires ? 'true' : 'false',
    condition,
    message:
      message === null ? null : typeExpr(message, scopeOf(env, { columns: firing, where: 'in MESSAGE' }), STRING),
    conditionText: clause.condition === null ? '' : printExpr(clause.condition),
    action,
  });
  followRoutes(env, action, id);
  return id;
}

/** A condition that does not depend on the row makes a clause that always or never fires. */
function checkConstant(env: Environment, condition: TypedExpr, clause: string, fires: boolean): void {
  if (condition.type.kind !== 'bool') return;
  const value = constantValue(condition);
  if (typeof value !== 'boolean') return;
  report(env, value === fires ? 'PS4007' : 'PS4006', condition.span, { clause, value });
}

/** ON ERROR, right behind the step it guards. */
export function checkErrorHandler(env: Environment, clause: OnErrorClause, input: RowsetId): RowsetId {
  const guarded = rowsetOf(env, input);
  const { columns, qualifiers, routed } = failedRow(env, input);
  const place: ActionPlace = { env, input, columns, qualifiers, routedColumns: routed, onError: true };
  const action = checkAction(place, clause.action);
  const id = addRowset(env, {
    kind: 'handler',
    id: nextId(env),
    label: '',
    schema: guarded.schema,
    hints: [],
    span: clause.span,
    input,
    fires: 'error',
    condition: null,
    message: null,
    conditionText: '',
    action,
  });
  followRoutes(env, action, id);
  return id;
}
