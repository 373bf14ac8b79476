/** Backward tracing (S4) and what a row's expressions see of its lineage (S12). */
import type { Origin, RowsetId, TypedRowset } from '../../src/typecheck/typed.ts';
import type { Value } from '../../src/typecheck/types.ts';
import type { Env } from './evaluate.ts';
import type { Repairs, Row } from './state.ts';

/** What tracing and deciding need of a computation. */
export interface World {
  readonly rowset: (id: RowsetId) => TypedRowset;
  /** Whether some repair of the script goes back to the rowset. */
  readonly isRepaired: (id: RowsetId) => boolean;
  /** Action and row of each repair that acted. */
  readonly fired: ReadonlySet<string>;
  readonly repairs: Repairs;
}

/** Columns of a row are kept by `qualifier.name`. */
export function keyOf(qualifier: string | null, name: string): string {
  return `${qualifier ?? ''}.${name}`;
}

/** The ancestor rows in the output of the origins, in row order, each once. */
export function trace(row: Row, origins: readonly Origin[]): readonly Row[] {
  const found = new Map<string, Row>();
  const visit = (at: Row): void => {
    if (at.origin !== null && origins.some(({ rowset }) => rowset === at.node)) found.set(at.id, at);
    else at.parents.forEach(visit);
  };
  visit(row);
  return [...found.values()];
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
      return lineage(fn, row, { origins, name, value: row.values.get(keyOf(qualifier, name)) ?? null }, computation);
    },
  };
}

/** `value` is the column's own: what no repair of the script goes back to was never other. */
function lineage(
  fn: 'attempts' | 'original',
  row: Row,
  { origins, name, value }: { readonly origins: readonly Origin[]; readonly name: string; readonly value: Value },
  computation: World,
): Value {
  if (fn === 'original' && !origins.some((origin) => computation.isRepaired(origin.rowset))) return value;
  const ancestors = trace(row, origins);
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
  const joins = rowset.kind === 'select' ? rowset.from.joins : [];
  const sides = rowset.kind === 'combine' ? [rowset.left, rowset.right] : [];
  const sources = rowset.kind === 'select' ? [rowset.from.source] : sides;
  const all = [...sources, ...joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source]))];
  const source = all.find((one) => one.alias === alias);
  if (source === undefined) throw new Error(`no source ${alias}`);
  return computation.rowset(source.rowset);
}
