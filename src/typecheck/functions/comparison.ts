/** Comparison operators and the words beside them. Logic has two values: a comparison with null is false, but `null == null`. */
import type { Value } from '../types.ts';
import { BOOL } from '../types.ts';
import type { FunctionEntry, Shape } from './entry.ts';
import { anything, define, maybe, orNull, param, T, text } from './entry.ts';
import { like } from './like.ts';

const FAMILY = 'Operators';

function comparison(id: string, written: string, holds: (a: Value, b: Value) => boolean, doc: string): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling: { kind: 'operator', operator: written },
    parameters: [param('a', orNull(anything)), param('b', orNull(anything))],
    result: BOOL,
    evaluate: holds,
    doc,
  });
}

/** Numbers, strings (by UTF-16 code units) and datetimes; false where a side is null. */
function ordered(holds: (a: number | string, b: number | string) => boolean): (a: Value, b: Value) => boolean {
  return (a, b) =>
    (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
      ? holds(a, b)
      : false;
}

const less = ordered((a, b) => a < b);
const lessOrEqual = ordered((a, b) => a <= b);

/** `==`: the same value; null equals null only, NaN nothing; bytes, arrays and JSON by their contents. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Uint8Array || b instanceof Uint8Array) {
    return a instanceof Uint8Array && b instanceof Uint8Array && Buffer.compare(a, b) === 0;
  }
  if (isArray(a) || isArray(b)) {
    return isArray(a) && isArray(b) && a.length === b.length && a.every((value, at) => equal(value, b[at] ?? null));
  }
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equal(a[key] ?? null, b[key] ?? null))
  );
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const comparisons: readonly FunctionEntry[] = [
  comparison(
    'equal',
    '==',
    equal,
    'The same value, never coerced; `null == null` is true. Bytes, arrays and JSON compare by content.',
  ),
  comparison('not-equal', '!=', (a, b) => !equal(a, b), 'Not the same value.'),
  comparison('less', '<', less, 'Numbers, datetimes, and strings by UTF-16 code units; false where a side is null.'),
  comparison('less-or-equal', '<=', lessOrEqual, 'As `<`, or equal; false where a side is null.'),
  comparison('greater', '>', (a, b) => less(b, a), 'As `<` with the sides exchanged.'),
  comparison('greater-or-equal', '>=', (a, b) => lessOrEqual(b, a), 'As `<=` with the sides exchanged.'),
];

const list: Shape<readonly Value[]> = { pattern: { kind: 'array', element: maybe(T) } };

const words: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'between',
    spelling: { kind: 'operator', operator: 'BETWEEN' },
    parameters: [param('a', orNull(anything)), param('low', orNull(anything)), param('high', orNull(anything))],
    result: BOOL,
    evaluate: (a, low, high) => lessOrEqual(low, a) && lessOrEqual(a, high),
    doc: '`low <= a && a <= high`.',
  }),
  define(FAMILY, {
    id: 'in',
    spelling: { kind: 'operator', operator: 'IN' },
    parameters: [param('a', orNull(anything)), param('list', list)],
    result: BOOL,
    evaluate: (a, list) => list.some((value) => equal(a, value)),
    doc: 'Equal (`==`) to a value of the list or array.',
  }),
  define(FAMILY, {
    id: 'like',
    spelling: { kind: 'operator', operator: 'LIKE' },
    parameters: [param('a', orNull(text)), param('pattern', orNull(text))],
    result: BOOL,
    evaluate: (a, pattern) => a !== null && pattern !== null && like(a, pattern),
    doc: 'The whole text fits the pattern: `%` any characters, `_` one, `\\` takes the next as it is; case counts.',
  }),
  define(FAMILY, {
    id: 'is-null',
    spelling: { kind: 'operator', operator: 'IS NULL' },
    parameters: [param('a', orNull(anything))],
    result: BOOL,
    evaluate: (a) => a === null,
    doc: 'True where the value is null; also written `a == null`.',
  }),
  define(FAMILY, {
    id: 'is-not-null',
    spelling: { kind: 'operator', operator: 'IS NOT NULL' },
    parameters: [param('a', orNull(anything))],
    result: BOOL,
    evaluate: (a) => a !== null,
    doc: 'True where the value is not null; also written `a != null`.',
  }),
];

export const comparisonOperators: readonly FunctionEntry[] = [...comparisons, ...words];
