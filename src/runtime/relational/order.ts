/** Comparing values: nulls first, strings as ECMAScript compares them, NaN behind all numbers. */
import type { TypedSort } from '../../typecheck/typed.ts';
import type { Utf8Vector, Vector } from '../batch.ts';
import { isNullAt, textAt } from '../vectors.ts';
import { canonicalText } from './canonical.ts';

export type Compare = (a: number, b: number) => number;

/** Compares two rows of one column, ascending, nulls first. */
export function comparator(vector: Vector): Compare {
  const values = valueComparator(vector);
  return (a, b) => {
    const nullA = isNullAt(vector, a);
    const nullB = isNullAt(vector, b);
    if (nullA || nullB) return nullA && nullB ? 0 : nullA ? -1 : 1;
    return values(a, b);
  };
}

function valueComparator(vector: Vector): Compare {
  switch (vector.kind) {
    case 'int':
    case 'number':
    case 'bool': {
      const { values } = vector;
      return (a, b) => compareNumbers(values[a] ?? 0, values[b] ?? 0);
    }
    case 'utf8':
    case 'string':
      return (a, b) => compareTexts(textAt(vector, a), textAt(vector, b));
    case 'object':
      return (a, b) => compareTexts(canonicalText(vector.values[a]), canonicalText(vector.values[b]));
  }
}

/** Compares a row of some key columns with a row of other columns of the same keys, as ORDER BY does. */
export function compareAcross(
  by: readonly Pick<TypedSort, 'direction'>[],
): (a: readonly Vector[], rowA: number, b: readonly Vector[], rowB: number) => number {
  return (a, rowA, b, rowB) => {
    for (let at = 0; at < by.length; at += 1) {
      const [x, y] = [a[at], b[at]];
      const order = x === undefined || y === undefined ? 0 : compareOf(x, rowA, y, rowB);
      if (order !== 0) return by[at]?.direction === 'desc' ? -order : order;
    }
    return 0;
  };
}

function compareOf(a: Vector, rowA: number, b: Vector, rowB: number): number {
  const nullA = isNullAt(a, rowA);
  const nullB = isNullAt(b, rowB);
  if (nullA || nullB) return nullA && nullB ? 0 : nullA ? -1 : 1;
  if (isNumeric(a) && isNumeric(b)) return compareNumbers(a.values[rowA] ?? 0, b.values[rowB] ?? 0);
  if (a.kind === 'utf8' && b.kind === 'utf8') return compareUtf8(a, rowA, b, rowB);
  return compareTexts(textOf(a, rowA), textOf(b, rowB));
}

type NumericVector = Extract<Vector, { kind: 'int' | 'number' | 'bool' }>;

function isNumeric(vector: Vector): vector is NumericVector {
  return vector.kind === 'int' || vector.kind === 'number' || vector.kind === 'bool';
}

function textOf(vector: Vector, row: number): string {
  if (vector.kind === 'utf8' || vector.kind === 'string') return textAt(vector, row);
  return vector.kind === 'object' ? canonicalText(vector.values[row]) : '';
}

/**
 * The order of the strings by their UTF-16 code units, on the bytes of their UTF-8: it is that of the bytes, but that what is outside the basic plane (it begins
 * with F0 or more) comes before U+E000 … U+FFFF (EE and EF), as surrogates do.
 */
function compareUtf8(a: Utf8Vector, rowA: number, b: Utf8Vector, rowB: number): number {
  const [startA = 0, endA = 0] = [a.starts[rowA], a.ends[rowA]];
  const [startB = 0, endB = 0] = [b.starts[rowB], b.ends[rowB]];
  const length = Math.min(endA - startA, endB - startB);
  for (let at = 0; at < length; at += 1) {
    const x = a.bytes[startA + at] ?? 0;
    const y = b.bytes[startB + at] ?? 0;
    if (x === y) continue;
    if (x >= 0xee && y >= 0xee && x >= 0xf0 !== y >= 0xf0) return x >= 0xf0 ? -1 : 1;
    return x - y;
  }
  return endA - startA - (endB - startB);
}

export function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
