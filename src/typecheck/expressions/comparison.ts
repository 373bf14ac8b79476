/** Comparisons, which never convert a text or a bool, and are two-valued: with null an ordering is false, and `null == null` true. */
import type { Span } from '../../diagnostics/span.ts';
import type { BetweenExpr, BinaryExpr, BinaryOperator, InExpr, IsNullExpr, LikeExpr } from '../../parser/ast.ts';
import type { TypedCall, TypedExpr } from '../typed.ts';
import type { Type } from '../types.ts';
import { arrayOf, BOOL, isNullable, nonNull, nullable, sameType, STRING, typeText } from '../types.ts';
import { checked } from './checks.ts';
import { assignable, commonType, converted, isNumeric, isOrdered, isUnknown, unknownAt } from './relations.ts';
import { expressionText, jsonHint } from './text.ts';
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

export type ComparisonOperator = Extract<BinaryOperator, '==' | '!=' | '<' | '<=' | '>' | '>='>;

const ENTRIES: Readonly<Record<ComparisonOperator, string>> = {
  '==': 'equal',
  '!=': 'not-equal',
  '<': 'less',
  '<=': 'less-or-equal',
  '>': 'greater',
  '>=': 'greater-or-equal',
};

function boolCall(fn: string, args: readonly TypedExpr[], span: Span, typing: Typing): TypedExpr {
  return checked({ kind: 'call', fn, args, type: BOOL, span } satisfies TypedCall, typing);
}

/** `!x` where `negated` was written into the operator (`NOT IN`). */
export function negatedIf(negated: boolean, expr: TypedExpr): TypedExpr {
  return negated && !isMistake(expr)
    ? { kind: 'call', fn: 'bool.not', args: [expr], type: BOOL, span: expr.span }
    : expr;
}

export function typeComparison(expr: BinaryExpr, operator: ComparisonOperator, typing: Typing): TypedExpr {
  const left = typing.type(expr.left);
  const right = typing.type(expr.right);
  if (isMistake(left) || isMistake(right)) return unknownAt(expr.span);
  if (left.type.kind === 'null' || right.type.kind === 'null')
    return nullComparison(left, operator, right, expr.span, typing);
  return operator === '==' || operator === '!='
    ? equality(left, operator, right, expr.span, typing)
    : ordering(left, operator, right, expr.span, typing);
}

/** `x == null` is `x IS NULL`. */
function nullComparison(
  left: TypedExpr,
  operator: ComparisonOperator,
  right: TypedExpr,
  span: Span,
  typing: Typing,
): TypedExpr {
  const value = left.type.kind === 'null' ? right : left;
  if (operator === '==' || operator === '!=') return nullTest(value, operator === '!=', span, typing);
  return mistake(typing, 'PS3007', span, {
    operator,
    left: typeText(left.type),
    right: typeText(right.type),
    hint: 'nothing is before or behind null; test it with == null or != null',
  });
}

function nullTest(value: TypedExpr, negated: boolean, span: Span, typing: Typing): TypedExpr {
  if (!isNullable(value.type) && value.type.kind !== 'json') {
    typing.scope.report(diagnostic('PS3025', span, { what: expressionText(value), always: negated }));
  }
  return boolCall(negated ? 'is-not-null' : 'is-null', [value], span, typing);
}

export function typeIsNull({ value, negated, span }: IsNullExpr, typing: Typing): TypedExpr {
  const typed = typing.type(value);
  return isMistake(typed) ? unknownAt(span) : nullTest(typed, negated, span, typing);
}

/** The type both sides are compared in; null where no value is in both. A regex compares with nothing. */
function comparedIn(a: Type, b: Type): Type | null {
  return a.kind === 'regex' || b.kind === 'regex' ? null : commonType(nonNull(a), nonNull(b));
}

/** The side in the type it is compared in; whether it may be null stays. */
function side(expr: TypedExpr, base: Type): TypedExpr {
  if (sameType(nonNull(expr.type), base) || expr.type.kind === 'null') return expr;
  return converted(expr, isNullable(expr.type) ? nullable(base) : base);
}

