/**
 * SELECT as nodes: FROM, WHERE, groups, windows, the items, then what sees the items: HAVING, DISTINCT, ORDER BY, TOP (S7).
 * HAVING and ORDER BY may read what is no item; such columns ride along behind the items and are taken off at the end.
 */
import type { NamedExpr, Schema, TypedExpr, TypedSelect, TypedSort } from '../../typecheck/typed.ts';
import { contains } from '../../typecheck/visit.ts';
import { exprKey } from '../expressions/key.ts';
import { rewrite, rewriteSorts } from '../expressions/walk.ts';
import type { NodeId } from '../graph.ts';
import { freshName } from '../names.ts';
import { columnFor, type Draft, findColumn, type Lowered } from './draft.ts';
import { lowerFrom } from './from.ts';
import { type Carried, Guard } from './guarded.ts';
import { lowerGroups, lowerWindows, type Replaced } from './groups.ts';

export function lowerSelect(draft: Draft, select: TypedSelect): Lowered {
  const source = draft.resultOf(select.from.source.rowset);
  const guard = new Guard(draft, select);
  const from = lowerFrom(draft, select, guard);
  const kept =
    select.where === null ? from : guard.at(draft.filter(from, 'WHERE', select.where, `${select.label}.where`));
  const grouped = lowerGroups(draft, select, guard, kept);
  const early = hasWindows(grouped);
  const filtered = early ? havingBeforeWindows(draft, select, guard, grouped) : grouped;
  const windowed = lowerWindows(draft, select, guard, filtered);
  const items = new Items(windowed.items, draft.schemaOf(windowed.node));
  const having = windowed.having === null ? null : items.over(windowed.having);
  const orderBy = items.overSorts(windowed.orderBy);
  const later = [...(having === null ? [] : [having]), ...orderBy.map(({ value }) => value)];
  const row = select.grouped ? [] : draft.schemaOf(kept);
  const carried = guard.carry(row, later);
  const core = project(draft, select, windowed.node, items, carried, select.grouped || windowed !== filtered);
  if (core !== source) {
    const schema = [...items.schema(select), ...carried.schema];
    draft.update(core, (node) => ({ ...node, label: select.label, schema }));
  }
  if (core !== windowed.node) guard.at(core);
  guard.passItems(row);
  const extra = items.hidden.length > 0 || carried.items.length > 0;
  const result = afterItems(draft, select, guard, { core, having, orderBy, hidden: items.hidden, extra });
  return { core, result: guard.settle(result) };
}

/** SQL's order: windows run over what HAVING left, and so it cannot read them. */
function havingBeforeWindows(draft: Draft, select: TypedSelect, guard: Guard, grouped: Replaced): Replaced {
  if (grouped.having === null) return grouped;
  const node = guard.at(draft.filter(grouped.node, 'HAVING', grouped.having, `${select.label}.having`));
  return { ...grouped, node, having: null };
}

function hasWindows({ items, orderBy }: Replaced): boolean {
  return [...items, ...orderBy].some(({ value }) => contains(value, (part) => part.kind === 'window'));
}

/** The items, and the columns that HAVING and ORDER BY need beside them. */
class Items {
  readonly named: readonly NamedExpr[];
  readonly hidden: NamedExpr[] = [];
  private readonly columns = new Map<string, string>();
  private readonly names: Set<string>;
  private readonly input: Schema;

  constructor(named: readonly NamedExpr[], input: Schema) {
    this.named = named;
    this.input = input;
    this.names = new Set(named.map((item) => item.name));
    for (const { name, value } of named) {
      const key = exprKey(value);
      if (value.kind !== 'literal' && !this.columns.has(key)) this.columns.set(key, name);
    }
  }

  /** An expression over the input as one over the items: what an item computes is read from the item. */
  over(expr: TypedExpr): TypedExpr {
    return rewrite(expr, (part) => this.columnOf(part));
  }

  overSorts(sorts: readonly TypedSort[]): readonly TypedSort[] {
    return rewriteSorts(sorts, (part) => this.columnOf(part));
  }

  all(): readonly NamedExpr[] {
    return [...this.named, ...this.hidden];
  }

  schema(select: TypedSelect): Schema {
    return [...select.schema, ...this.hidden.map(({ name, value }) => columnFor(name, value, this.input, select.id))];
  }

