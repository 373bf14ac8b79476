import type { Combine } from '../../parser/ast.ts';
import { addRowset, nextId, report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { bindOperator } from '../operators/bind.ts';
import { producedColumns, resolveProduce } from '../operators/produce.ts';
import type { Column, Schema } from '../typed.ts';
import { narrowColumns, typeCondition } from '../typing.ts';
import { qualify, sourceName } from './from.ts';
import { splitKeys, type JoinCondition } from './join-keys.ts';
import { checkHaving } from './process.ts';
import type { CheckRowset } from './references.ts';

/** COMBINE: groups of both sides with equal keys; both sides' columns stay visible, the combiner's answer is added. */
export function checkCombine(env: Environment, combine: Combine, checkRowset: CheckRowset): Checked {
  const written = [combine.left, combine.right];
  const inputs = written.map((source) => checkRowset(env, source.input, 'COMBINE'));
  const named = inputs.flatMap((rowset, index) => {
    const source = written[index];
    return rowset === null || source === undefined
      ? []
      : [{ rowset, name: sourceName(source), columns: schemaOf(env, rowset) }];
  });
  const [left, right] = qualify(env, written, named);
  if (left === undefined || right === undefined) return null;
  const columns = [...left.columns, ...right.columns];
  const qualifiers = new Set([left.alias, right.alias].filter((alias) => !alias.startsWith('#')));
  const condition = typeCondition(env, combine.on, { columns, qualifiers, where: 'in ON' }, 'ON');
  const keys = splitKeys(condition, left.columns, right.columns);
  if (keys.keys.length === 0 && condition.type.kind !== 'unknown') report(env, 'PS2048', combine.on.span, {});
  const visible = { columns, qualifiers, where: 'in an operator’s input' };
  const using = bindOperator(env, combine.using, 'combiner', visible);
  const produce = resolveProduce(env, combine.produce, using);
  if (produce === null) return null;
  const id = nextId(env);
  env.compilation.sourceNames.set(id, named);
  const both = mergeSides(env, combine, left.columns, right.columns, keys);
  const places = { produced: combine.produce, otherwise: combine.using.span };
  const schema = [...both, ...producedColumns(env, id, produce, both, places)];
  const having = checkHaving(env, combine.having, schema);
  if (using === null)
    return addRowset(env, { kind: 'values', id, label: '', schema, hints: [], span: combine.span, rows: [] });
  return addRowset(env, {
    kind: 'combine',
    id,
    label: '',
    schema: having === null ? schema : narrowColumns(schema, having, true),
    hints: [],
    span: combine.span,
    left: { rowset: left.rowset, alias: left.alias },
    right: { rowset: right.rowset, alias: right.alias },
    ...keys,
    using,
    produce,
    having,
  });
}

/** Both sides' columns; a key of one name on both sides is one column, any other shared name is reported. */
function mergeSides(env: Environment, combine: Combine, left: Schema, right: Schema, { keys }: JoinCondition): Schema {
  const merged: Column[] = left.map((column) => ({ ...column, qualifier: null }));
  const clashes: string[] = [];
  for (const column of right) {
    const { name } = column;
    const key = keys.some((pair) => isColumn(pair.left, name) && isColumn(pair.right, name));
    if (!left.some((other) => other.name === name)) merged.push({ ...column, qualifier: null });
    else if (!key) clashes.push(name);
  }
  if (clashes.length > 0) report(env, 'PS2061', combine.right.span, { names: clashes });
  return merged;
}

function isColumn(value: JoinCondition['keys'][number]['left'], name: string): boolean {
  return value.kind === 'column' && value.name === name;
}
