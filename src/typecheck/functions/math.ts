/** `Math`, without `random`: an expression gives the same answer every time. */
import { FLOAT, INT } from '../types.ts';
import { asInt } from './arithmetic.ts';
import type { FunctionEntry, Shape } from './entry.ts';
import { define, float, int, long, param, rest } from './entry.ts';
import { constant } from './number.ts';

const FAMILY = 'Math';

type OneNumber =
  | 'sqrt'
  | 'cbrt'
  | 'exp'
  | 'expm1'
  | 'log'
  | 'log2'
  | 'log10'
  | 'log1p'
  | 'sin'
  | 'cos'
  | 'tan'
  | 'asin'
  | 'acos'
  | 'atan'
  | 'sinh'
  | 'cosh'
  | 'tanh'
  | 'asinh'
  | 'acosh'
  | 'atanh'
  | 'fround';

function ofOne(
  id: string,
  name: string,
  shape: Shape<number>,
  evaluate: (x: number) => number,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling: { kind: 'static', namespace: 'Math', name },
    parameters: [param('x', shape)],
    result: shape.pattern,
    evaluate,
    doc,
  });
}

function real(name: OneNumber, doc: string): FunctionEntry {
  return ofOne(`Math.${name}`, name, float, (x) => Math[name](x), doc);
}

/** Of a whole number the number itself, so that it stays an int or long. */
function rounding(name: 'floor' | 'ceil' | 'round' | 'trunc', doc: string): readonly FunctionEntry[] {
  return [
    ofOne(`Math.${name}.int`, name, int, (x) => x, doc),
    ofOne(`Math.${name}.long`, name, long, (x) => x, doc),
    ofOne(`Math.${name}`, name, float, (x) => Math[name](x), doc),
  ];
}

function ofTwo(name: 'pow' | 'atan2', first: string, second: string, doc: string): FunctionEntry {
  return define(FAMILY, {
    id: `Math.${name}`,
    spelling: { kind: 'static', namespace: 'Math', name },
    parameters: [param(first, float), param(second, float)],
    result: FLOAT,
    evaluate: (a, b) => Math[name](a, b),
    doc,
  });
}

function ofMany(name: 'min' | 'max' | 'hypot', id: string, shape: Shape<number>, doc: string): FunctionEntry {
  return define(FAMILY, {
    id,
    spelling: { kind: 'static', namespace: 'Math', name },
    parameters: [param('x', shape), rest('more', shape)],
    result: shape.pattern,
    evaluate: (x, ...more) => Math[name](x, ...more),
    doc,
  });
}

function extreme(name: 'min' | 'max', doc: string): readonly FunctionEntry[] {
  return [
    ofMany(name, `Math.${name}.int`, int, doc),
    ofMany(name, `Math.${name}.long`, long, doc),
    ofMany(name, `Math.${name}`, float, doc),
  ];
}

const ABS = 'The number without its sign; of the smallest int an error.';
const SIGN = '-1, 0 or 1.';

export const mathFunctions: readonly FunctionEntry[] = [
  ofOne('Math.abs.int', 'abs', int, (x) => asInt(Math.abs(x), () => `Math.abs(${x})`), ABS),
  ofOne('Math.abs.long', 'abs', long, (x) => Math.abs(x), ABS),
  ofOne('Math.abs', 'abs', float, (x) => Math.abs(x), ABS),
  ofOne('Math.sign.int', 'sign', int, (x) => Math.sign(x), SIGN),
  ofOne('Math.sign.long', 'sign', long, (x) => Math.sign(x), SIGN),
  ofOne('Math.sign', 'sign', float, (x) => Math.sign(x), SIGN),
  ...rounding('floor', 'The next whole number below.'),
  ...rounding('ceil', 'The next whole number above.'),
  ...rounding('round', 'The nearest whole number; halves go up.'),
  ...rounding('trunc', 'The whole number without the fraction.'),
  ...extreme('min', 'The smallest; NaN where one is NaN.'),
  ...extreme('max', 'The largest; NaN where one is NaN.'),
  real('sqrt', 'Square root; NaN of a negative number.'),
  real('cbrt', 'Cube root.'),
  ofTwo('pow', 'base', 'exponent', '`base` to the power of `exponent`.'),
  ofMany('hypot', 'Math.hypot', float, 'Square root of the sum of squares.'),
  real('exp', 'e to the power of x.'),
  real('expm1', 'e to the power of x, minus 1.'),
  real('log', 'Natural logarithm; NaN of a negative number.'),
  real('log1p', 'Natural logarithm of 1 + x.'),
  real('log2', 'Logarithm to base 2.'),
  real('log10', 'Logarithm to base 10.'),
  real('sin', 'Sine of an angle in radians.'),
  real('cos', 'Cosine of an angle in radians.'),
  real('tan', 'Tangent of an angle in radians.'),
  real('asin', 'Arc sine, in radians.'),
  real('acos', 'Arc cosine, in radians.'),
  real('atan', 'Arc tangent, in radians.'),
  ofTwo('atan2', 'y', 'x', 'Angle of the point (x, y), in radians.'),
  real('sinh', 'Hyperbolic sine.'),
  real('cosh', 'Hyperbolic cosine.'),
  real('tanh', 'Hyperbolic tangent.'),
  real('asinh', 'Inverse hyperbolic sine.'),
  real('acosh', 'Inverse hyperbolic cosine.'),
  real('atanh', 'Inverse hyperbolic tangent.'),
  real('fround', 'The nearest 32-bit float.'),
  define(FAMILY, {
    id: 'Math.imul',
    spelling: { kind: 'static', namespace: 'Math', name: 'imul' },
    parameters: [param('a', int), param('b', int)],
    result: INT,
    evaluate: (a, b) => Math.imul(a, b),
    doc: 'Product of two ints that wraps at 32 bits.',
  }),
  define(FAMILY, {
    id: 'Math.clz32',
    spelling: { kind: 'static', namespace: 'Math', name: 'clz32' },
    parameters: [param('x', int)],
    result: INT,
    evaluate: (x) => Math.clz32(x),
    doc: 'Number of leading zero bits of the 32.',
  }),
  constant(FAMILY, 'Math', 'PI', FLOAT, Math.PI, 'π.'),
  constant(FAMILY, 'Math', 'E', FLOAT, Math.E, 'e.'),
  constant(FAMILY, 'Math', 'LN2', FLOAT, Math.LN2, 'Natural logarithm of 2.'),
  constant(FAMILY, 'Math', 'LN10', FLOAT, Math.LN10, 'Natural logarithm of 10.'),
  constant(FAMILY, 'Math', 'LOG2E', FLOAT, Math.LOG2E, 'Logarithm of e to base 2.'),
  constant(FAMILY, 'Math', 'LOG10E', FLOAT, Math.LOG10E, 'Logarithm of e to base 10.'),
  constant(FAMILY, 'Math', 'SQRT2', FLOAT, Math.SQRT2, 'Square root of 2.'),
  constant(FAMILY, 'Math', 'SQRT1_2', FLOAT, Math.SQRT1_2, 'Square root of 1/2.'),
];
