import { report, type Environment } from '../environment.ts';
import type { NamedExpr, TypedExpr, TypedSort } from '../typed.ts';
import { contains, operandsOf, sameExpr } from '../visit.ts';

/**
 * Whether a SELECT is grouped: it has a GROUP BY, or an aggregate outside a window. In a grouped one every column outside an aggregate
 * must be (part of) a GROUP BY expression; one that is not is reported where it stands.
 */
export function checkGrouping(
  env: Environment,
  groupBy: readonly TypedExpr[],
  items: readonly NamedExpr[],
  having: TypedExpr | null,
  orderBy: readonly TypedSort[],
): boolean {
  const results = [
    ...items.map(({ value }) => value),
    ...(having === null ? [] : [having]),
    ...orderBy.map(({ value }) => value),
  ];
  const grouped = groupBy.length > 0 || results.some((value) => contains(value, (part) => part.kind === 'aggregate'));
  if (!grouped) return false;
  const said = new Set<string>();
  for (const value of results) reportUngrouped(env, value, groupBy, said);
  return true;
}

function reportUngrouped(env: Environment, value: TypedExpr, groupBy: readonly TypedExpr[], said: Set<string>): void {
  if (value.kind === 'aggregate' || groupBy.some((key) => sameExpr(key, value))) return;
  if (value.kind === 'column' && value.type.kind !== 'unknown') {
    const place = `${value.qualifier}.${value.name}`;
    // An alias that HAVING or ORDER BY repeats is the item, which was reported.
    if (!said.has(place)) report(env, 'PS2020', value.span, { name: value.name, place: placeIn(groupBy) });
    said.add(place);
    return;
  }
  for (const operand of operandsOf(value)) reportUngrouped(env, operand, groupBy, said);
}

/** The number of an item, where SQL would let one stand for it. */
function placeIn(groupBy: readonly TypedExpr[]): string | null {
  for (const key of groupBy) {
    if (key.kind === 'literal' && key.parameter === null && typeof key.value === 'number') return `${key.value}`;
  }
  return null;
}