  /** Whether the items are the input's columns as they are. */
  areTheInput(): boolean {
    const all = this.all();
    return (
      all.length === this.input.length &&
      all.every(({ name, value }, at) => {
        const column = this.input[at];
        return value.kind === 'column' && column !== undefined && isPlain(value, name) && findsItself(column, value);
      })
    );
  }

  private columnOf(expr: TypedExpr): TypedExpr | null {
    const known = this.columns.get(exprKey(expr));
    if (known === undefined && expr.kind !== 'column') return null;
    const name = known ?? this.hide(expr);
    return { kind: 'column', qualifier: null, name, type: expr.type, span: expr.span };
  }

  private hide(value: TypedExpr): string {
    const name = freshName(value.kind === 'column' ? value.name : value.kind, this.names);
    this.hidden.push({ name, value });
    this.columns.set(exprKey(value), name);
    return name;
  }
}

function isPlain(value: { readonly qualifier: string | null; readonly name: string }, name: string): boolean {
  return value.qualifier === null && value.name === name;
}

function findsItself(
  column: Schema[number],
  value: { readonly qualifier: string | null; readonly name: string },
): boolean {
  return findColumn([column], value.qualifier, value.name) !== undefined;
}

function project(
  draft: Draft,
  select: TypedSelect,
  input: NodeId,
  items: Items,
  carried: Carried,
  gathers: boolean,
): NodeId {
  if (carried.items.length === 0 && items.areTheInput()) return input;
  return draft.add({
    kind: 'project',
    label: select.label,
    input,
    items: [...items.all(), ...carried.items],
    ...(gathers ? { gathers } : {}),
    schema: [...items.schema(select), ...carried.schema],
    span: select.span,
  });
}

interface Tail {
  readonly core: NodeId;
  readonly having: TypedExpr | null;
  readonly orderBy: readonly TypedSort[];
  readonly hidden: readonly NamedExpr[];
  /** Whether columns stand beside the items. */
  readonly extra: boolean;
}

/**
 * DISTINCT compares the items alone, so hidden columns go before it; a sort that needs them then runs first, and each
 * distinct row stands where its first copy sorted.
 */
function afterItems(draft: Draft, select: TypedSelect, guard: Guard, tail: Tail): NodeId {
  const { label, span } = select;
  const { core, having, hidden } = tail;
  const filtered = having === null ? core : guard.at(draft.filter(core, 'HAVING', having, `${label}.having`));
  const keys = guard.ahead(
    filtered,
    tail.orderBy.map(({ value }) => value),
  );
  let { node } = keys;
  let bare = !tail.extra && node === filtered;
  const orderBy = tail.orderBy.map((sort) => ({ ...sort, value: keys.read(sort.value) }));
  const strip = (): void => {
    if (!bare) node = takeOff(draft, select, node);
    bare = true;
  };
  const sort = (): void => {
    if (orderBy.length === 0) return;
    const schema = draft.schemaOf(node);
    node = draft.add({ kind: 'sort', label: `${label}.sort`, input: node, by: orderBy, schema, span });
  };
  const names = new Set(hidden.map((item) => item.name));
  const sortsHidden =
    node !== filtered ||
    orderBy.some(({ value }) => contains(value, (part) => part.kind === 'column' && names.has(part.name)));
  if (select.distinct && sortsHidden) sort();
  if (select.distinct) {
    strip();
    const schema = draft.schemaOf(node);
    node = draft.add({ kind: 'distinct', label: `${label}.distinct`, input: node, schema, span });
  }
  if (!(select.distinct && sortsHidden)) sort();
  if (select.top !== null) {
    const schema = draft.schemaOf(node);
    node = draft.add({ kind: 'top', label: `${label}.top`, input: node, count: select.top, by: [], schema, span });
  }
  strip();
  return node;
}

function takeOff(draft: Draft, select: TypedSelect, input: NodeId): NodeId {
  return draft.add({
    kind: 'project',
    label: `${select.label}.items`,
    input,
    items: select.schema.map(({ qualifier, name, type }) => ({
      name,
      value: { kind: 'column', qualifier, name, type, span: select.span },
    })),
    schema: select.schema,
    span: select.span,
  });
}
