/**
 * All row versions a node of a region has made so far, dead ones too, in the order of their making. A row is a number; the values stay in the batches in which they
 * came, so that a pass without repairs copies nothing.
 */
import type { Schema } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch, BatchSource, Vector } from '../batch.ts';
import { concat } from '../concat.ts';
import { gather, loneValueAt, vectorOf } from '../vectors.ts';
import type { Line } from './line.ts';
import { mergedColumns } from './merged.ts';
import { Flags, IntList } from './lists.ts';

/** From how many rows on joining batches first is cheaper than gathering run by run. */
const SCATTERED = 64;

/** Rows that came together. Those picked from a batch are copied when somebody looks at them. */
class Segment {
  readonly start: number;
  readonly length: number;
  /** The batch that the rows are of, and their places there; null for all. */
  readonly whole: Batch;
  readonly places: Int32Array | null;
  private picked: Batch | null = null;

  constructor(start: number, whole: Batch, places: Int32Array | null) {
    this.start = start;
    this.length = places === null ? whole.length : places.length;
    this.whole = whole;
    this.places = places;
  }

  get batch(): Batch {
    if (this.places === null) return this.whole;
    this.picked ??= rowsAt(this.whole, this.places);
    return this.picked;
  }
}

/** A segment that some rows are of. */
interface UsedSegment {
  readonly start: number;
  readonly batch: Batch;
  /** Its place among all. */
  readonly at: number;
  /** How many of them. */
  readonly count: number;
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

  /** Appends the batch's rows, or those at some places of it, and gives the number of the first. The caller appends their parents. */
  append(batch: Batch, places: Int32Array | null = null): number {
    const start = this.length;
    const segment = new Segment(start, batch, places);
    if (segment.length > 0) this.segments.push(segment);
    this.length += segment.length;
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

  /** The columns of a line's rows. */
  lined(line: Line): readonly Vector[] {
    const [first] = this.segments;
    if (first === undefined || first.length !== line.early) return this.gather(line.order(null));
    const order = line.order(first.whole.length);
    const { places, whole } = first;
    if (places !== null) {
      for (let at = 0; at < order.length; at += 1) {
        const row = order[at] ?? 0;
        if (row < whole.length) order[at] = places[row] ?? 0;
      }
    }
    const types = this.schema.map(({ type }) => type);
    return mergedColumns(types, whole.vectors, this.gather(line.came()), order);
  }

  /** Many rows of several batches: what is used of those batches as one, and then one gather a column. */
  private gatherAcross(rows: Int32Array): readonly Vector[] {
    const counts = new Int32Array(this.segments.length);
    const segments = new Int32Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) {
      const segment = this.segmentAt(rows[at] ?? -1, segments[at - 1] ?? 0);
      segments[at] = segment;
      counts[segment] = (counts[segment] ?? 0) + 1;
    }
    const used = this.segments.flatMap((one, at) =>
      (counts[at] ?? 0) > 0 ? [{ start: one.start, batch: one.batch, count: counts[at] ?? 0, at }] : [],
    );
    const held = used.reduce((sum, { batch }) => sum + batch.length, 0);
    return rows.length * 2 > held ? this.gatherMost(rows, segments, used) : this.gatherFew(rows, segments, used);
  }

  /** Whole batches are joined. */
  private gatherMost(rows: Int32Array, segments: Int32Array, used: readonly UsedSegment[]): readonly Vector[] {
    const shifts = new Int32Array(this.segments.length);
    let length = 0;
    for (const { start, batch, at } of used) {
      shifts[at] = length - start;
      length += batch.length;
    }
    const places = new Int32Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) places[at] = (rows[at] ?? 0) + (shifts[segments[at] ?? 0] ?? 0);
    return this.schema.map(({ type }, column) => {
      const vectors = used.flatMap(({ batch }) => batch.vectors[column] ?? []);
      return gather(concat(vectors, type), places);
    });
  }

  /** The rows of each batch are gathered by themselves, and then put in the order asked for. */
  private gatherFew(rows: Int32Array, segments: Int32Array, used: readonly UsedSegment[]): readonly Vector[] {
    const next = new Int32Array(this.segments.length);
    let length = 0;
    const parts = used.map(({ at, count }) => {
      next[at] = length;
      length += count;
      return new Int32Array(count);
    });
    const partOf = new Int32Array(this.segments.length);
    used.forEach(({ at }, part) => void (partOf[at] = part));
    const firsts = next.slice();
    const places = new Int32Array(rows.length);
    for (let at = 0; at < rows.length; at += 1) {
      const segment = segments[at] ?? 0;
      const place = next[segment] ?? 0;
      const part = parts[partOf[segment] ?? 0];
      if (part !== undefined)
        part[place - (firsts[segment] ?? 0)] = (rows[at] ?? 0) - (this.segments[segment]?.start ?? 0);
      places[at] = place;
      next[segment] = place + 1;
    }
    return this.schema.map(({ type }, column) => {
      const vectors = used.flatMap(({ batch }, part) => {
        const vector = batch.vectors[column];
        const own = parts[part];
        return vector === undefined || own === undefined ? [] : [gather(vector, own)];
      });
      return gather(concat(vectors, type), places);
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
    const segment = this.segments[this.segmentAt(row, 0)];
    if (segment === undefined) throw new RangeError(`the table has no row ${row}`);
    return segment;
  }

  /** `likely`: looked at first. */
  private segmentAt(row: number, likely: number): number {
    if (this.holds(likely, row)) return likely;
    let low = 0;
    let high = this.segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.segments[middle]?.start ?? 0) <= row) low = middle;
      else high = middle - 1;
    }
    if (!this.holds(low, row)) throw new RangeError(`the table has no row ${row}`);
    return low;
  }

  private holds(at: number, row: number): boolean {
    const segment = this.segments[at];
    return segment !== undefined && row >= segment.start && row < segment.start + segment.length;
  }
}

/** The rows of a batch at these places. */
export function rowsAt(batch: Batch, places: Int32Array): Batch {
  return {
    ...batch,
    length: places.length,
    vectors: batch.vectors.map((vector) => gather(vector, places)),
    ordinals: ordinalsThrough(batch, places),
  };
}

/** The ordinals of rows made from these places of a batch. */
export function ordinalsThrough({ ordinals }: Batch, places: Int32Array | null): Int32Array | null {
  if (places === null || ordinals === null) return places ?? ordinals;
  return places.map((at) => ordinals[at] ?? at);
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
