/** Members of arrays that need no callback. */
import { arrayOf, BOOL, INT, STRING } from '../types.ts';
import type { Args, FunctionEntry, Param, Pattern, RuntimeValue } from './entry.ts';
import {
  anyArray,
  anything,
  define,
  float,
  maybe,
  optional,
  orNull,
  param,
  rest,
  T,
  text,
  textArray,
} from './entry.ts';
import type { Shape } from './entry.ts';
import { fail } from './failure.ts';
import type { Value } from '../types.ts';

const FAMILY = 'Arrays';
const ARRAY: Pattern = { kind: 'array', element: T };

function method<const P extends readonly Param<unknown>[]>(
  name: string,
  parameters: P,
  result: Pattern,
  evaluate: (...args: Args<readonly [Param<readonly Value[]>, ...P]>) => RuntimeValue,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id: `array.${name}`,
    spelling: { kind: 'method', name },
    parameters: [param('array', anyArray), ...parameters],
    result,
    evaluate,
    doc,
  });
}

/** ECMAScript would write an object as `[object Object]`. */
function joinable(value: Value): string | number | boolean {
  if (value === null) return '';
  return typeof value === 'object' ? fail('PR2010', { fn: 'join', value }) : value;
}

const nested: Shape<readonly (readonly Value[])[]> = { pattern: { kind: 'array', element: ARRAY } };

export const arrayFunctions: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'array.length',
    spelling: { kind: 'property', name: 'length' },
    parameters: [param('array', anyArray)],
    result: INT,
    evaluate: (array) => array.length,
    doc: 'Number of elements.',
  }),
  define(FAMILY, {
    id: 'array.index',
    spelling: { kind: 'operator', operator: '[]' },
    parameters: [param('array', anyArray), param('index', float)],
    result: maybe(T),
    evaluate: (array, index) => array[index] ?? null,
    doc: 'The element at an index from 0; null outside.',
  }),
  method(
    'at',
    [param('index', float)],
    maybe(T),
    (array, index) => array.at(index) ?? null,
    'The element at an index; a negative one counts from the end; null outside.',
  ),
  method(
    'includes',
    [param('value', orNull(anything)), optional('from', float)],
    BOOL,
    (array, value, from) => array.includes(value, from),
    'Whether the array holds the value; NaN is found.',
  ),
  method(
    'indexOf',
    [param('value', orNull(anything)), optional('from', float)],
    INT,
    (array, value, from) => array.indexOf(value, from),
    'Index of the first such element, -1 where there is none.',
  ),
  method(
    'lastIndexOf',
    [param('value', orNull(anything))],
    INT,
    (array, value) => array.lastIndexOf(value),
    'Index of the last such element, -1 where there is none.',
  ),
  method(
    'slice',
    [optional('start', float), optional('end', float)],
    ARRAY,
    (array, start, end) => array.slice(start, end),
    'The elements from `start` to before `end`; negative counts from the end.',
  ),
  method(
    'concat',
    [rest('arrays', anyArray)],
    ARRAY,
    (array, ...arrays) => array.concat(...arrays),
    'The elements of all arrays.',
  ),
  method('toReversed', [], ARRAY, (array) => array.toReversed(), 'The elements from last to first.'),
  method(
    'join',
    [optional('separator', text)],
    STRING,
    (array, separator) => array.map(joinable).join(separator),
    'The elements as one text, `,` or the separator between them; null is written as nothing.',
  ),
  define(FAMILY, {
    id: 'array.toSorted',
    spelling: { kind: 'method', name: 'toSorted' },
    parameters: [param('array', textArray)],
    result: arrayOf(STRING),
    evaluate: (array) => array.toSorted(),
    doc: 'The texts in order of their UTF-16 code units.',
  }),
  define(FAMILY, {
    id: 'array.flat',
    spelling: { kind: 'method', name: 'flat' },
    parameters: [param('array', nested)],
    result: ARRAY,
    evaluate: (array) => array.flat(),
    doc: 'The elements of the elements.',
  }),
];
