/**
 * All row versions a node of a region has made so far, dead ones too, in the order of their making. A row is a number; the values stay in the batches in which they
 * came, so that a pass without repairs copies nothing.
 */
import type { Schema } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch, BatchSource, Vector } from '../batch.ts';
import { concat } from '../concat.ts';
import { gather, loneValueAt, vectorOf } from '../vectors.ts';
import { Flags, IntList } from './lists.ts';

/** From how many rows on joining batches first is cheaper than gathering run by run. */
const SCATTERED = 64;

interface Segment {
  readonly start: number;
  readonly batch: Batch;
}

export class Table {
  readonly schema: Schema;
  /** The row of the input's table that each row was made from; −1 for none. With `sides`, of that side's table. */
  readonly parents = new IntList();
  /** 0 or 1: which input the parent is a row of. Empty for a node with one input. */
  readonly sides = new IntList();
  /** The second parent of a join's rows. */
  readonly partners = new IntList();
  /** The rows of the input that a group's row was made from. */
  readonly members = new Map<number, Int32Array>();
  /** Of a COMBINE the rows of the other input. */
  readonly partnerMembers = new Map<number, Int32Array>();
  /** Rows that a repair ended; what derives from them is dead without being marked. */
  readonly ended = new Flags();
  private readonly segments: Segment[] = [];
  length = 0;

  constructor(schema: Schema) {
    this.schema = schema;
  }

  /** Appends the batch's rows and gives the number of the first. The caller appends their parents. */
  append(batch: Batch): number {
    const start = this.length;
    if (batch.length > 0) this.segments.push({ start, batch });
    this.length += batch.length;
    return start;
  }

  /** The rows from `start` on, in batches as they came. */
  *since(start: number): Iterable<{ readonly start: number; readonly batch: Batch }> {
    for (const segment of this.segments) if (segment.start >= start) yield segment;
  }

  /** The only batch there is, where nothing was ever added to the first. */
  soleBatch(): Batch | null {
    const [first, second] = this.segments;
    return second === undefined ? (first?.batch ?? null) : null;
  }

  value(row: number, column: number): Value {
    const { batch, start } = this.segment(row);
    const vector = batch.vectors[column];
    if (vector === undefined) throw new RangeError(`the table has no column ${column}`);
    return loneValueAt(vector, row - start);
  }

  /** The rows' columns, in the order asked for. */
  gather(rows: Int32Array): readonly Vector[] {
    if (this.segments.length > 1 && rows.length > SCATTERED) return this.gatherAcross(rows);
    const pieces: Vector[][] = this.schema.map(() => []);
    for (let from = 0; from < rows.length;) {
      const { batch, start } = this.segment(rows[from] ?? -1);
      const end = start + batch.length;
      let to = from + 1;
      while (to < rows.length && (rows[to] ?? -1) >= start && (rows[to] ?? -1) < end) to += 1;
      const places = rows.slice(from, to).map((row) => row - start);
      pieces.forEach((list, column) => {
        const vector = batch.vectors[column];
        if (vector !== undefined) list.push(gather(vector, places));
      });
      from = to;
    }
    return this.schema.map(({ type }, column) => concat(pieces[column] ?? [], type));
  }

  /** Many rows of several batches: those batches as one, and then one gather a column. */
  private gatherAcross(rows: Int32Array): readonly Vector[] {
    const used = this.segments.filter(({ start, batch }) =>
      rows.some((row) => row >= start && row < start + batch.length),
    );
    const shifts = new Int32Array(this.length);
    let length = 0;
    for (const { start, batch } of used) {
      shifts.fill(start - length, start, start + batch.length);
      length += batch.length;
    }
    const places = rows.map((row) => row - (shifts[row] ?? 0));
    return this.schema.map(({ type }, column) => {
      const whole = concat(
        used.flatMap(({ batch }) => batch.vectors[column] ?? []),
        type,
      );
      return gather(whole, places);
    });
  }

  /** A batch of these rows. `sequence` and places are not meant: only expressions and operators look at it. */
  batchOf(rows: Int32Array): Batch {
    return { length: rows.length, vectors: this.gather(rows), sequence: 0, ordinals: null, source: null };
  }

  /** The batch a row came in, and its place there. */
  placeOf(row: number): { readonly batch: Batch; readonly at: number } {
    const { batch, start } = this.segment(row);
    return { batch, at: row - start };
  }

  /** Where the row stands in the data, if its batch knows. */
  sourceOf(row: number): { readonly source: BatchSource; readonly ordinal: number } | null {
    const { batch, at } = this.placeOf(row);
    return batch.source === null ? null : { source: batch.source, ordinal: batch.ordinals?.[at] ?? at };
  }

  private segment(row: number): Segment {
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle]?.start ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    const segment = this.segments[low];
    if (segment === undefined || row < segment.start || row >= segment.start + segment.batch.length) {
      throw new RangeError(`the table has no row ${row}`);
    }
    return segment;
  }
}

/** Rows of values as a batch. */
export function batchOfValues(schema: Schema, rows: readonly (readonly Value[])[]): Batch {
  return {
    length: rows.length,
    vectors: schema.map(({ type }, column) =>
      vectorOf(
        type,
        rows.map((row) => row[column] ?? null),
      ),
    ),
    sequence: 0,
    ordinals: null,
    source: null,
  };
}
