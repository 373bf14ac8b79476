/** GROUP BY and windows: each becomes a node that computes columns, and the expressions above it read those columns. */
import type {
  NamedExpr,
  Schema,
  TypedAggregate,
  TypedExpr,
  TypedSelect,
  TypedSort,
  TypedWindow,
} from '../../typecheck/typed.ts';
import { operandsOf } from '../../typecheck/visit.ts';
import { exprKey } from '../expressions/key.ts';
import { rewrite, rewriteSorts } from '../expressions/walk.ts';
import type { NodeId } from '../graph.ts';
import { freshName } from '../names.ts';
import { columnFor, type Draft } from './draft.ts';
import type { Ahead, Guard } from './guarded.ts';

/** A node, and the statement's expressions over that node's columns. */
export interface Replaced {
  readonly node: NodeId;
  readonly items: readonly NamedExpr[];
  readonly having: TypedExpr | null;
  readonly orderBy: readonly TypedSort[];
}

export function lowerGroups(draft: Draft, select: TypedSelect, guard: Guard, input: NodeId): Replaced {
  const { items, having, orderBy, span, label } = select;
  const plain: Replaced = { node: input, items, having, orderBy };
  if (!select.grouped) return plain;
  const names = namesOf(items);
  const keys = new Computed<TypedExpr>(names);
  const aggregates = new Computed<TypedAggregate>(names);
  for (const key of select.groupBy) keys.column(key);
  const replace = (expr: TypedExpr): TypedExpr | null =>
    keys.find(expr) ?? (expr.kind === 'aggregate' ? aggregates.column(expr) : null);
  const replaced = replaceIn(plain, replace);
  const from = draft.schemaOf(input);
  const args = aggregates.list.flatMap(({ value }) => value.arg ?? []);
  const ahead = guard.ahead(input, [...keys.list.map(({ value }) => value), ...args]);
  const schema: Schema = [...keys.list, ...aggregates.list].map(({ name, value }) =>
    columnFor(name, value, from, select.id),
  );
  const node = draft.add({
    kind: 'aggregate',
    label: `${label}.group`,
    input: ahead.node,
    keys: keys.list.map(({ name, value }) => ({ name, value: ahead.read(value) })),
    aggregates: aggregates.list.map(({ name, value }) => {
      return { name, value: { ...value, arg: value.arg === null ? null : ahead.read(value.arg) } };
    }),
    schema,
    span,
  });
  return { ...replaced, node };
}

export function lowerWindows(draft: Draft, select: TypedSelect, guard: Guard, before: Replaced): Replaced {
  const input = draft.schemaOf(before.node);
  const taken = new Set(input.map(({ name }) => name));
  const windows = new Computed<TypedWindow>({ ...namesOf(before.items), taken });
  const replaced = replaceIn(before, (expr) => (expr.kind === 'window' ? windows.column(expr) : null));
  if (windows.list.length === 0) return before;
  const parts = windows.list.flatMap(({ value }) => operandsOf(value));
  const ahead = guard.ahead(before.node, parts);
  const node = draft.add({
    kind: 'window',
    label: `${select.label}.window`,
    input: ahead.node,
    windows: windows.list.map(({ name, value }) => ({ name, value: readAhead(value, ahead) })),
    schema: [
      ...draft.schemaOf(ahead.node),
      ...windows.list.map(({ name, value }) => columnFor(name, value, input, select.id)),
    ],
    span: select.span,
  });
  return { ...replaced, node };
}

function readAhead(window: TypedWindow, { read }: Ahead): TypedWindow {
  const { args, partitionBy, orderBy } = window;
  return {
    ...window,
    args: args.map(read),
    partitionBy: partitionBy.map(read),
    orderBy: orderBy.map((sort) => ({ ...sort, value: read(sort.value) })),
  };
}

function replaceIn(statement: Replaced, replace: (expr: TypedExpr) => TypedExpr | null): Replaced {
  const { items, having, orderBy } = statement;
  return {
    ...statement,
    items: items.map((item) => ({ ...item, value: rewrite(item.value, replace) })),
    having: having === null ? null : rewrite(having, replace),
    orderBy: rewriteSorts(orderBy, replace),
  };
}

/** Column names of a step: an item's name for what the item is, else one made up. */
interface Names {
  readonly wished: ReadonlyMap<string, string>;
  readonly taken: Set<string>;
}

function namesOf(items: readonly NamedExpr[]): Names {
  return { wished: new Map(items.map((item) => [exprKey(item.value), item.name])), taken: new Set() };
}

/** Columns a step computes, one for equal expressions. */
class Computed<E extends TypedExpr> {
  readonly list: { readonly name: string; readonly value: E }[] = [];
  private readonly byKey = new Map<string, TypedExpr>();
  private readonly names: Names;

  constructor(names: Names) {
    this.names = names;
  }

  find(expr: TypedExpr): TypedExpr | null {
    return this.byKey.get(exprKey(expr)) ?? null;
  }

  column(expr: E): TypedExpr {
    const known = this.find(expr);
    if (known !== null) return known;
    const key = exprKey(expr);
    const name = freshName(this.names.wished.get(key) ?? madeUpName(expr), this.names.taken);
    const { type, span } = expr;
    const column: TypedExpr = { kind: 'column', qualifier: null, name, type, span };
    this.list.push({ name, value: expr });
    this.byKey.set(key, column);
    return column;
  }
}

function madeUpName(expr: TypedExpr): string {
  switch (expr.kind) {
    case 'column':
      return expr.name;
    case 'aggregate':
    case 'window':
      return expr.fn.toLowerCase();
    default:
      return 'key';
  }
}
