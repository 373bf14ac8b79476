/** Window functions: the rows keep their order and gain columns. Rows are collected, partitioned by key id and ordered inside each partition, once for windows that agree in both. */
import { exprKey } from '../../planner/expressions/key.ts';
import type { WindowNode } from '../../planner/graph.ts';
import type { Schema, TypedWindow } from '../../typecheck/typed.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import { gather, valueAt, vectorOf } from '../vectors.ts';
import { rowsByGroup } from './by-group.ts';
import { batchesOf, Collected } from './cross-row.ts';
import type { Compile, CrossRow } from './cross-row.ts';
import { framed, framedByRow } from './frames.ts';
import type { RowFailed } from './frames.ts';
import { KeyIds } from './key-ids.ts';
import { comparator } from './order.ts';
import { sortedRows } from './ranks.ts';

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
      const known = new Map<string, Partitions>();
      const added = node.windows.map(({ value }) => {
        const key = partitionsKey(value);
        const parts = known.get(key) ?? partitions(value, all, input, compile);
        known.set(key, parts);
        return answer(value, all, input, compile, parts);
      });
      return batchesOf([...vectors, ...added], rows.length);
    },
  };
}

/** All rows, partition after partition, each in its order; a place is an index of `rows`. */
export interface Partitions {
  readonly rows: Int32Array;
  /** Partition `p` has the places from `starts[p]` up to, not including, `starts[p + 1]`. */
  readonly starts: Int32Array;
  readonly count: number;
  /** 1 for a place whose order keys are not those of the place before it. */
  readonly news: Uint8Array;
}

/**
 * The values of one window function for all rows of a batch, which are in the Order rule's order.
 *
 * @param fail told of rows whose value fails, which is null then; without it the first failure is thrown
 */
export function windowColumn(
  value: TypedWindow,
  all: Batch,
  input: Schema,
  compile: Compile,
  fail: RowFailed | null = null,
): Vector {
  return answer(value, all, input, compile, partitions(value, all, input, compile), fail);
}

function partitionsKey({ partitionBy, orderBy }: TypedWindow): string {
  const order = orderBy.map(({ value, direction }) => `${exprKey(value)} ${direction}`);
  return JSON.stringify([partitionBy.map(exprKey), order]);
}

function partitions(value: TypedWindow, all: Batch, input: Schema, compile: Compile): Partitions {
  const keys = value.partitionBy.map((key) => compile(key, input)(all));
  const ids = new KeyIds(keys.length, 'equal');
  const assigned = ids.assign(keys, all.length);
  const orders = value.orderBy.map((item) => compile(item.value, input)(all));
  const order = sortedRows(orders, value.orderBy, all.length);
  const { starts, rows: places } = rowsByGroup([order.map((row) => assigned[row] ?? 0)], ids.size);
  const rows = places.map((place) => order[place] ?? 0);
  const compares = orders.map(comparator);
  const news = new Uint8Array(rows.length);
  for (let at = 1; at < rows.length; at += 1) {
    for (const compare of compares) if (compare(rows[at] ?? 0, rows[at - 1] ?? 0) !== 0) news[at] = 1;
  }
  for (let group = 0; group < ids.size; group += 1) news[starts[group] ?? 0] = 1;
  return { rows, starts, count: ids.size, news };
}

function answer(
  value: TypedWindow,
  all: Batch,
  input: Schema,
  compile: Compile,
  parts: Partitions,
  fail: RowFailed | null = null,
): Vector {
  const args = value.args.map((arg) => compile(arg, input)(all));
  switch (value.fn) {
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
      return numbers(value.type, ranks(value.fn, parts));
    case 'NTILE':
      return numbers(
        value.type,
        tiles(parts, (row) => Number(argAt(args, 0, row))),
      );
    case 'LAG':
    case 'LEAD':
      return shifted(value, args, parts);
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return edges(value, args[0], parts);
    default:
      return fail === null ? framed(value, args[0] ?? null, parts) : framedByRow(value, args[0] ?? null, parts, fail);
  }
}

