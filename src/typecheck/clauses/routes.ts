import type { RouteAction } from '../../parser/ast.ts';
import { addRowset, nextId, replaceRowset, report, rowsetOf, type Environment } from '../environment.ts';
import { assignable } from '../expressions/relations.ts';
import { mergeOrigins } from '../rowsets/set-operation.ts';
import type { RowsetId, Schema, TypedAction } from '../typed.ts';
import { STRING, typeText } from '../types.ts';
import { ladder } from './effects.ts';

/** ROUTE TO name: the rowset of that name, which the first route to it defines; null where it cannot be one. */
export function checkRoute(env: Environment, { target }: RouteAction, columns: Schema): RowsetId | null {
  const name = target.text;
  if (columns.some((column) => column.name === 'reason')) {
    report(env, 'PS2047', target.span, { name: 'reason', target: name });
    if (!env.names.has(name)) env.names.set(name, { rowset: null, span: target.span, routed: true });
    return null;
  }
  const defined = env.names.get(name);
  if (defined === undefined) return defineRoute(env, target, columns);
  if (!defined.routed || defined.rowset === null) {
    const related = [{ message: `${name} is assigned here`, span: defined.span }];
    if (!defined.routed) report(env, 'PS2046', target.span, { name }, related);
    return null;
  }
  return joinRoute(env, target, defined.rowset, columns);
}

function defineRoute(env: Environment, target: RouteAction['target'], columns: Schema): RowsetId {
  const id = nextId(env);
  const reason = { qualifier: null, name: 'reason', type: STRING, origins: [{ rowset: id, column: 'reason' }] };
  const passed = columns.map((column) => {
    const origins = column.origins.length > 0 ? column.origins : [{ rowset: id, column: column.name }];
    return { ...column, qualifier: null, origins };
  });
  const schema = [...passed, reason];
  const { text: name, span } = target;
  addRowset(env, { kind: 'routed', id, label: `${env.labelPrefix}${name}`, schema, hints: [], span, name, from: [] });
  env.names.set(name, { rowset: id, span, routed: true });
  return id;
}

/** A further route to a name must bring the columns of the first; their origins are all of them. */
function joinRoute(env: Environment, target: RouteAction['target'], id: RowsetId, columns: Schema): RowsetId {
  const routed = rowsetOf(env, id);
  const differences: string[] = [];
  const wanted = routed.schema.filter(({ name }) => name !== 'reason');
  for (const { name, type } of wanted) {
    const column = columns.find((other) => other.name === name);
    if (column === undefined) differences.push(`there is no ${name}`);
    else if (!assignable(column.type, type))
      differences.push(`${name} is ${typeText(column.type)}, not ${typeText(type)}`);
  }
  for (const { name } of columns) if (!wanted.some((other) => other.name === name)) differences.push(`${name} is new`);
  if (differences.length > 0) {
    const related = [{ message: 'the first ROUTE to it', span: routed.span }];
    report(env, 'PS2045', target.span, { name: target.text, differences }, related);
  }
  const schema = routed.schema.map((column) => {
    const other = columns.find(({ name }) => name === column.name);
    return other === undefined ? column : { ...column, origins: mergeOrigins(column.origins, other.origins) };
  });
  replaceRowset(env, { ...routed, schema });
  return id;
}

/** Notes a handler at every rowset its actions route to. */
export function followRoutes(env: Environment, action: TypedAction, handler: RowsetId): void {
  for (const step of ladder(action)) {
    if (step.kind !== 'route') continue;
    const routed = rowsetOf(env, step.rowset);
    if (routed.kind !== 'routed' || routed.from.includes(handler)) continue;
    replaceRowset(env, { ...routed, from: [...routed.from, handler] });
  }
}
