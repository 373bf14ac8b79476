/** The eager operators. `&&`, `||`, `??` and `?:` are not calls: they evaluate an operand only where it decides. */
import { BOOL, LONG, STRING } from '../types.ts';
import type { FunctionEntry, Shape } from './entry.ts';
import { bool, datetime, define, float, int, long, param, text } from './entry.ts';
import { fail } from './failure.ts';

export const MAX_INT = 2_147_483_647;
export const MIN_INT = -2_147_483_648;

/** An int result; the sum turns ECMAScript's −0 into 0. */
export function asInt(value: number, what: () => string): number {
  return value <= MAX_INT && value >= MIN_INT ? value + 0 : fail('PR2002', { type: 'int', what: what() });
}

/** A long result: exact, since every result beyond ±(2^53−1) also rounds beyond it. */
export function asLong(value: number, what: () => string): number {
  return Math.abs(value) <= Number.MAX_SAFE_INTEGER ? value + 0 : fail('PR2002', { type: 'long', what: what() });
}

const FAMILY = 'Operators';

function operator(
  id: string,
  written: string,
  shape: Shape<number>,
  evaluate: (a: number, b: number) => number,
  doc: string,
) {
  return define(FAMILY, {
    id,
    spelling: { kind: 'operator', operator: written },
    parameters: [param('a', shape), param('b', shape)],
    result: shape.pattern,
    nulls: 'lift',
    evaluate,
    doc,
  });
}

function divisor(b: number, a: number, written: '/' | '%'): number {
  return b === 0 ? fail('PR2001', { operator: written, left: a }) : b;
}

const arithmetic: readonly FunctionEntry[] = [
  operator('int.add', '+', int, (a, b) => asInt(a + b, () => `${a} + ${b}`), 'Sum; overflow is an error.'),
  operator('long.add', '+', long, (a, b) => asLong(a + b, () => `${a} + ${b}`), 'Sum; overflow is an error.'),
  operator('float.add', '+', float, (a, b) => a + b, 'Sum.'),
  operator('int.subtract', '-', int, (a, b) => asInt(a - b, () => `${a} - ${b}`), 'Difference; overflow is an error.'),
  operator(
    'long.subtract',
    '-',
    long,
    (a, b) => asLong(a - b, () => `${a} - ${b}`),
    'Difference; overflow is an error.',
  ),
  operator('float.subtract', '-', float, (a, b) => a - b, 'Difference.'),
  operator('int.multiply', '*', int, (a, b) => asInt(a * b, () => `${a} * ${b}`), 'Product; overflow is an error.'),
  operator('long.multiply', '*', long, (a, b) => asLong(a * b, () => `${a} * ${b}`), 'Product; overflow is an error.'),
  operator('float.multiply', '*', float, (a, b) => a * b, 'Product.'),
  operator(
    'float.divide',
    '/',
    float,
    (a, b) => a / divisor(b, a, '/'),
    'Quotient, always a float (`Math.trunc(a / b)` for whole numbers); division by zero is an error.',
  ),
  operator(
    'int.remainder',
    '%',
    int,
    (a, b) => (a % divisor(b, a, '%')) + 0,
    'Remainder with the sign of the left operand; by zero is an error.',
  ),
  operator(
    'long.remainder',
    '%',
    long,
    (a, b) => (a % divisor(b, a, '%')) + 0,
    'Remainder with the sign of the left operand; by zero is an error.',
  ),
  operator(
    'float.remainder',
    '%',
    float,
    (a, b) => a % divisor(b, a, '%'),
    'Remainder with the sign of the left operand; by zero is an error.',
  ),
];

function negation(id: string, shape: Shape<number>, evaluate: (a: number) => number): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling: { kind: 'operator', operator: 'unary -' },
    parameters: [param('a', shape)],
    result: shape.pattern,
    nulls: 'lift',
    evaluate,
    doc: 'The opposite number.',
  });
}

const unary: readonly FunctionEntry[] = [
  negation('int.negate', int, (a) => asInt(-a, () => `-(${a})`)),
  negation('long.negate', long, (a) => -a + 0),
  negation('float.negate', float, (a) => -a),
  define(FAMILY, {
    id: 'bool.not',
    spelling: { kind: 'operator', operator: '!' },
    parameters: [param('a', bool)],
    result: BOOL,
    evaluate: (a) => !a,
    doc: 'The opposite; also written NOT.',
  }),
];

const others: readonly FunctionEntry[] = [
  define(FAMILY, {
    id: 'string.add',
    spelling: { kind: 'operator', operator: '+' },
    parameters: [param('a', text), param('b', text)],
    result: STRING,
    nulls: 'lift',
    evaluate: (a, b) => a + b,
    doc: 'Both texts in one; a number or bool beside a string is written as `String(x)` writes it.',
  }),
  define(FAMILY, {
    id: 'datetime.subtract',
    spelling: { kind: 'operator', operator: '-' },
    parameters: [param('a', datetime), param('b', datetime)],
    result: LONG,
    nulls: 'lift',
    evaluate: (a, b) => asLong(a - b, () => `${a} - ${b}`),
    doc: 'Milliseconds from `b` to `a`.',
  }),
];

export const arithmeticOperators: readonly FunctionEntry[] = [...arithmetic, ...unary, ...others];
