import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Name, Reduce } from '../../parser/ast.ts';
import { addRowset, nextId, report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { bindOperator } from '../operators/bind.ts';
import { producedColumns, resolveProduce } from '../operators/produce.ts';
import type { Column, Schema, TypedSort } from '../typed.ts';
import { narrowColumns } from '../typing.ts';
import { checkHaving } from './process.ts';

/** REDUCE: the ON columns, plus what the reducer makes of each group. */
export function checkReduce(env: Environment, reduce: Reduce, input: Checked): Checked {
  if (input === null) return null;
  const columns = schemaOf(env, input);
  const keys = distinctColumns(env, reduce.on, columns, 'this ON');
  const presort = reduce.presort.flatMap((item): TypedSort[] => {
    const column = columnNamed(env, item.column, columns);
    if (column === null) return [];
    const { qualifier, name, type } = column;
    return [{ value: { kind: 'column', qualifier, name, type, span: item.span }, direction: item.direction }];
  });
  const using = bindOperator(env, reduce.using, 'reducer', { columns, where: 'in an operator’s input' });
  const produce = resolveProduce(env, reduce.produce, using);
  if (produce === null) return null;
  const id = nextId(env);
  const places = { produced: reduce.produce, otherwise: reduce.using.span };
  const schema = [...keys, ...producedColumns(env, id, produce, keys, places)];
  const having = checkHaving(env, reduce.having, schema);
  if (using === null)
    return addRowset(env, { kind: 'values', id, label: '', schema, hints: [], span: reduce.span, rows: [] });
  return addRowset(env, {
    kind: 'reduce',
    id,
    label: '',
    schema: having === null ? schema : narrowColumns(schema, having, true),
    hints: [],
    span: reduce.span,
    input,
    on: keys.map(({ name }) => name),
    presort,
    using,
    produce,
    having,
  });
}

/** The column of a name; one that is not there is reported. */
export function columnNamed(env: Environment, name: Name, columns: Schema): Column | null {
  const found = columns.find((column) => column.name === name.text);
  if (found !== undefined) return found;
  const known = columns.map((column) => column.name);
  report(env, 'PS2003', name.span, { name: name.text, suggestion: didYouMean(name.text, known), columns: known });
  return null;
}

/** The columns of a list of names, in its order; a name that repeats is reported. */
export function distinctColumns(env: Environment, names: readonly Name[], columns: Schema, what: string): Schema {
  const found: Column[] = [];
  for (const name of names) {
    const column = columnNamed(env, name, columns);
    if (column === null) continue;
    if (found.includes(column)) report(env, 'PS2017', name.span, { name: name.text, what });
    else found.push(column);
  }
  return found;
}
