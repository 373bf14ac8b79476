import type { Expr, Process } from '../../parser/ast.ts';
import { addRowset, nextId, report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { bindOperator } from '../operators/bind.ts';
import { checkConjecture, producedColumns, resolveProduce } from '../operators/produce.ts';
import type { ColumnSignature } from '../signature.ts';
import type { BoundOperator, Schema, TypedExpr } from '../typed.ts';
import { narrowColumns, typeCondition } from '../typing.ts';
import { visit } from '../visit.ts';

/** PROCESS: the input's columns stay visible, the operator's answer is added. */
export function checkProcess(env: Environment, process: Process, input: Checked): Checked {
  if (input === null) return null;
  const given = schemaOf(env, input);
  const where = checkWhere(env, process, given);
  const columns = where === null ? given : narrowColumns(given, where, true);
  const visible = { columns, where: 'in an operator’s input' };
  const bound = process.using.map((call) => bindOperator(env, call, 'processor', visible));
  const [first] = bound;
  for (const other of bound.slice(1)) if (first && other) checkConjecture(env, first, other, process.produce);
  const produce = resolveProduce(env, process.produce, first ?? null);
  if (produce === null) return null;
  const id = nextId(env);
  const places = { produced: process.produce, otherwise: process.using[0]?.span ?? process.span };
  const schema = [...columns, ...producedColumns(env, id, produce, columns, places)];
  const having = checkHaving(env, process.having, schema);
  return addRowset(env, {
    kind: 'process',
    id,
    label: '',
    schema: having === null ? schema : narrowColumns(schema, having, true),
    hints: [],
    span: process.span,
    input,
    where,
    using: bound.filter((operator): operator is BoundOperator => operator !== null),
    produce,
    having,
  });
}

/** HAVING of PROCESS, REDUCE and COMBINE: a filter of the result. */
export function checkHaving(env: Environment, having: Expr | null, columns: Schema): TypedExpr | null {
  return having === null ? null : typeCondition(env, having, { columns, where: 'in HAVING' }, 'HAVING');
}

/** The WHERE of a PROCESS sees its input only; one that names what is produced was meant as HAVING. */
function checkWhere(env: Environment, process: Process, columns: Schema): TypedExpr | null {
  if (process.where === null) return null;
  const produced = new Set(producedNames(env, process));
  for (const { name } of columns) produced.delete(name);
  let early = false;
  visit(process.where, (node) => {
    if (node.kind !== 'name-expr' || !produced.has(node.name.text)) return;
    report(env, 'PS2015', node.span, { name: node.name.text });
    early = true;
  });
  return early ? null : typeCondition(env, process.where, { columns, where: 'in WHERE' }, 'WHERE');
}

/** The names PROCESS will add, before its operators are bound. */
function producedNames(env: Environment, { produce, using }: Process): readonly string[] {
  if (produce !== null) return produce.map((item) => (item.alias ?? item.name).text);
  const name = using[0]?.path.map((part) => part.text).join('.') ?? '';
  const outputs = (env.operators.get(name) ?? env.compilation.input.builtins.get(name))?.outputs;
  return Array.isArray(outputs) ? outputs.map((output: ColumnSignature) => output.name) : [];
}
