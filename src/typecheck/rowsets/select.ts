import type { Expr, Select, SortItem } from '../../parser/ast.ts';
import { addRowset, nextId, report, type Checked, type Environment } from '../environment.ts';
import { constantValue } from '../expressions/constants.ts';
import { columnKey, narrowedBy } from '../expressions/narrowing.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import type { Column, NamedExpr, Origin, RowsetId, TypedExpr, TypedSort } from '../typed.ts';
import { nonNull } from '../types.ts';
import { constantCount, scopeOf, typeCondition } from '../typing.ts';
import { contains, operandsOf, sameExpr } from '../visit.ts';
import { checkFrom } from './from.ts';
import { checkGrouping } from './grouping.ts';
import { expandItems } from './items.ts';
import type { CheckRowset } from './references.ts';

/** SELECT in full; its parts are evaluated in the order FROM, WHERE, GROUP BY, items, HAVING, DISTINCT, ORDER BY, TOP. */
export function checkSelect(env: Environment, select: Select, checkRowset: CheckRowset): Checked {
  const sources = checkFrom(env, select, checkRowset);
  if (sources === null) return null;
  const id = nextId(env);
  const { from, columns, qualifiers } = sources;
  const seen = { columns, qualifiers };
  const aggregates = select.groupBy.length > 0 ? ('grouped' as const) : ('whole' as const);
  const where =
    select.where === null ? null : typeCondition(env, select.where, { ...seen, where: 'in WHERE' }, 'WHERE');
  const narrowed = where === null ? new Set<string>() : new Set(narrowedBy(where, true));
  const items = expandItems(env, select.items, sources, {
    ...seen,
    narrowed,
    aggregates,
    windows: true,
    where: 'here',
  });
  const named = new Map(items.map(({ name, value }) => [name, value]));
  const grouping = { ...seen, narrowed, aliases: named, where: 'in GROUP BY' };
  const groupBy = select.groupBy.map((expr) => groupKey(env, expr, grouping, columns));
  const after = { ...seen, narrowed, aliases: named, aliasesWin: true, aggregates };
  const having =
    select.having === null ? null : typeCondition(env, select.having, { ...after, where: 'in HAVING' }, 'HAVING');
  const orderBy = checkOrderBy(env, select.orderBy, { ...after, windows: true, where: 'in ORDER BY' });
  const grouped = checkGrouping(env, groupBy, items, having, orderBy);
  if (select.distinct) checkDistinctOrder(env, items, orderBy);
  const top = select.top === null ? null : constantCount(env, select.top, 'TOP', 0);
  const kept = having === null ? items : narrowItems(items, narrowedBy(having, true));
  return addRowset(env, {
    kind: 'select',
    id,
    label: '',
    schema: kept.map((item) => outputColumn(item, id, columns)),
    hints: [],
    span: select.span,
    distinct: select.distinct,
    top,
    items: kept,
    from,
    where,
    grouped,
    groupBy,
    having,
    orderBy,
  });
}

type Place = Parameters<typeof scopeOf>[1];

/** A plain name that is both column and alias means the column, which surprises when the alias computes something else. */
function groupKey(env: Environment, expr: Expr, place: Place, columns: readonly Column[]): TypedExpr {
  const typed = typeExpr(expr, scopeOf(env, place));
  if (expr.kind !== 'name-expr') return typed;
  const name = expr.name.text;
  const alias = place.aliases?.get(name);
  const shadowed = alias !== undefined && columns.some((column) => column.name === name) && !sameExpr(alias, typed);
  if (shadowed && alias.kind !== 'column' && !contains(alias, (part) => part.kind === 'window')) {
    report(env, 'PS2055', expr.span, { name });
  }
  return typed;
}

/** ORDER BY of SELECT and OUTPUT. */
export function checkOrderBy(env: Environment, orderBy: readonly SortItem[], place: Place): readonly TypedSort[] {
  const scope = scopeOf(env, place);
  return orderBy.map(({ value, direction, span }) => {
    const typed = typeExpr(value, scope);
    const constant = typed.type.kind !== 'unknown' && constantValue(typed) !== undefined;
    if (constant) report(env, 'PS2056', span, {});
    return { value: typed, direction };
  });
}

function checkDistinctOrder(env: Environment, items: readonly NamedExpr[], orderBy: readonly TypedSort[]): void {
  for (const { value } of orderBy) {
    if (value.type.kind === 'unknown' || constantValue(value) !== undefined) continue;
    if (!coveredBy(value, items)) report(env, 'PS2042', value.span, {});
  }
}

/** Whether an expression can be computed from the items alone. */
function coveredBy(value: TypedExpr, items: readonly NamedExpr[]): boolean {
  if (items.some((item) => sameExpr(item.value, value))) return true;
  if (value.kind === 'column' || value.kind === 'aggregate' || value.kind === 'window') return false;
  return operandsOf(value).every((operand) => coveredBy(operand, items));
}

function narrowItems(items: readonly NamedExpr[], keys: ReadonlySet<string>): readonly NamedExpr[] {
  if (keys.size === 0) return items;
  return items.map((item) => {
    const { value } = item;
    const narrows = value.kind === 'column' && keys.has(columnKey(value.qualifier, value.name));
    return narrows ? { ...item, value: { ...value, type: nonNull(value.type) } } : item;
  });
}

/** S3: an item that is only a column keeps its origin, whatever its new name; a computed one has this SELECT. */
function outputColumn({ name, value }: NamedExpr, id: RowsetId, columns: readonly Column[]): Column {
  const own: readonly Origin[] = [{ rowset: id, column: name }];
  const passed = value.kind === 'column' ? findColumn(columns, value.qualifier, value.name) : undefined;
  // The element of an EXPLODE is computed here too, and is called as the item is.
  const from = passed?.origins.filter(({ rowset }) => rowset !== id) ?? [];
  return { qualifier: null, name, type: value.type, origins: from.length > 0 ? from : own };
}

function findColumn(columns: readonly Column[], qualifier: string | null, name: string): Column | undefined {
  return columns.find((column) => column.qualifier === qualifier && column.name === name);
}
