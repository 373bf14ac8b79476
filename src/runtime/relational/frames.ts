/**
 * Aggregates over the frames of a window. A frame is the rows from `start` to `end` of each row's place in its partition, null for the partition's own end. What is the same for
 * a whole partition is one group; frames bounded on both sides are one group a row, of one accumulator for all rows; a frame with one open end grows as its row walks away
 * from that end, so that each row is added once.
 */
import type { TypedWindow } from '../../typecheck/typed.ts';
import { LONG } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { gather, isNullAt, slice, valueAt, vectorOf } from '../vectors.ts';
import { accumulator } from './aggregates/index.ts';
import type { Accumulator } from './aggregates/index.ts';
import { KeyIds } from './key-ids.ts';
import type { Partitions } from './window.ts';

export function framed(value: TypedWindow, arg: Vector | null, parts: Partitions): Vector {
  const { start, end } = value.frame;
  if (value.distinct) return open(value, arg, parts);
  if (start === null && end === null) return whole(value, arg, parts);
  return start === null || end === null ? open(value, arg, parts) : bounded(value, arg, parts, [start, end]);
}

/** Told of a row whose value fails. */
export type RowFailed = (row: number, error: unknown) => void;

/** As {@link framed}, where some values fail: row by row, with null for those. */
export function framedByRow(value: TypedWindow, arg: Vector | null, parts: Partitions, fail: RowFailed): Vector {
  return open(value, arg, parts, fail);
}

function into(value: TypedWindow): Accumulator {
  const { fn } = value;
  switch (fn) {
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
    case 'NTILE':
    case 'LAG':
    case 'LEAD':
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      throw new TypeError(`${fn} is no aggregate`);
    default:
      return accumulator(fn, value.args[0]?.type ?? LONG, value.type);
  }
}

const NO_VALUES: Vector = { kind: 'int', values: new Int32Array(0), nulls: null };

/** Rows of groups, given to an accumulator some thousands at a time; nulls are passed over. */
class Feed {
  private readonly groups = new Int32Array(1 << 14);
  private readonly rows = new Int32Array(1 << 14);
  private length = 0;
  private readonly to: Accumulator;
  private readonly arg: Vector | null;

  constructor(to: Accumulator, arg: Vector | null) {
    this.to = to;
    this.arg = arg;
  }

  add(group: number, row: number): void {
    if (this.arg !== null && isNullAt(this.arg, row)) return;
    this.groups[this.length] = group;
    this.rows[this.length] = row;
    this.length += 1;
    if (this.length === this.rows.length) this.flush();
  }

  flush(): void {
    this.to.add(this.groups.subarray(0, this.length), this.arg ?? NO_VALUES, this.rows.subarray(0, this.length));
    this.length = 0;
  }
}

/** One value a partition. */
function whole(value: TypedWindow, arg: Vector | null, { rows, starts, count }: Partitions): Vector {
  const sums = into(value);
  const feed = new Feed(sums, arg);
  const groupOf = new Int32Array(rows.length);
  for (let group = 0; group < count; group += 1) {
    for (let at = starts[group] ?? 0; at < (starts[group + 1] ?? 0); at += 1) {
      const row = rows[at] ?? 0;
      groupOf[row] = group;
      feed.add(group, row);
    }
  }
  feed.flush();
  return gather(sums.result(count), groupOf);
}

/** One group a row. */
function bounded(
  value: TypedWindow,
  arg: Vector | null,
  { rows, starts, count }: Partitions,
  [above, below]: readonly [start: number, end: number],
): Vector {
  const sums = into(value);
  const feed = new Feed(sums, arg);
  for (let group = 0; group < count; group += 1) {
    const [start = 0, end = 0] = [starts[group], starts[group + 1]];
    for (let at = start; at < end; at += 1) {
      const last = Math.min(end - 1, at + below);
      for (let other = Math.max(start, at + above); other <= last; other += 1)
        feed.add(rows[at] ?? 0, rows[other] ?? 0);
    }
  }
  feed.flush();
  return sums.result(rows.length);
}

/** Which values an aggregate gives depends on the order in which its rows come. */
const ORDERED: ReadonlySet<TypedWindow['fn']> = new Set<TypedWindow['fn']>(['FIRST', 'LAST', 'LIST']);

/** While the frame only grows at one end the accumulator goes on; else it begins again. */
function open(
  value: TypedWindow,
  arg: Vector | null,
  { rows, starts, count }: Partitions,
  fail: RowFailed | null = null,
): Vector {
  const answers: Value[] = Array.from({ length: rows.length }, () => null);
  for (let group = 0; group < count; group += 1) {
    const own = rows.subarray(starts[group], starts[group + 1]);
    const backwards = value.frame.end === null && !ORDERED.has(value.fn);
    running(value, arg, own, backwards, (at, result) => {
      const row = own[at] ?? 0;
      try {
        answers[row] = result();
      } catch (error) {
        if (fail === null) throw error;
        fail(row, error);
      }
    });
  }
  return vectorOf(value.type, answers);
}

function running(
  value: TypedWindow,
  arg: Vector | null,
  rows: Int32Array,
  backwards: boolean,
  put: (at: number, result: () => Value) => void,
): void {
  const { start, end } = value.frame;
  const last = rows.length - 1;
  let sum = new Running(value, arg);
  // The places that are in it: from `from` up to, not including, `until`.
  let from = backwards ? rows.length : 0;
  let until = from;
  for (let step = 0; step <= last; step += 1) {
    const at = backwards ? last - step : step;
    const lo = start === null ? 0 : Math.max(0, at + start);
    const hi = end === null ? last : Math.min(last, at + end);
    const grows = backwards ? hi + 1 === until : lo === from && hi + 1 >= until;
    if (!grows) {
      sum = new Running(value, arg);
      from = lo;
      until = lo;
    }
    if (backwards && grows) sum.add(rows.subarray(Math.min(lo, from), from));
    else sum.add(rows.subarray(until, Math.max(until, hi + 1)));
    from = Math.min(from, lo);
    until = Math.max(until, hi + 1);
    const current = sum;
    put(at, () => current.result());
  }
}

/** An aggregate of the rows added so far. */
class Running {
  private readonly sums: Accumulator;
  private readonly seen: KeyIds | null;
  private readonly arg: Vector | null;
  private last: Value | undefined;

  constructor(value: TypedWindow, arg: Vector | null) {
    this.sums = into(value);
    this.arg = arg;
    this.seen = value.distinct ? new KeyIds(1, 'equal') : null;
  }

  add(rows: Int32Array): void {
    const { arg } = this;
    if (rows.length === 0) return;
    const kept = arg === null ? rows : rows.filter((row) => !isNullAt(arg, row) && this.isNew(arg, row));
    if (kept.length === 0) return;
    this.last = undefined;
    this.sums.add(new Int32Array(kept.length), arg ?? NO_VALUES, kept);
  }

  result(): Value {
    if (this.last !== undefined) return this.last;
    const value = valueAt(this.sums.result(1), 0);
    // A list goes on growing after this row has had it.
    this.last = Array.isArray(value) ? [...value] : value;
    return this.last;
  }

  private isNew(arg: Vector, row: number): boolean {
    if (this.seen === null) return true;
    const known = this.seen.size;
    this.seen.assign([slice(arg, row, row + 1)], 1);
    return this.seen.size > known;
  }
}
