/** How types relate: what fits where without being written, and what type several values share. */
import type { TypedExpr, TypedLiteral } from '../typed.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Type } from '../types.ts';
import { arrayOf, isNullable, JSON_TYPE, nonNull, nullable, sameType, UNKNOWN } from '../types.ts';

const WIDTH: ReadonlyMap<Type['kind'], number> = new Map([
  ['int', 1],
  ['long', 2],
  ['float', 3],
]);

export function isNumeric(type: Type): boolean {
  return WIDTH.has(type.kind);
}

/** Whether the type, or an element of it, was never told. */
export function isUnknown(type: Type): boolean {
  switch (type.kind) {
    case 'unknown':
      return true;
    case 'array':
      return isUnknown(type.element);
    case 'nullable':
      return isUnknown(type.base);
    default:
      return false;
  }
}

/** Whether every value of `from` is a value of `to`: int → long → float, T → T?, element-wise for arrays, and what JSON can hold → json. */
export function assignable(from: Type, to: Type): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown' || sameType(from, to)) return true;
  if (to.kind === 'nullable') return from.kind === 'null' || assignable(nonNull(from), to.base);
  if (from.kind === 'nullable' || from.kind === 'null') return false;
  const fromWidth = WIDTH.get(from.kind);
  const toWidth = WIDTH.get(to.kind);
  if (fromWidth !== undefined && toWidth !== undefined) return fromWidth <= toWidth;
  if (to.kind === 'json') return isJson(from);
  return from.kind === 'array' && to.kind === 'array' && assignable(from.element, to.element);
}

/** What JSON can hold: text, numbers, bools, and arrays of them (with null). */
function isJson(type: Type): boolean {
  switch (type.kind) {
    case 'string':
    case 'int':
    case 'long':
    case 'float':
    case 'bool':
    case 'json':
    case 'null':
    case 'unknown':
      return true;
    case 'nullable':
      return isJson(type.base);
    case 'array':
      return isJson(type.element);
    default:
      return false;
  }
}

/** The narrowest type that both fit, or null: branches of `?:` and CASE, elements, rows of VALUES, sides of a set operation. */
export function commonType(a: Type, b: Type): Type | null {
  if (a.kind === 'unknown') return b;
  if (b.kind === 'unknown' || sameType(a, b)) return a;
  if (isNullable(a) || isNullable(b)) {
    if (a.kind === 'null') return nullable(b);
    if (b.kind === 'null') return nullable(a);
    const base = commonType(nonNull(a), nonNull(b));
    return base === null ? null : nullable(base);
  }
  if (a.kind === 'array' && b.kind === 'array') {
    const element = commonType(a.element, b.element);
    return element === null ? null : arrayOf(element);
  }
  if (assignable(a, b)) return b;
  if (assignable(b, a)) return a;
  return null;
}

/** The expression as a value of a wider type; null where it does not fit. A literal changes its type, anything else is wrapped. */
export function convertTo(expr: TypedExpr, type: Type): TypedExpr | null {
  if (sameType(expr.type, type) || expr.type.kind === 'unknown' || type.kind === 'unknown') return expr;
  if (!assignable(expr.type, type)) return null;
  return converted(expr, type);
}

/** {@link convertTo} where the caller already knows that the expression fits. */
export function converted(expr: TypedExpr, type: Type): TypedExpr {
  if (sameType(expr.type, type)) return expr;
  if (expr.kind === 'literal' || expr.kind === 'array') return { ...expr, type };
  return { kind: 'convert', value: expr, type, span: expr.span };
}

/** A value that a guard has shown not to be null, as a T: the object of a `?.` behind its guard. */
export function asNonNull(expr: TypedExpr): TypedExpr {
  if (!isNullable(expr.type)) return expr;
  return { kind: 'convert', value: expr, type: nonNull(expr.type), span: expr.span };
}

/** Stands where a mistake was reported. */
export function unknownAt(span: Span): TypedLiteral {
  return { kind: 'literal', value: null, parameter: null, type: UNKNOWN, span };
}

/** Whether values of the type have an order: numbers, strings, datetimes. */
export function isOrdered(type: Type): boolean {
  return isNumeric(type) || type.kind === 'string' || type.kind === 'datetime';
}

/** Whether a value of `json` may be compared with one of the type by content. */
export function comparesAsJson(type: Type): boolean {
  return type.kind !== 'null' && assignable(type, JSON_TYPE);
}
