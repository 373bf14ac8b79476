/** Comparing values: nulls first, strings as ECMAScript compares them, NaN behind all numbers. */
import type { Vector } from '../batch.ts';
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

export function compareNumbers(a: number, b: number): number {
  if (a < b) return -1;
  if (a > b) return 1;
  if (a === b) return 0;
  return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
