/**
 * Calls that are written in place instead of calling their evaluator: arithmetic, comparisons. A template must give exactly the evaluator's
 * result; where its `guard` holds the evaluator itself is called, which gives the exact answer or the error.
 */
import { MAX_INT, MIN_INT } from '../../typecheck/functions/arithmetic.ts';
import type { Type } from '../../typecheck/types.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Place } from './code.ts';

export interface Template {
  readonly value: string;
  /** A condition on the operands or on `result`; null where the value always stands. */
  readonly guard: ((result: string) => string) | null;
}

/** An arithmetic template of its operands' values; nulls are looked after around it. */
export type ArithmeticTemplate = (a: string, b: string) => Template;

const intRange = (result: string): string => `${result} > ${MAX_INT} || ${result} < ${MIN_INT}`;
const longRange = (result: string): string =>
  `${result} > ${Number.MAX_SAFE_INTEGER} || ${result} < ${Number.MIN_SAFE_INTEGER}`;

function infix(operator: string, guard: Template['guard']): ArithmeticTemplate {
  return (a, b) => ({ value: `${a} ${operator} ${b}`, guard });
}

/** Whole numbers have no −0. */
function wholeInfix(operator: string, guard: Template['guard']): ArithmeticTemplate {
  return (a, b) => ({ value: `${a} ${operator} ${b} + 0`, guard });
}

function divided(operator: string, zero: '' | ' + 0'): ArithmeticTemplate {
  return (a, b) => ({ value: `${a} ${operator} ${b}${zero}`, guard: () => `${b} === 0` });
}

export const arithmeticTemplates: ReadonlyMap<string, ArithmeticTemplate> = new Map([
  ['int.add', wholeInfix('+', intRange)],
  ['int.subtract', wholeInfix('-', intRange)],
  ['int.multiply', wholeInfix('*', intRange)],
  ['int.remainder', divided('%', ' + 0')],
  ['long.add', wholeInfix('+', longRange)],
  ['long.subtract', wholeInfix('-', longRange)],
  ['long.multiply', wholeInfix('*', longRange)],
  ['long.remainder', divided('%', ' + 0')],
  ['float.add', infix('+', null)],
  ['float.subtract', infix('-', null)],
  ['float.multiply', infix('*', null)],
  ['float.divide', divided('/', '')],
  ['float.remainder', divided('%', '')],
  ['string.add', infix('+', null)],
  ['float.negate', (a) => ({ value: `-(${a})`, guard: null })],
  ['bool.not', (a) => ({ value: `!${a}`, guard: null })],
]);

/** Whether `===` is `==` of the type. */
function isScalar(type: Type): boolean {
  const { kind } = nonNull(type);
  return kind !== 'array' && kind !== 'json' && kind !== 'bytes' && kind !== 'regex';
}

const ORDERINGS: ReadonlyMap<string, string> = new Map([
  ['less', '<'],
  ['less-or-equal', '<='],
  ['greater', '>'],
  ['greater-or-equal', '>='],
]);

interface Operand extends Place {
  readonly type: Type;
}

/** Comparisons see nulls themselves, so their templates take places; null where the entry has none for these types. */
export function comparisonTemplate(fn: string, operands: readonly Operand[]): string | null {
  const [a, b, c] = operands;
  if (a === undefined) return null;
  if (fn === 'is-null') return a.isNull;
  if (fn === 'is-not-null') return `!(${a.isNull})`;
  if (b === undefined) return null;
  const ordering = ORDERINGS.get(fn);
  if (ordering !== undefined) return both([a, b], `${a.value} ${ordering} ${b.value}`);
  if (fn === 'between' && c !== undefined)
    return both([a, b, c], `${b.value} <= ${a.value} && ${a.value} <= ${c.value}`);
  if ((fn !== 'equal' && fn !== 'not-equal') || !isScalar(a.type) || !isScalar(b.type)) return null;
  const equal = equality(a, b);
  return fn === 'equal' ? equal : `!(${equal})`;
}

/** The condition, where no operand is null. */
function both(operands: readonly Place[], condition: string): string {
  const guards = operands.filter(({ isNull }) => isNull !== 'false').map(({ isNull }) => `!${isNull}`);
  return [...guards, condition].join(' && ');
}

function equality(a: Place, b: Place): string {
  if (a.isNull === 'false' || b.isNull === 'false') return both([a, b], `${a.value} === ${b.value}`);
  return `(${a.isNull} ? ${b.isNull} : !${b.isNull} && ${a.value} === ${b.value})`;
}