/** Whole numbers, row by row. */
function numbers(type: Type, values: Float64Array): Vector {
  if (nonNull(type).kind === 'int') return { kind: 'int', values: Int32Array.from(values), nulls: null };
  return { kind: 'number', values, nulls: null };
}

function ranks(fn: 'ROW_NUMBER' | 'RANK' | 'DENSE_RANK', { rows, starts, count, news }: Partitions): Float64Array {
  const out = new Float64Array(rows.length);
  for (let group = 0; group < count; group += 1) {
    const [start = 0, end = 0] = [starts[group], starts[group + 1]];
    let dense = 0;
    let rank = 0;
    for (let at = start; at < end; at += 1) {
      if (news[at] === 1) {
        dense += 1;
        rank = at - start + 1;
      }
      out[rows[at] ?? 0] = fn === 'ROW_NUMBER' ? at - start + 1 : fn === 'RANK' ? rank : dense;
    }
  }
  return out;
}

/** NTILE: sizes that differ by one at most, larger tiles first. */
function tiles({ rows, starts, count }: Partitions, tilesAt: (row: number) => number): Float64Array {
  const out = new Float64Array(rows.length);
  for (let group = 0; group < count; group += 1) {
    const [start = 0, end = 0] = [starts[group], starts[group + 1]];
    const wanted = tilesAt(rows[start] ?? 0);
    const size = Math.floor((end - start) / wanted);
    const larger = (end - start) % wanted;
    const inLarger = larger * (size + 1);
    for (let at = 0; at < end - start; at += 1) {
      out[rows[start + at] ?? 0] =
        at < inLarger ? Math.floor(at / (size + 1)) + 1 : larger + Math.floor((at - inLarger) / Math.max(1, size)) + 1;
    }
  }
  return out;
}

/** LAG and LEAD: the value so many rows away; the default where there is no such row. */
function shifted(value: TypedWindow, args: readonly Vector[], { rows, starts, count }: Partitions): Vector {
  const sign = value.fn === 'LAG' ? -1 : 1;
  const from = new Int32Array(rows.length).fill(-1);
  for (let group = 0; group < count; group += 1) {
    const [start = 0, end = 0] = [starts[group], starts[group + 1]];
    for (let at = start; at < end; at += 1) {
      const row = rows[at] ?? 0;
      const other = at + sign * (args.length > 1 ? Number(argAt(args, 1, row)) : 1);
      if (other >= start && other < end) from[row] = rows[other] ?? -1;
    }
  }
  const [given] = args;
  if (given !== undefined && args.length < 3) return gather(given, from);
  return vectorOf(
    value.type,
    Array.from(from, (other, row) => (other < 0 ? argAt(args, 2, row) : argAt(args, 0, other))),
  );
}

/** FIRST_VALUE and LAST_VALUE of each row's frame; null where it is empty. */
function edges(value: TypedWindow, arg: Vector | undefined, { rows, starts, count }: Partitions): Vector {
  const from = new Int32Array(rows.length).fill(-1);
  const { start: above, end: below } = value.frame;
  for (let group = 0; group < count; group += 1) {
    const [start = 0, end = 0] = [starts[group], starts[group + 1]];
    for (let at = start; at < end; at += 1) {
      const first = above === null ? start : Math.max(start, at + above);
      const last = below === null ? end - 1 : Math.min(end - 1, at + below);
      if (first <= last) from[rows[at] ?? 0] = rows[value.fn === 'FIRST_VALUE' ? first : last] ?? -1;
    }
  }
  return arg === undefined
    ? vectorOf(
        value.type,
        Array.from(from, () => null),
      )
    : gather(arg, from);
}

function argAt(args: readonly Vector[], at: number, row: number): Value {
  const vector = args[at];
  return vector === undefined ? null : valueAt(vector, row);
}
