/** Backward tracing of repaired columns (S3, S4). */
import { schemaOf, rowsetOf, type Environment } from '../environment.ts';
import { mergeOrigins } from '../rowsets/set-operation.ts';
import type { Origin, RowsetId, TypedRowset, Way } from '../typed.ts';
import { crossing, parentsOf } from './parents.ts';

export type Traced =
  | { readonly kind: 'found'; readonly origins: readonly Origin[]; readonly ways: readonly Way[] }
  /** Several sides have it; `sides` are their names where they have one. */
  | { readonly kind: 'ambiguous'; readonly sides: readonly string[] }
  | { readonly kind: 'none' };

const NONE: Traced = { kind: 'none' };

/** No qualifier: the way begins where the row is. */
const HERE: readonly Way[] = [[]];

/**
 * The origins of a column as a row of `rowset` reaches it: its own column, else that of the nearest ancestor that has one. A qualifier
 * is the name of a join's side, or of a rowset on the way.
 */
export function trace(env: Environment, rowset: RowsetId, qualifier: string | null, name: string): Traced {
  if (qualifier === null) return traceName(env, rowset, name, new Map());
  const sides = findSides(env, rowset, qualifier, new Map());
  if (sides.kind === 'ambiguous') return sides;
  if (sides.kind === 'found') return traceFrom(env, sides.rowsets, sides.ways, name);
  const named = env.names.get(qualifier)?.rowset ?? null;
  if (named === null || !isAncestor(env, named, rowset)) return NONE;
  return traceFrom(env, [named], [[{ kind: 'rowset', rowset: named }]], name);
}

/** The column of what a qualifier means. */
function traceFrom(env: Environment, rowsets: readonly RowsetId[], ways: readonly Way[], name: string): Traced {
  const found = rowsets.map((rowset) => traceName(env, rowset, name, new Map()));
  const traced = allOf(found);
  return traced.kind === 'found' ? { ...traced, ways } : traced;
}

/** As {@link trace}, but of the rows that a rowset was to be computed from. */
export function traceBehind(env: Environment, rowset: RowsetId, qualifier: string | null, name: string): Traced {
  if (qualifier !== null) return trace(env, rowset, qualifier, name);
  const parents = parentsOf(rowsetOf(env, rowset));
  const [only] = parents;
  if (only === undefined) return NONE;
  const memo: Memo = new Map();
  return parents.length === 1
    ? traceName(env, only, name, memo)
    : traceSides(env, rowsetOf(env, rowset), parents, name, memo);
}

type Memo = Map<RowsetId, Traced>;

function traceName(env: Environment, start: RowsetId, name: string, memo: Memo): Traced {
  let id = stepOf(env, start);
  // A chain of single inputs may be as long as the script, so it is walked and not recursed into.
  for (;;) {
    const known = memo.get(id);
    if (known !== undefined) return known;
    const own = ownColumn(env, id, name);
    if (own !== null) return own;
    const parents = parentsOf(rowsetOf(env, id));
    const [only] = parents;
    if (only === undefined) return NONE;
    if (parents.length > 1) {
      const found = traceSides(env, rowsetOf(env, id), parents, name, memo);
      memo.set(id, found);
      return found;
    }
    id = stepOf(env, only);
  }
}

function ownColumn(env: Environment, id: RowsetId, name: string): Traced | null {
  const column = schemaOf(env, id).find((column) => column.name === name);
  if (column !== undefined) return { kind: 'found', origins: column.origins, ways: HERE };
  const rowset = rowsetOf(env, id);
  const explodes =
    rowset.kind === 'select' && rowset.from.joins.some((join) => join.kind === 'explode' && join.name === name);
  return explodes ? { kind: 'found', origins: [{ rowset: id, column: name }], ways: HERE } : null;
}

/** A row of a union or a route has one parent, so that both sides are meant; a row of a join has one of each side. */
function traceSides(
  env: Environment,
  rowset: TypedRowset,
  parents: readonly RowsetId[],
  name: string,
  memo: Memo,
): Traced {
  const found = parents.map((parent) => traceName(env, parent, name, memo));
  if (takesEither(rowset)) return allOf(found);
  const hits = found.filter((traced) => traced.kind !== 'none');
  const [first] = hits;
  if (first === undefined) return NONE;
  const ambiguous = hits.find((traced) => traced.kind === 'ambiguous');
  if (ambiguous !== undefined) return ambiguous;
  if (hits.length === 1) return first;
  return { kind: 'ambiguous', sides: namesOf(env, rowset.id, (index) => found[index]?.kind === 'found') };
}

/** A row comes from one of its inputs, not from all. */
function takesEither({ kind }: TypedRowset): boolean {
  return kind === 'set-operation' || kind === 'routed';
}

/** What is meant where each of them may be. */
function allOf(found: readonly Traced[]): Traced {
  const ambiguous = found.find((traced) => traced.kind === 'ambiguous');
  if (ambiguous !== undefined) return ambiguous;
  const hits = found.filter((traced) => traced.kind === 'found');
  const [first] = hits;
  if (first === undefined) return NONE;
  return { ...first, origins: hits.map(({ origins }) => origins).reduce(mergeOrigins) };
}

