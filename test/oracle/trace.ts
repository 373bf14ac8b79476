/** Backward tracing (S4) and what a row's expressions see of its lineage (S12). */
import type { Column, Origin, RowsetId, TypedExpr, TypedRowset, TypedSource } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import type { Env } from './evaluate.ts';
import { inputsOf } from './regions.ts';
import type { Repairs, Row } from './state.ts';

/** What tracing and deciding need of a computation. */
export interface World {
  readonly rowset: (id: RowsetId) => TypedRowset;
  /** Whether some repair of the script goes back to the rowset. */
  readonly isRepaired: (id: RowsetId) => boolean;
  /** Action and row of each repair that acted. */
  readonly fired: ReadonlySet<string>;
  /** Clause and row of each look at which an expression of the clause failed. */
  readonly failedLooks: ReadonlySet<string>;
  readonly repairs: Repairs;
}

/** Columns of a row are kept by `qualifier.name`. */
export function keyOf(qualifier: string | null, name: string): string {
  return `${qualifier ?? ''}.${name}`;
}

/**
 * The ancestors of what a repair of a rowset names, in row order, each once: those of the nearest column of that name, on the side that is meant (S4). A row that
 * came by a branch of a UNION which does not have that side has none.
 */
export function trace(row: Row, target: Target, raiser: RowsetId, world: World): readonly Row[] {
  const { qualifier } = target;
  if (qualifier === null) return once(named(row, target, world));
  if (!isSideAbove(raiser, qualifier, world)) return once(atOrigins(row, target));
  return once(sidesOf(row, qualifier, world).flatMap((side) => named(side, target, world)));
}

/** Whether a FROM or COMBINE on some way to a rowset has a source of that name. */
function isSideAbove(below: RowsetId, alias: string, world: World): boolean {
  const seen = new Set([below]);
  for (const id of seen) {
    const rowset = world.rowset(id);
    if (sourcesOf(rowset).some((source) => source.alias === alias)) return true;
    for (const input of inputsOf(rowset)) seen.add(input);
  }
  return false;
}

interface Target {
  readonly qualifier: string | null;
  readonly name: string;
  readonly origins: readonly Origin[];
}

/** The rows that the value of a row's column came from where it was computed. */
export function follow(row: Row, key: string, world: World): readonly Row[] {
  return once(behind(row, key, world));
}

function once(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.id, row])).values()];
}

function behind(row: Row, key: string, world: World): readonly Row[] {
  if (row.origin !== null) {
    const before = keyBefore(world.rowset(row.node), key, world);
    if (before === null) return [row];
    return row.parents.filter(({ values }) => values.has(before)).flatMap((parent) => behind(parent, before, world));
  }
  const before = row.side === undefined ? key : keyOf(null, key.slice(row.side.length + 1));
  return row.parents.filter(({ values }) => values.has(before)).flatMap((parent) => behind(parent, before, world));
}

/** What a column was called in the rows that the rowset computes its own from; null where it computes the column. */
function keyBefore(rowset: TypedRowset, key: string, world: World): string | null {
  const name = key.slice(1);
  switch (rowset.kind) {
    case 'select': {
      if (rowset.schema.find((column) => column.name === name)?.origins.some((at) => at.rowset === rowset.id))
        return null;
      const value = passedOn(rowset.items.find((item) => item.name === name)?.value);
      return value === null ? null : keyOf(value.qualifier, value.name);
    }
    case 'process':
      return rowset.produce.some((produced) => produced.name === name) ? null : key;
    case 'reduce':
      return rowset.on.includes(name) ? key : null;
    case 'combine': {
      if (rowset.produce.some((produced) => produced.name === name)) return null;
      const isLeft = world.rowset(rowset.left.rowset).schema.some((column) => column.name === name);
      return keyOf((isLeft ? rowset.left : rowset.right).alias, name);
    }
    default:
      return null;
  }
}

/** A side of a set operation may be of a narrower type. */
function passedOn(value: TypedExpr | undefined): Extract<TypedExpr, { kind: 'column' }> | null {
  if (value?.kind === 'convert') return passedOn(value.value);
  return value?.kind === 'column' ? value : null;
}

