import type { Combine } from '../../parser/ast.ts';
import { addRowset, nextId, report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { bindOperator } from '../operators/bind.ts';
import { producedColumns, resolveProduce } from '../operators/produce.ts';
import { commonType } from '../expressions/index.ts';
import type { Column, Schema } from '../typed.ts';
import { nullable } from '../types.ts';
import { narrowColumns, typeCondition } from '../typing.ts';
import { columnsIn } from '../visit.ts';
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
  for (const { name, value } of using?.inputs ?? []) {
    const sides = new Set(columnsIn(value).map(({ qualifier }) => qualifier));
    if (sides.size > 1) report(env, 'PS2065', value.span, { input: name });
  }
  const produce = resolveProduce(env, combine.produce, using);
  if (produce === null) return null;
  const id = nextId(env);
  env.compilation.sourceNames.set(id, named);
  if (combine.type === 'full' && keys.on !== null) report(env, 'PS2064', keys.on.span, {});
  const both = mergeSides(env, combine, left.columns, right.columns, keys);
  const places = { produced: combine.produce, otherwise: combine.using.span };
  const schema = [...both, ...producedColumns(env, id, produce, both, places)];
  const having = checkHaving(env, combine.having, schema);
  if (using === null)
    return addRowset(env, { kind: 'values', id, label: '', schema, hints: [], span: combine.span, rows: [] });
  return addRowset(env, {
    kind: 'combine',
    type: combine.type,
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

/** Both sides' columns; a key of one name on both sides is one column, any other shared name is reported. Those of a side that may be missing are nullable. */
function mergeSides(env: Environment, combine: Combine, left: Schema, right: Schema, { keys }: JoinCondition): Schema {
  const isKey = ({ name }: Column): boolean =>
    keys.some((pair) => isColumn(pair.left, name) && isColumn(pair.right, name));
  const partnerOf = ({ name }: Column): Column | undefined => right.find((other) => other.name === name);
  const clashes = left.filter((column) => partnerOf(column) !== undefined && !isKey(column));
  if (clashes.length > 0) report(env, 'PS2061', combine.right.span, { names: clashes.map(({ name }) => name) });
  const [ofLeft, ofRight] = [optional(combine, left, 'right'), optional(combine, right, 'left')];
  const merged = left.map((column, at): Column => {
    const partner = partnerOf(column);
    const one = partner !== undefined && isKey(column) ? sharedKey(combine.type, column, partner) : ofLeft[at];
    return { ...(one ?? column), qualifier: null };
  });
  const others = ofRight.filter(({ name }) => !left.some((column) => column.name === name));
  return [...merged, ...others.map((column) => ({ ...column, qualifier: null }))];
}

/** A key that both sides have is that of the side that is there. */
function sharedKey(type: Combine['type'], left: Column, right: Column): Column {
  switch (type) {
    case 'inner':
    case 'left':
      return left;
    case 'right':
      return right;
    case 'full':
      return {
        ...left,
        type: commonType(left.type, right.type) ?? left.type,
        origins: [...left.origins, ...right.origins],
      };
  }
}

/** The columns, nullable where groups of the `kept` side may stand without this one. */
function optional({ type }: Combine, columns: Schema, kept: 'left' | 'right'): Schema {
  if (type !== kept && type !== 'full') return columns;
  return columns.map((column) => ({ ...column, type: nullable(column.type) }));
}

/** A key of an int on one side and a long on the other is of one name all the same. */
function isColumn(value: JoinCondition['keys'][number]['left'], name: string): boolean {
  const column = value.kind === 'convert' ? value.value : value;
  return column.kind === 'column' && column.name === name;
}
