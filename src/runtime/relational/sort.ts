/** ORDER BY, TOP and both together. */
import type { SortNode, TopNode } from '../../planner/graph.ts';
import type { Schema, TypedSort } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { gather, slice } from '../vectors.ts';
import { batchesOf, Collected } from './cross-row.ts';
import type { Compile, CrossRow, Evaluate } from './cross-row.ts';
import { numberedAnew } from './pick-rows.ts';
import { sortedRows } from './ranks.ts';

export function sort(node: SortNode, input: Schema, compile: Compile): CrossRow {
  const rows = new Sorting(node.by, input, compile);
  return {
    take(_side, batch) {
      rows.add(batch);
      return [];
    },
    end: () => batchesOf(rows.sorted(rows.length), rows.length),
  };
}

/** The first rows in the input's order, or in that of `by`. */
export function top(node: TopNode, input: Schema, compile: Compile): CrossRow {
  return node.by.length === 0 ? firstRows(node.count) : leastRows(node, input, compile);
}

/** The batches behind the last row pass empty, so that their numbering goes on. */
function firstRows(count: number): CrossRow {
  let left = count;
  return {
    take(_side, batch) {
      const length = Math.min(left, batch.length);
      left -= length;
      const first = length === batch.length ? batch : sliced(batch, length);
      return [numberedAnew(first)];
    },
    end: () => [],
  };
}

function sliced(batch: Batch, length: number): Batch {
  const { vectors, ordinals } = batch;
  return {
    ...batch,
    length,
    vectors: vectors.map((vector) => slice(vector, 0, length)),
    ordinals: ordinals?.subarray(0, length) ?? null,
  };
}

/** Never holds more than a few times `count` rows: what cannot be among the first is dropped on the way. */
function leastRows(node: TopNode, input: Schema, compile: Compile): CrossRow {
  const rows = new Sorting(node.by, input, compile);
  const enough = Math.max(4 * node.count, 16_384);
  return {
    take(_side, batch) {
      rows.add(batch);
      if (rows.length > enough) rows.keep(node.count);
      return [];
    },
    end() {
      const count = Math.min(node.count, rows.length);
      return batchesOf(rows.sorted(count), count);
    },
  };
}

/** Rows with their sort keys. */
export class Sorting {
  private readonly by: readonly TypedSort[];
  private readonly keys: readonly Evaluate[];
  private readonly schema: Schema;
  private readonly keySchema: Schema;
  private rows: Collected;
  private keyColumns: Collected;

  constructor(by: readonly TypedSort[], input: Schema, compile: Compile) {
    this.by = by;
    this.keys = by.map((item) => compile(item.value, input));
    this.schema = input;
    this.keySchema = by.map((item, at) => ({ qualifier: null, name: String(at), type: item.value.type, origins: [] }));
    this.rows = new Collected(input);
    this.keyColumns = new Collected(this.keySchema);
  }

  get length(): number {
    return this.rows.length;
  }

  /** Gives the keys of the rows. */
  add(batch: Batch): readonly Vector[] {
    this.rows.add(batch.vectors, batch.length);
    const keys = this.keys.map((key) => key(batch));
    this.keyColumns.add(keys, batch.length);
    return keys;
  }

  /** The first `count` rows in order. */
  sorted(count: number): readonly Vector[] {
    const order = this.order(count);
    return this.rows.vectors().map((vector) => gather(vector, order));
  }

  /** Drops all but the first `count` rows. Stable: those left stand in the order of their keys, equal ones as they came. */
  keep(count: number): void {
    const order = this.order(count);
    const { rows, keyColumns } = this;
    this.rows = new Collected(this.schema);
    this.keyColumns = new Collected(this.keySchema);
    this.rows.add(
      rows.vectors().map((vector) => gather(vector, order)),
      order.length,
    );
    this.keyColumns.add(
      keyColumns.vectors().map((vector) => gather(vector, order)),
      order.length,
    );
  }

  private order(count: number): Int32Array {
    return sortedRows(this.keyColumns.vectors(), this.by, this.rows.length).subarray(0, count);
  }
}