function named(row: Row, target: Target, world: World): readonly Row[] {
  const key = keyOf(null, target.name);
  const columns = row.origin === null ? [...row.values.keys()] : world.rowset(row.node).schema.map(keyOfColumn);
  if (columns.includes(key)) return behind(row, key, world);
  // The element of an EXPLODE that is no item.
  if (row.origin !== null && target.origins.some(({ rowset }) => rowset === row.node)) return [row];
  return row.parents.flatMap((parent) => named(parent, target, world));
}

function keyOfColumn({ qualifier, name }: Column): string {
  return keyOf(qualifier, name);
}

/** The rows of the source of this name in the nearest FROM or COMBINE that has one. */
function sidesOf(row: Row, alias: string, world: World): readonly Row[] {
  if (sourcesOf(world.rowset(row.node)).some((source) => source.alias === alias)) return onSide(row, row.node, alias);
  return row.parents.flatMap((parent) => sidesOf(parent, alias, world));
}

function onSide(row: Row, node: RowsetId, alias: string): readonly Row[] {
  if (row.node !== node) return [];
  if (row.side !== undefined) return row.side === alias ? row.parents : [];
  return row.parents.flatMap((parent) => onSide(parent, node, alias));
}

/** Of what is named by its rowset: all of its rows that there are. */
function atOrigins(row: Row, target: Target): readonly Row[] {
  if (row.origin !== null && target.origins.some(({ rowset }) => rowset === row.node)) return [row];
  return row.parents.flatMap((parent) => atOrigins(parent, target));
}

/** A row lives while every repaired row it was made from does. */
export function isAlive(row: Row, repairs: Repairs): boolean {
  return (row.origin === null || repairs.isLive(row)) && row.parents.every((parent) => isAlive(parent, repairs));
}

export function envOf(row: Row, computation: World): Env {
  return {
    column: (qualifier, name) => {
      const value = row.values.get(keyOf(qualifier, name));
      if (value === undefined) throw new Error(`row ${row.id} has no column ${qualifier ?? ''}.${name}`);
      return value;
    },
    members: null,
    known: () => undefined,
    lineage: (fn, qualifier, name) => {
      const origins = originsOfColumn(row, qualifier, name, computation);
      return lineage(fn, row, { origins, name, key: keyOf(qualifier, name) }, computation);
    },
  };
}

/** What no repair of the script goes back to was never other. */
function lineage(
  fn: 'attempts' | 'original',
  row: Row,
  { origins, name, key }: { readonly origins: readonly Origin[]; readonly name: string; readonly key: string },
  computation: World,
): Value {
  if (fn === 'original' && !origins.some((origin) => computation.isRepaired(origin.rowset)))
    return row.values.get(key) ?? null;
  const ancestors = follow(row, key, computation);
  if (fn === 'attempts') return Math.max(0, ...ancestors.map(({ origin }) => origin?.chain.repairs ?? 0));
  const [first] = ancestors;
  const there = origins.find(({ rowset }) => rowset === first?.node)?.column ?? name;
  return first?.origin?.chain.first.get(keyOf(null, there)) ?? null;
}

function originsOfColumn(row: Row, qualifier: string | null, name: string, computation: World): readonly Origin[] {
  const rowset = computation.rowset(row.node);
  const schema = qualifier === null ? rowset.schema : sourceOf(rowset, qualifier, computation).schema;
  return schema.find((column) => column.name === name)?.origins ?? [];
}

/** The rowset that a name of FROM stands for. */
function sourceOf(rowset: TypedRowset, alias: string, computation: World): TypedRowset {
  const source = sourcesOf(rowset).find((one) => one.alias === alias);
  if (source === undefined) throw new Error(`no source ${alias}`);
  return computation.rowset(source.rowset);
}

function sourcesOf(rowset: TypedRowset): readonly TypedSource[] {
  if (rowset.kind === 'combine') return [rowset.left, rowset.right];
  if (rowset.kind !== 'select') return [];
  return [rowset.from.source, ...rowset.from.joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source]))];
}
