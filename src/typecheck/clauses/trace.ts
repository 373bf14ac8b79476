/** Backward tracing of repaired columns (S3, S4). */
import { schemaOf, rowsetOf, type Environment } from '../environment.ts';
import { mergeOrigins } from '../rowsets/set-operation.ts';
import type { Origin, RowsetId, TypedRowset } from '../typed.ts';
import { crossing, parentsOf } from './parents.ts';

export type Traced =
  | { readonly kind: 'found'; readonly origins: readonly Origin[] }
  /** Several sides have it; `sides` are their names where they have one. */
  | { readonly kind: 'ambiguous'; readonly sides: readonly string[] }
  | { readonly kind: 'none' };

const NONE: Traced = { kind: 'none' };

/**
 * The origins of a column as a row of `rowset` reaches it: its own column, else that of the nearest ancestor that has one. A qualifier
 * is the name of a join's side, or of a rowset on the way.
 */
export function trace(env: Environment, rowset: RowsetId, qualifier: string | null, name: string): Traced {
  if (qualifier === null) return traceName(env, rowset, name, new Map());
  const side = findSide(env, rowset, qualifier, new Set());
  if (side !== null) return traceName(env, side, name, new Map());
  const named = env.names.get(qualifier)?.rowset ?? null;
  return named !== null && isAncestor(env, named, rowset) ? traceName(env, named, name, new Map()) : NONE;
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
  if (column !== undefined) return { kind: 'found', origins: column.origins };
  const rowset = rowsetOf(env, id);
  const explodes =
    rowset.kind === 'select' && rowset.from.joins.some((join) => join.kind === 'explode' && join.name === name);
  return explodes ? { kind: 'found', origins: [{ rowset: id, column: name }] } : null;
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
  const hits = found.filter((traced) => traced.kind !== 'none');
  const [first] = hits;
  if (first === undefined) return NONE;
  const ambiguous = hits.find((traced) => traced.kind === 'ambiguous');
  if (ambiguous !== undefined) return ambiguous;
  if (rowset.kind === 'set-operation' || rowset.kind === 'routed') {
    let origins: readonly Origin[] = [];
    for (const traced of hits) if (traced.kind === 'found') origins = mergeOrigins(origins, traced.origins);
    return { kind: 'found', origins };
  }
  if (hits.length === 1) return first;
  const names = env.compilation.sourceNames.get(rowset.id) ?? [];
  const sides = names.filter((_, index) => found[index]?.kind === 'found').flatMap((side) => side.name ?? []);
  return { kind: 'ambiguous', sides };
}

/** The side of the nearest join above that a name means. */
function findSide(env: Environment, start: RowsetId, name: string, seen: Set<RowsetId>): RowsetId | null {
  let id = start;
  for (;;) {
    if (seen.has(id)) return null;
    seen.add(id);
    const side = env.compilation.sourceNames.get(id)?.find((source) => source.name === name);
    if (side !== undefined) return side.rowset;
    const parents = parentsOf(rowsetOf(env, id));
    const [only] = parents;
    if (only === undefined) return null;
    if (parents.length > 1) {
      for (const parent of parents) {
        const found = findSide(env, parent, name, seen);
        if (found !== null) return found;
      }
      return null;
    }
    id = only;
  }
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
