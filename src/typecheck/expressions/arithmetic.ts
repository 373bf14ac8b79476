/** `+ - * / %` and the signs. Both sides of an operation get the wider type; an operand that may be null makes a result that may. */
import type { Span } from '../../diagnostics/span.ts';
import type { BinaryExpr, BinaryOperator, UnaryExpr } from '../../parser/ast.ts';
import { operatorsByText } from '../functions/table.ts';
import type { TypedExpr } from '../typed.ts';
import type { Type } from '../types.ts';
import { FLOAT, INT, isNullable, LONG, nonNull, nullable, STRING, typeText } from '../types.ts';
import { callOf } from './calls.ts';
import { checked } from './checks.ts';
import { isNumeric, unknownAt } from './relations.ts';
import { expressionText, jsonHint } from './text.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

export type ArithmeticOperator = Extract<BinaryOperator, '+' | '-' | '*' | '/' | '%'>;

export function typeArithmetic(expr: BinaryExpr, operator: ArithmeticOperator, typing: Typing): TypedExpr {
  const left = typing.type(expr.left);
  const right = typing.type(expr.right);
  if (isMistake(left) || isMistake(right)) return unknownAt(expr.span);
  if (left.type.kind === 'null' || right.type.kind === 'null') {
    return mistake(typing, 'PS3013', (left.type.kind === 'null' ? left : right).span, { operator });
  }
  return operation(left, operator, right, expr.span, typing);
}

function operation(
  left: TypedExpr,
  operator: ArithmeticOperator,
  right: TypedExpr,
  span: Span,
  typing: Typing,
): TypedExpr {
  const [a, b] = [nonNull(left.type), nonNull(right.type)];
  const entries = operatorsByText.get(operator) ?? [];
  if ((isNumeric(a) && isNumeric(b)) || (operator === '-' && a.kind === 'datetime' && b.kind === 'datetime')) {
    return callOf(entries, [left, right], span, typing);
  }
  if (operator === '+' && (a.kind === 'string' || b.kind === 'string') && joins(a) && joins(b)) {
    return callOf(entries, [asText(left), asText(right)], span, typing);
  }
  const hint = operationHint(left, operator, right);
  return mistake(typing, 'PS3007', span, { operator, left: typeText(left.type), right: typeText(right.type), hint });
}

/** What `+` beside a string writes as `String(x)` does. A datetime has many texts, JSON may be anything: there the script says which. */
function joins(type: Type): boolean {
  return type.kind === 'string' || type.kind === 'bool' || isNumeric(type);
}

function asText(expr: TypedExpr): TypedExpr {
  const base = nonNull(expr.type);
  if (base.kind === 'string') return expr;
  const type = isNullable(expr.type) ? nullable(STRING) : STRING;
  return { kind: 'call', fn: `String.${base.kind}`, args: [expr], type, span: expr.span };
}

function operationHint(left: TypedExpr, operator: string, right: TypedExpr): string | null {
  const [a, b] = [nonNull(left.type).kind, nonNull(right.type).kind];
  const text = [left, right].find((side) => nonNull(side.type).kind === 'string');
  if (operator === '+' && (a === 'array' || b === 'array')) return 'arrays are joined by a.concat(b)';
  if (operator === '+' && text !== undefined) {
    const other = text === left ? right : left;
    if (a === 'datetime' || b === 'datetime')
      return `write ${expressionText(other)}.toISOString() or formatDate(${expressionText(other)}, "yyyy-MM-dd")`;
    return `write String(${expressionText(other)})`;
  }
  if (a === 'datetime' || b === 'datetime') return 'count in milliseconds: datetime(d.getTime() + milliseconds)';
  const [json] = [left, right].filter((side) => nonNull(side.type).kind === 'json');
  if (json !== undefined) return jsonHint(json);
  return text === undefined
    ? null
    : `a text is no number; write Number(${expressionText(text)}) or int(${expressionText(text)})`;
}

export function typeSign(expr: UnaryExpr, operator: '-' | '+', typing: Typing): TypedExpr {
  const { operand, span } = expr;
  if (operand.kind === 'number' && operator === '-') return numberLiteral(-operand.value, operand.integer, span);
  const value = typing.type(operand);
  if (isMistake(value)) return unknownAt(span);
  const base = nonNull(value.type);
  if (!isNumeric(base)) {
    const hint = base.kind === 'string' || base.kind === 'json' ? `write Number(${expressionText(value)})` : null;
    return mistake(typing, 'PS3007', span, { operator, left: typeText(value.type), right: null, hint });
  }
  if (operator === '+') return value;
  return checked({ kind: 'call', fn: `${base.kind}.negate`, args: [value], type: value.type, span }, typing);
}

/** A whole number is an int where it fits 32 bits, else a long where it fits one; any other number is a float. */
export function numberLiteral(value: number, integer: boolean, span: Span): TypedExpr {
  const whole = integer && Number.isSafeInteger(value);
  const type = whole ? (value === (value | 0) ? INT : LONG) : FLOAT;
  return { kind: 'literal', value: whole ? value + 0 : value, parameter: null, type, span };
}
