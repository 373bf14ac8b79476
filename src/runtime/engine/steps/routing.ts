/** Rows that a clause sends to a ROUTE's rowset, as that rowset has them. */
import { failedColumn } from '../../../planner/failed-row.ts';
import type { RoutedNode } from '../../../planner/graph.ts';
import type { RowsetId, Schema } from '../../../typecheck/typed.ts';
import type { Batch, Vector } from '../../batch.ts';
import { gather, isNullAt, stringVector, textAt, vectorOf } from '../../vectors.ts';
import { ordinalsAt } from './rows.ts';

/** The routed nodes of a graph by the rowset that a `route` action names. */
export type RoutedNodes = ReadonlyMap<RowsetId, RoutedNode>;

export interface Routed {
  readonly rowset: RowsetId;
  readonly batch: Batch;
}

export interface RoutedRows {
  /** Where the columns' values stand. */
  readonly batch: Batch;
  readonly schema: Schema;
  /** Further columns by name, for the rows of `batch`. */
  readonly more: ReadonlyMap<string, Vector>;
  /** Rows of `batch`, increasing. */
  readonly rows: Int32Array;
  /** One per row of `rows`. */
  readonly reasons: readonly string[];
}

/** The batch for the ROUTE's rowset; null where nothing reads that rowset. */
export function routed(nodes: RoutedNodes, rowset: RowsetId, given: RoutedRows): Routed | null {
  const node = nodes.get(rowset);
  if (node === undefined) return null;
  const { batch, schema, more, rows, reasons } = given;
  const vectors = node.schema.map(({ name }): Vector => {
    if (name === 'reason') return { kind: 'string', values: reasons };
    const column = failedColumn(schema, name);
    const place = column === undefined ? -1 : schema.indexOf(column);
    const vector = batch.vectors[place] ?? more.get(name);
    if (vector === undefined) throw new RangeError(`${node.label} has no ${name} where it is routed from`);
    return gather(vector, rows);
  });
  return {
    rowset,
    batch: { ...batch, length: rows.length, vectors, ordinals: ordinalsAt(batch, rows) },
  };
}

/** No rows, at the place of this batch. */
export function emptyBatch(schema: Schema, { sequence, source }: Batch): Batch {
  return { length: 0, vectors: schema.map(({ type }) => vectorOf(type, [])), sequence, ordinals: null, source };
}

/** Texts of a string vector; null is the given text. */
export function textsOf(vector: Vector, length: number, none: string): readonly string[] {
  const texts = stringVector(vector);
  return Array.from({ length }, (_, row) => (isNullAt(texts, row) ? none : textAt(texts, row)));
}