/** The names of those sources of a FROM or COMBINE that have one. */
function namesOf(env: Environment, id: RowsetId, wanted: (index: number) => boolean): readonly string[] {
  const names = env.compilation.sourceNames.get(id) ?? [];
  return names.filter((_, index) => wanted(index)).flatMap((side) => side.name ?? []);
}

/** What a name of a FROM or COMBINE means, and the ways there. */
type Sides =
  | { readonly kind: 'found'; readonly rowsets: readonly RowsetId[]; readonly ways: readonly Way[] }
  | { readonly kind: 'ambiguous'; readonly sides: readonly string[] }
  | { readonly kind: 'none' };

const NO_SIDES: Sides = { kind: 'none' };

/** The sides of this name of the nearest joins above: several where branches of a union have one each. */
function findSides(env: Environment, start: RowsetId, name: string, memo: Map<RowsetId, Sides>): Sides {
  let id = start;
  for (;;) {
    const known = memo.get(id);
    if (known !== undefined) return known;
    // What is routed may come from further down: a way in a circle leads to nothing new.
    memo.set(id, NO_SIDES);
    const sources = env.compilation.sourceNames.get(id) ?? [];
    const side = sources.find((source) => source.name === name);
    if (side !== undefined) {
      const step: Way[number] = sources.length > 1 ? { kind: 'side', name } : { kind: 'rowset', rowset: side.rowset };
      return remembered(memo, id, { kind: 'found', rowsets: [side.rowset], ways: [[step]] });
    }
    const rowset = rowsetOf(env, id);
    const parents = parentsOf(rowset);
    const [only] = parents;
    if (only === undefined) return NO_SIDES;
    if (parents.length > 1) return remembered(memo, id, sidesAbove(env, rowset, parents, name, memo));
    id = only;
  }
}

function remembered(memo: Map<RowsetId, Sides>, id: RowsetId, sides: Sides): Sides {
  memo.set(id, sides);
  return sides;
}

function sidesAbove(
  env: Environment,
  rowset: TypedRowset,
  parents: readonly RowsetId[],
  name: string,
  memo: Map<RowsetId, Sides>,
): Sides {
  const found = parents.map((parent) => findSides(env, parent, name, memo));
  const ambiguous = found.find((sides) => sides.kind === 'ambiguous');
  if (ambiguous !== undefined) return ambiguous;
  const hits = found.flatMap((sides, index) => (sides.kind === 'found' ? [{ ...sides, index }] : []));
  const [first] = hits;
  if (first === undefined) return NO_SIDES;
  if (takesEither(rowset)) {
    const ways = new Map(hits.flatMap((hit) => hit.ways).map((way) => [JSON.stringify(way), way]));
    const rowsets = [...new Set(hits.flatMap((hit) => hit.rowsets))];
    return { kind: 'found', rowsets, ways: [...ways.values()] };
  }
  if (hits.length > 1)
    return { kind: 'ambiguous', sides: namesOf(env, rowset.id, (index) => found[index]?.kind === 'found') };
  const through = env.compilation.sourceNames.get(rowset.id)?.[first.index]?.name ?? `#${first.index + 1}`;
  return { ...first, ways: first.ways.map((way): Way => [{ kind: 'side', name: through }, ...way]) };
}

function isAncestor(env: Environment, ancestor: RowsetId, rowset: RowsetId): boolean {
  return upstream(env, rowset).has(stepOf(env, ancestor));
}

/** Every step that a rowset is computed from, its own included. */
function upstream(env: Environment, rowset: RowsetId): ReadonlySet<RowsetId> {
  const seen = new Set([stepOf(env, rowset)]);
  for (const id of seen) for (const parent of parentsOf(rowsetOf(env, id))) seen.add(stepOf(env, parent));
  return seen;
}

function stepOf(env: Environment, id: RowsetId): RowsetId {
  return env.compilation.steps[id] ?? id;
}

/** What multiplies rows between the origin of a column and here, in words; null where nothing does. */
export function crossingBetween(env: Environment, rowset: RowsetId, origins: readonly Origin[]): string | null {
  const starts = new Set(origins.map((origin) => origin.rowset));
  // Parents come before their children, but for a routed rowset, whose handlers may stand further down.
  const above = [...upstream(env, rowset)].toSorted((a, b) => a - b);
  const below = new Set(starts);
  for (let grown = true; grown;) {
    grown = false;
    for (const id of above) {
      if (below.has(id) || !parentsOf(rowsetOf(env, id)).some((parent) => below.has(stepOf(env, parent)))) continue;
      below.add(id);
      grown = true;
    }
  }
  for (const id of above) {
    const found = below.has(id) && !starts.has(id) ? crossing(rowsetOf(env, id)) : null;
    if (found !== null) return found;
  }
  return null;
}
