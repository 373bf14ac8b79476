/** Members of numbers and of `Number`, and the global functions that read numbers. */
import type { Type } from '../types.ts';
import { BOOL, FLOAT, LONG, STRING } from '../types.ts';
import type { Args, FunctionEntry, Param, RuntimeValue, Spelling } from './entry.ts';
import { bool, define, float, optional, param, text } from './entry.ts';

const FAMILY = 'Numbers';
const self = param('number', float);

function method<const P extends readonly Param<unknown>[]>(
  name: string,
  parameters: P,
  evaluate: (...args: Args<readonly [Param<number>, ...P]>) => RuntimeValue,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id: `number.${name}`,
    spelling: { kind: 'method', name },
    parameters: [self, ...parameters],
    result: STRING,
    evaluate,
    doc,
  });
}

const methods: readonly FunctionEntry[] = [
  method(
    'toFixed',
    [optional('digits', float)],
    (value, digits) => value.toFixed(digits),
    'With so many digits behind the point (0 to 100).',
  ),
  method(
    'toPrecision',
    [optional('digits', float)],
    (value, digits) => value.toPrecision(digits),
    'With so many significant digits (1 to 100).',
  ),
  method(
    'toExponential',
    [optional('digits', float)],
    (value, digits) => value.toExponential(digits),
    'With an exponent and so many digits behind the point (0 to 100).',
  ),
  method(
    'toString',
    [optional('radix', float)],
    (value, radix) => value.toString(radix),
    'As text, in base 10 or another from 2 to 36.',
  ),
];

function predicate(spelling: Spelling, id: string, evaluate: (value: number) => boolean, doc: string): FunctionEntry {
  return define(FAMILY, { id, spelling, parameters: [param('x', float)], result: BOOL, evaluate, doc });
}

function ofNumber(name: string): Spelling {
  return { kind: 'static', namespace: 'Number', name };
}

function global(name: string): Spelling {
  return { kind: 'function', name };
}

const predicates: readonly FunctionEntry[] = [
  predicate(ofNumber('isInteger'), 'Number.isInteger', (x) => Number.isInteger(x), 'Whether the number is whole.'),
  predicate(
    ofNumber('isSafeInteger'),
    'Number.isSafeInteger',
    (x) => Number.isSafeInteger(x),
    'Whether the number is whole and within ±(2^53−1).',
  ),
  predicate(
    ofNumber('isFinite'),
    'Number.isFinite',
    (x) => Number.isFinite(x),
    'Whether it is neither NaN nor infinite.',
  ),
  predicate(ofNumber('isNaN'), 'Number.isNaN', (x) => Number.isNaN(x), 'Whether it is NaN.'),
  predicate(global('isFinite'), 'isFinite', (x) => Number.isFinite(x), 'Whether it is neither NaN nor infinite.'),
  predicate(global('isNaN'), 'isNaN', (x) => Number.isNaN(x), 'Whether it is NaN.'),
];

function parseFloatEntry(spelling: Spelling, id: string): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling,
    parameters: [param('text', text)],
    result: FLOAT,
    evaluate: (text) => Number.parseFloat(text),
    doc: 'The number a text begins with; NaN where it begins with none. `float(text)` is strict.',
  });
}

function parseIntEntry(spelling: Spelling, id: string): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling,
    parameters: [param('text', text), optional('radix', float)],
    result: FLOAT,
    evaluate: (text, radix) => Number.parseInt(text, radix),
    doc: 'The whole number a text begins with, as a float; NaN where it begins with none. `int(text)` is strict.',
  });
}

const parsing: readonly FunctionEntry[] = [
  parseFloatEntry(ofNumber('parseFloat'), 'Number.parseFloat'),
  parseFloatEntry(global('parseFloat'), 'parseFloat'),
  parseIntEntry(ofNumber('parseInt'), 'Number.parseInt'),
  parseIntEntry(global('parseInt'), 'parseInt'),
];

/** A constant of a namespace, such as `Math.PI`. */
export function constant(
  family: string,
  namespace: string,
  name: string,
  result: Type,
  value: number,
  doc: string,
): FunctionEntry {
  return define(family, {
    id: `${namespace}.${name}`,
    spelling: { kind: 'constant', namespace, name },
    parameters: [],
    result,
    evaluate: () => value,
    doc,
  });
}

const constants: readonly FunctionEntry[] = [
  constant(FAMILY, 'Number', 'MAX_SAFE_INTEGER', LONG, Number.MAX_SAFE_INTEGER, 'The largest long, 2^53−1.'),
  constant(FAMILY, 'Number', 'MIN_SAFE_INTEGER', LONG, Number.MIN_SAFE_INTEGER, 'The smallest long, −(2^53−1).'),
  constant(FAMILY, 'Number', 'MAX_VALUE', FLOAT, Number.MAX_VALUE, 'The largest finite float.'),
  constant(FAMILY, 'Number', 'MIN_VALUE', FLOAT, Number.MIN_VALUE, 'The smallest positive float.'),
  constant(FAMILY, 'Number', 'EPSILON', FLOAT, Number.EPSILON, 'The gap between 1 and the next float.'),
  constant(FAMILY, 'Number', 'POSITIVE_INFINITY', FLOAT, Number.POSITIVE_INFINITY, 'Infinity.'),
  constant(FAMILY, 'Number', 'NEGATIVE_INFINITY', FLOAT, Number.NEGATIVE_INFINITY, 'Negative infinity.'),
  constant(FAMILY, 'Number', 'NaN', FLOAT, Number.NaN, 'Not a number.'),
];

const bools: readonly FunctionEntry[] = [
  define('Booleans', {
    id: 'bool.toString',
    spelling: { kind: 'method', name: 'toString' },
    parameters: [param('value', bool)],
    result: STRING,
    evaluate: String,
    doc: '`true` or `false`.',
  }),
];

export const numberFunctions: readonly FunctionEntry[] = [
  ...methods,
  ...predicates,
  ...parsing,
  ...constants,
  ...bools,
];