/** A comparison with one of these two always gives the same answer: the message says what to compare instead. */
function comparisonHint(left: TypedExpr, right: TypedExpr): string | null {
  for (const [text, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (nonNull(text.type).kind !== 'string') continue;
    const shown = expressionText(text);
    if (isNumeric(nonNull(other.type)))
      return isNumberText(text) ? `leave the quotes out: ${shown.slice(1, -1)}` : `write Number(${shown})`;
    if (nonNull(other.type).kind === 'datetime') return `write parseDate(${shown})`;
    if (nonNull(other.type).kind === 'bool') return `write ${shown} == "true", or bool(${shown})`;
  }
  return null;
}

/** `1 < n < 5`, as Python has it. */
function chainHint(left: TypedExpr, operator: string, right: TypedExpr): string | null {
  if (left.kind !== 'call' || left.type.kind !== 'bool' || !Object.values(ENTRIES).includes(left.fn)) return null;
  const [, middle] = left.args;
  if (middle === undefined) return null;
  return `write ${expressionText(left)} && ${expressionText(middle)} ${operator} ${expressionText(right)}`;
}

function isNumberText(expr: TypedExpr): boolean {
  return (
    expr.kind === 'literal' &&
    expr.parameter === null &&
    typeof expr.value === 'string' &&
    /^-?\d+(?:\.\d+)?$/u.test(expr.value)
  );
}

function equality(left: TypedExpr, operator: '==' | '!=', right: TypedExpr, span: Span, typing: Typing): TypedExpr {
  const base = comparedIn(left.type, right.type);
  if (base === null) return incomparable(left, operator, right, span, typing);
  return boolCall(ENTRIES[operator], [side(left, base), side(right, base)], span, typing);
}

function incomparable(left: TypedExpr, operator: string, right: TypedExpr, span: Span, typing: Typing): TypedExpr {
  const hint = chainHint(left, operator, right) ?? comparisonHint(left, right);
  return mistake(typing, 'PS3008', span, { operator, left: typeText(left.type), right: typeText(right.type), hint });
}

function ordering(
  left: TypedExpr,
  operator: ComparisonOperator,
  right: TypedExpr,
  span: Span,
  typing: Typing,
): TypedExpr {
  const base = comparedIn(left.type, right.type);
  if (base === null) return incomparable(left, operator, right, span, typing);
  if (!isOrdered(base)) return unordered(left, operator, right, span, typing);
  return boolCall(ENTRIES[operator], [side(left, base), side(right, base)], span, typing);
}

function unordered(left: TypedExpr, operator: string, right: TypedExpr, span: Span, typing: Typing): TypedExpr {
  const [json] = [left, right].filter(({ type }) => nonNull(type).kind === 'json');
  const hint = json === undefined ? 'numbers, strings and datetimes have an order' : jsonHint(json);
  return mistake(typing, 'PS3007', span, { operator, left: typeText(left.type), right: typeText(right.type), hint });
}

export function typeBetween({ value, low, high, negated, span }: BetweenExpr, typing: Typing): TypedExpr {
  const parts = [typing.type(value), typing.type(low), typing.type(high)] as const;
  if (parts.some(isMistake)) return unknownAt(span);
  const [typed, ...bounds] = parts;
  let base: Type = nonNull(typed.type);
  for (const bound of bounds) {
    const common = comparedIn(base, bound.type);
    if (common === null) return incomparable(typed, 'BETWEEN', bound, span, typing);
    base = common;
  }
  if (!isOrdered(base)) return unordered(typed, 'BETWEEN', bounds[0], span, typing);
  return negatedIf(
    negated,
    boolCall(
      'between',
      parts.map((part) => side(part, base)),
      span,
      typing,
    ),
  );
}

/** `x IN (a, b)`, or `x IN (array)`. */
export function typeIn({ value, list, negated, span }: InExpr, typing: Typing): TypedExpr {
  const typed = typing.type(value);
  const elements = list.map((element) => typing.type(element));
  if (isMistake(typed) || elements.some(isMistake)) return unknownAt(span);
  const [only] = elements;
  const array = elements.length === 1 && only !== undefined && nonNull(only.type).kind === 'array' ? only : null;
  const found = array === null ? inList(typed, elements, span, typing) : inArray(typed, array, span, typing);
  return negatedIf(negated, found);
}

function inList(value: TypedExpr, elements: readonly TypedExpr[], span: Span, typing: Typing): TypedExpr {
  let base: Type = nonNull(value.type);
  for (const element of elements) {
    const common = element.type.kind === 'null' ? base : comparedIn(base, element.type);
    if (common === null) return incomparable(value, 'IN', element, element.span, typing);
    base = common;
  }
  const nulls = elements.some(({ type }) => isNullable(type));
  const type = arrayOf(nulls ? nullable(base) : base);
  const list: TypedExpr = { kind: 'array', elements: elements.map((element) => side(element, base)), type, span };
  return boolCall('in', [side(value, base), list], span, typing);
}

function inArray(value: TypedExpr, array: TypedExpr, span: Span, typing: Typing): TypedExpr {
  const type = nonNull(array.type);
  if (type.kind !== 'array') return unknownAt(span);
  if (isNullable(array.type)) {
    return mistake(typing, 'PS3009', array.span, {
      what: expressionText(array),
      type: typeText(array.type),
      hint: `write (${expressionText(array)} ?? [])`,
    });
  }
  const base = comparedIn(value.type, type.element);
  if (base === null || !(isUnknown(type.element) || assignable(nonNull(type.element), base))) {
    return incomparable(value, 'IN', array, span, typing);
  }
  return boolCall('in', [side(value, base), array], span, typing);
}

export function typeLike({ value, pattern, negated, span }: LikeExpr, typing: Typing): TypedExpr {
  const typed = typing.type(value);
  const like = typing.type(pattern);
  if (isMistake(typed) || isMistake(like)) return unknownAt(span);
  for (const part of [typed, like]) {
    if (!assignable(part.type, nullable(STRING))) {
      const hint = `write String(${expressionText(part)})`;
      return mistake(typing, 'PS3007', part.span, { operator: 'LIKE', left: typeText(part.type), right: null, hint });
    }
  }
  return negatedIf(negated, boolCall('like', [typed, like], span, typing));
}
