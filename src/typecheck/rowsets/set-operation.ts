import type { Name, SetOperation } from '../../parser/ast.ts';
import { addRowset, nextId, report, schemaOf, type Checked, type Environment } from '../environment.ts';
import { commonType, converted } from '../expressions/relations.ts';
import type { Column, Origin, RowsetId, Schema, TypedSetOperation } from '../typed.ts';
import { sameType, typeText, type Type } from '../types.ts';
import { distinctColumns } from './reduce.ts';
import type { CheckRowset } from './references.ts';

/** UNION, EXCEPT, INTERSECT: columns are matched by name, and stand in the left side's order. */
export function checkSetOperation(env: Environment, operation: SetOperation, checkRowset: CheckRowset): Checked {
  const word = operation.operator.toUpperCase();
  const leftId = checkRowset(env, operation.left, word);
  const rightId = checkRowset(env, operation.right, word);
  if (leftId === null || rightId === null) return null;
  const [left, right] = [sideOf(env, leftId, operation.on), sideOf(env, rightId, operation.on)];
  const { shared, differences } = match(left, right);
  // A name of ON that one side lacks was reported by itself.
  const known = operation.on.length === 0 || left.length === right.length;
  if (known && differences.length > 0) report(env, 'PS2021', operation.span, { operator: word, differences });
  const sides = [leftId, rightId].map((side) => widen(env, side, shared, operation));
  const id = nextId(env);
  return addRowset(env, {
    kind: 'set-operation',
    id,
    label: '',
    schema: shared,
    hints: [],
    span: operation.span,
    operator: operatorOf(operation),
    left: sides[0] ?? leftId,
    right: sides[1] ?? rightId,
  });
}

function operatorOf({ operator, quantifier }: SetOperation): TypedSetOperation['operator'] {
  if (operator !== 'union') return operator;
  return quantifier === 'distinct' ? 'union-distinct' : 'union-all';
}

function sideOf(env: Environment, id: RowsetId, on: readonly Name[]): Schema {
  return on.length === 0 ? schemaOf(env, id) : distinctColumns(env, on, schemaOf(env, id), 'this ON');
}

/** The columns both sides have, with their common types and both sides' origins, and what keeps the rest from matching. */
function match(left: Schema, right: Schema): { readonly shared: Schema; readonly differences: readonly string[] } {
  const others = new Map(right.map((column) => [column.name, column]));
  const shared: Column[] = [];
  const differences: string[] = [];
  for (const column of left) {
    const other = others.get(column.name);
    others.delete(column.name);
    const type = other === undefined ? null : commonType(column.type, other.type);
    if (other === undefined) differences.push(`the right side has no ${column.name}`);
    else if (type === null) {
      differences.push(
        `${column.name} is ${typeText(column.type)} on the left and ${typeText(other.type)} on the right`,
      );
    } else shared.push({ ...column, type, origins: mergeOrigins(column.origins, other.origins) });
  }
  for (const name of others.keys()) differences.push(`the left side has no ${name}`);
  return { shared, differences };
}

export function mergeOrigins(a: readonly Origin[], b: readonly Origin[]): readonly Origin[] {
  const more = b.filter(
    ({ rowset, column }) => !a.some((origin) => origin.rowset === rowset && origin.column === column),
  );
  return more.length === 0 ? a : [...a, ...more];
}

/** A side with its columns in the common types: itself where it has them, else a SELECT that converts. */
function widen(env: Environment, side: RowsetId, shared: Schema, { span }: SetOperation): RowsetId {
  const columns = schemaOf(env, side);
  const typeOf = (name: string): Type | undefined => shared.find((column) => column.name === name)?.type;
  const fits = columns.every(({ name, type }) => sameRepresentation(type, typeOf(name) ?? type));
  if (fits) return side;
  const items = columns.map(({ name, type }) => {
    const value = { kind: 'column', qualifier: null, name, type, span } as const;
    return { name, value: converted(value, typeOf(name) ?? type) };
  });
  return addRowset(env, {
    kind: 'select',
    id: nextId(env),
    label: '',
    schema: columns.map((column) => ({ ...column, type: typeOf(column.name) ?? column.type })),
    hints: [],
    span,
    distinct: false,
    top: null,
    items,
    from: { source: { rowset: side, alias: null }, joins: [] },
    where: null,
    grouped: false,
    groupBy: [],
    having: null,
    orderBy: [],
  });
}

/** T and T? hold their values alike, so that only other conversions need a step of their own. */
function sameRepresentation(from: Type, to: Type): boolean {
  return from.kind === 'unknown' || sameType(from, to) || (to.kind === 'nullable' && sameType(from, to.base));
}
