/** Window functions: the rows keep their order and gain columns. Rows are collected, partitioned by key id and ordered inside each partition. */
import type { WindowNode } from '../../planner/graph.ts';
import type { Schema, TypedWindow } from '../../typecheck/typed.ts';
import { LONG } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import { isNullAt, slice, valueAt, vectorOf } from '../vectors.ts';
import { accumulator } from './aggregates/index.ts';
import { rowsByGroup } from './by-group.ts';
import { batchesOf, Collected } from './cross-row.ts';
import type { Compile, CrossRow } from './cross-row.ts';
import { KeyIds } from './key-ids.ts';
import { comparator } from './order.ts';
import { rowOrder } from './ranks.ts';

export function window(node: WindowNode, input: Schema, compile: Compile): CrossRow {
  const rows = new Collected(input);
  return {
    take(_side, batch) {
      rows.add(batch.vectors, batch.length);
      return [];
    },
    end() {
      const vectors = rows.vectors();
      const all: Batch = { length: rows.length, vectors, sequence: 0, ordinals: null, source: null };
      const added = node.windows.map(({ value }) => windowColumn(value, all, input, compile));
      return batchesOf([...vectors, ...added], rows.length);
    },
  };
}

/** A partition in its order: row numbers, and for each place the first place with equal order keys. */
interface Partition {
  readonly rows: Int32Array;
  readonly peers: Int32Array;
}

/** The values of one window function for all rows of a batch, which are in the Order rule's order. */
export function windowColumn(value: TypedWindow, all: Batch, input: Schema, compile: Compile): Vector {
  const args = value.args.map((arg) => compile(arg, input)(all));
  const answers: Value[] = Array.from({ length: all.length }, () => null);
  for (const partition of partitions(value, all, input, compile)) {
    const results = answer(value, args, partition);
    results.forEach((result, at) => {
      answers[partition.rows[at] ?? 0] = result;
    });
  }
  return vectorOf(value.type, answers);
}

function partitions(value: TypedWindow, all: Batch, input: Schema, compile: Compile): readonly Partition[] {
  const keys = value.partitionBy.map((key) => compile(key, input)(all));
  const ids = new KeyIds(keys.length, 'equal');
  const assigned = ids.assign(keys, all.length);
  const orders = value.orderBy.map((item) => compile(item.value, input)(all));
  const { starts, rows: grouped } = rowsByGroup([assigned], ids.size);
  const order = rowOrder(orders, value.orderBy);
  const compares = orders.map(comparator);
  const out: Partition[] = [];
  for (let group = 0; group < ids.size; group += 1) {
    const rows = grouped.subarray(starts[group], starts[group + 1]);
    if (orders.length > 0) rows.sort(order);
    const peers = new Int32Array(rows.length);
    for (let at = 1; at < rows.length; at += 1) {
      const equal = compares.every((compare) => compare(rows[at] ?? 0, rows[at - 1] ?? 0) === 0);
      peers[at] = equal ? (peers[at - 1] ?? 0) : at;
    }
    out.push({ rows, peers });
  }
  return out;
}

/** The results of one partition, in its order. */
function answer(value: TypedWindow, args: readonly Vector[], partition: Partition): readonly Value[] {
  const { rows, peers } = partition;
  const length = rows.length;
  const places = Array.from({ length }, (_, at) => at);
  switch (value.fn) {
    case 'ROW_NUMBER':
      return places.map((at) => at + 1);
    case 'RANK':
      return places.map((at) => (peers[at] ?? 0) + 1);
    case 'DENSE_RANK': {
      let rank = 0;
      return places.map((at) => (peers[at] === at ? (rank += 1) : rank));
    }
    case 'NTILE':
      return ntile(Number(argAt(args, 0, rows[0] ?? 0)), length);
    case 'LAG':
    case 'LEAD': {
      const sign = value.fn === 'LAG' ? -1 : 1;
      return places.map((at) => {
        const row = rows[at] ?? 0;
        const offset = args.length > 1 ? Number(argAt(args, 1, row)) : 1;
        const other = rows[at + sign * offset];
        if (other !== undefined) return argAt(args, 0, other);
        return args.length > 2 ? argAt(args, 2, row) : null;
      });
    }
    case 'FIRST_VALUE':
      return frames(value, length).map(([lo, hi]) => (lo > hi ? null : argAt(args, 0, rows[lo] ?? 0)));
    case 'LAST_VALUE':
      return frames(value, length).map(([lo, hi]) => (lo > hi ? null : argAt(args, 0, rows[hi] ?? 0)));
    default:
      return aggregated(value, args[0] ?? null, rows);
  }
}

function argAt(args: readonly Vector[], at: number, row: number): Value {
  const vector = args[at];
  return vector === undefined ? null : valueAt(vector, row);
}

/** Tiles of sizes that differ by one at most, larger ones first. */
function ntile(tiles: number, length: number): readonly number[] {
  const size = Math.floor(length / tiles);
  const larger = length % tiles;
  return Array.from({ length }, (_, at) => {
    const inLarger = larger * (size + 1);
    return at < inLarger
      ? Math.floor(at / (size + 1)) + 1
      : larger + Math.floor((at - inLarger) / Math.max(1, size)) + 1;
  });
}

/** First and last place of each row's frame, both inclusive; first > last where it is empty. */
function frames({ frame }: TypedWindow, length: number): readonly (readonly [number, number])[] {
  return Array.from({ length }, (_, at) => [
    frame.start === null ? 0 : Math.max(0, at + frame.start),
    frame.end === null ? length - 1 : Math.min(length - 1, at + frame.end),
  ]);
}

/** An aggregate over each row's frame. While the frame only grows at its end the accumulator goes on; else it begins again. */
function aggregated(value: TypedWindow, arg: Vector | null, rows: Int32Array): readonly Value[] {
  const out: Value[] = [];
  let from = 0;
  let until = 0;
  let running = begin(value, arg);
  for (const [lo, hi] of frames(value, rows.length)) {
    if (lo !== from || hi + 1 < until) {
      running = begin(value, arg);
      from = lo;
      until = lo;
    }
    if (hi + 1 > until) {
      running.add(rows.subarray(until, hi + 1));
      until = hi + 1;
    }
    out.push(running.result());
  }
  return out;
}

interface Running {
  readonly add: (rows: Int32Array) => void;
  readonly result: () => Value;
}

function begin(value: TypedWindow, arg: Vector | null): Running {
  const { fn } = value;
  if (fn === 'ROW_NUMBER' || fn === 'RANK' || fn === 'DENSE_RANK' || fn === 'NTILE')
    throw new TypeError(`${fn} is no aggregate`);
  if (fn === 'LAG' || fn === 'LEAD' || fn === 'FIRST_VALUE' || fn === 'LAST_VALUE')
    throw new TypeError(`${fn} is no aggregate`);
  const into = accumulator(fn, value.args[0]?.type ?? LONG, value.type);
  const seen = value.distinct ? new KeyIds(1, 'equal') : null;
  let last: Value | undefined;
  return {
    add(rows) {
      last = undefined;
      const kept = arg === null ? rows : rows.filter((row) => !isNullAt(arg, row) && isNew(seen, arg, row));
      into.add(new Int32Array(kept.length), arg ?? { kind: 'int', values: kept, nulls: null }, kept);
    },
    result: () => (last ??= valueAt(into.result(1), 0)),
  };
}

function isNew(seen: KeyIds | null, arg: Vector, row: number): boolean {
  if (seen === null) return true;
  const known = seen.size;
  seen.assign([slice(arg, row, row + 1)], 1);
  return seen.size > known;
}
