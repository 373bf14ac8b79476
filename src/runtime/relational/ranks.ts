/**
 * Sort keys as dense whole numbers: equal values get one rank, ranks follow the order. Sorting is then counting, key by key from the last to the first
 * (least-significant-digit radix sort: D. E. Knuth, The Art of Computer Programming, vol. 3, 5.2.5), stable and without a comparison of rows.
 */
import type { TypedSort } from '../../typecheck/typed.ts';
import type { Vector } from '../batch.ts';
import { isNullAt, lengthOf, textAt } from '../vectors.ts';
import { rowsByGroup } from './by-group.ts';
import { canonicalText } from './canonical.ts';
import { KeyIds } from './key-ids.ts';

export interface Ranks {
  readonly values: Int32Array;
  /** All ranks are below it. */
  readonly count: number;
}

/** Ranks of a column's rows: nulls first under asc, last under desc; NaN behind all numbers, −0 equal to 0. */
export function ranksOf(vector: Vector, direction: TypedSort['direction']): Ranks {
  const { values, count } = isNumeric(vector) ? numberRanks(vector) : textRanks(vector);
  if (direction === 'desc')
    for (let row = 0; row < values.length; row += 1) values[row] = count - 1 - (values[row] ?? 0);
  return { values, count };
}

type NumericVector = Extract<Vector, { kind: 'int' | 'number' | 'bool' }>;

function isNumeric(vector: Vector): vector is NumericVector {
  return vector.kind === 'int' || vector.kind === 'number' || vector.kind === 'bool';
}

function numberRanks({ values, nulls }: NumericVector): Ranks {
  const sorted = Float64Array.from(values, (x) => x + 0).toSorted();
  let distinct = 0;
  for (let at = 0; at < sorted.length; at += 1) {
    const x = sorted[at] ?? 0;
    const last = sorted[distinct - 1] ?? 0;
    if (distinct > 0 && (x === last || (Number.isNaN(x) && Number.isNaN(last)))) continue;
    sorted[distinct] = x;
    distinct += 1;
  }
  const ranks = new Int32Array(values.length);
  for (let row = 0; row < ranks.length; row += 1) {
    ranks[row] = nulls !== null && nulls[row] === 1 ? 0 : 1 + placeOf(sorted, distinct, values[row] ?? 0);
  }
  return { values: ranks, count: distinct + 1 };
}

/** The place of a value that is among the first `length`, in which NaN is last. */
function placeOf(sorted: Float64Array, length: number, x: number): number {
  if (Number.isNaN(x)) return length - 1;
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < x) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Only distinct texts are compared. */
function textRanks(vector: Exclude<Vector, NumericVector>): Ranks {
  const length = lengthOf(vector);
  const ids = new KeyIds(1, 'equal');
  const assigned = ids.assign([vector], length);
  const texts: string[] = [];
  let nullId = -1;
  for (let row = 0; row < length && texts.length < ids.size; row += 1) {
    if (assigned[row] !== texts.length) continue;
    if (isNullAt(vector, row)) nullId = texts.length;
    texts.push(nullId === texts.length ? '' : textOf(vector, row));
  }
  const order = texts.map((_, id) => id).filter((id) => id !== nullId);
  const rankOf = new Int32Array(texts.length);
  const compare = (a: number, b: number): number => {
    const [x = '', y = ''] = [texts[a], texts[b]];
    return x < y ? -1 : x > y ? 1 : 0;
  };
  order.toSorted(compare).forEach((id, rank) => {
    rankOf[id] = rank + 1;
  });
  for (let row = 0; row < length; row += 1) assigned[row] = rankOf[assigned[row] ?? 0] ?? 0;
  return { values: assigned, count: texts.length + 1 };
}

function textOf(vector: Exclude<Vector, NumericVector>, row: number): string {
  return vector.kind === 'object' ? canonicalText(vector.values[row]) : textAt(vector, row);
}

/** The rows 0 … length−1 in the order of the keys, equal ones in row order. */
export function sortedRows(
  keys: readonly Vector[],
  by: readonly Pick<TypedSort, 'direction'>[],
  length: number,
): Int32Array {
  let order: Int32Array | null = null;
  for (let at = keys.length - 1; at >= 0; at -= 1) {
    const key = keys[at];
    if (key === undefined) continue;
    const { values, count } = ranksOf(key, by[at]?.direction ?? 'asc');
    const before: Int32Array | null = order;
    if (before === null) order = rowsByGroup([values], count).rows;
    else {
      const { rows } = rowsByGroup([before.map((row) => values[row] ?? 0)], count);
      order = rows.map((row) => before[row] ?? 0);
    }
  }
  return order ?? Int32Array.from({ length }, (_, row) => row);
}

/** Compares rows by all keys, equal ones by their numbers. */
export function rowOrder(
  keys: readonly Vector[],
  by: readonly Pick<TypedSort, 'direction'>[],
): (a: number, b: number) => number {
  const ranks = keys.map((key, at) => ranksOf(key, by[at]?.direction ?? 'asc').values);
  return (a, b) => {
    for (const values of ranks) {
      const order = (values[a] ?? 0) - (values[b] ?? 0);
      if (order !== 0) return order;
    }
    return a - b;
  };
}
