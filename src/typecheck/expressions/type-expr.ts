/** The typing of expressions: one entry, one function per kind of expression. It reports and never throws; after a mistake the type is unknown. */
import type { CallExpr, Expr, UnaryExpr, BinaryExpr } from '../../parser/ast.ts';
import type { Scope } from '../scope.ts';
import type { TypedExpr, TypedLiteral } from '../typed.ts';
import type { Type } from '../types.ts';
import { BOOL, isNullable, NULL, nonNull, STRING, typeText } from '../types.ts';
import type { MethodCall } from './access.ts';
import { typeAccess } from './access.ts';
import { isWindowName } from './aggregate-names.ts';
import { typeAggregate } from './aggregates.ts';
import { numberLiteral, typeArithmetic, typeSign } from './arithmetic.ts';
import { conversionHint, nullMistake, typeFunctionCall } from './calls.ts';
import { typeBetween, typeComparison, typeIn, typeIsNull, typeLike } from './comparison.ts';
import { isLineageName, typeLineage } from './lineage.ts';
import { requireBool, typeArray, typeCase, typeCoalesce, typeConditional, typeLogical, typeNot } from './logic.ts';
import { typeName, typeParameter } from './names.ts';
import { assignable, converted, isUnknown } from './relations.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

/**
 * Resolves and types an expression in a scope. With `expected` the result is of that type (converted where the type rules allow it), or a mistake is
 * reported. What is reported goes to `scope.report`; the result of a mistake is a literal of unknown type, which fits everywhere.
 */
export function typeExpr(expr: Expr, scope: Scope, expected?: Type): TypedExpr {
  const typing = typingIn(scope);
  const typed = typing.type(expr, expected);
  if (isMistake(typed)) return typed;
  if (expected !== undefined) return fitted(typed, expected, typing);
  if (typed.type.kind === 'regex') return mistake(typing, 'PS3029', typed.span, { what: 'the value of an expression' });
  return isUnknown(typed.type) ? mistake(typing, 'PS3027', typed.span, {}) : typed;
}

/** A condition of the statement that `what` names (`WHERE`): a bool, or a mistake that says what to compare. */
export function typeCondition(expr: Expr, scope: Scope, what: string): TypedExpr {
  const typing = typingIn(scope);
  const typed = typing.type(expr, BOOL);
  return isMistake(typed) ? typed : requireBool(typed, what, typing);
}

function typingIn(scope: Scope, guarded = false): Typing {
  const typing: Typing = {
    scope,
    guarded,
    type: (expr, expected) => typeOne(expr, expected, typing),
    within: (inner) => (inner === scope ? typing : typingIn(inner, guarded)),
    branch: (inner) => typingIn(inner, true),
  };
  return typing;
}

/** The expression in the expected type, or the mistake that says why it is not. */
function fitted(typed: TypedExpr, expected: Type, typing: Typing): TypedExpr {
  if (assignable(typed.type, expected)) return converted(typed, expected);
  if (expected.kind === 'bool') return requireBool(typed, 'this', typing);
  if (isNullable(typed.type) && typed.type.kind !== 'null' && assignable(nonNull(typed.type), expected)) {
    return nullMistake(typed, null, typed.span, typing);
  }
  const wanted = typeText(expected);
  const hint = conversionHint(typed, wanted);
  return mistake(typing, 'PS3011', typed.span, { wanted, found: typeText(typed.type), hint });
}

function typeOne(expr: Expr, expected: Type | undefined, typing: Typing): TypedExpr {
  switch (expr.kind) {
    case 'string':
    case 'boolean':
    case 'null':
      return literal(expr);
    case 'number':
      return numberLiteral(expr.value, expr.integer, expr.span);
    case 'name-expr':
      return typeName(expr.name, typing);
    case 'parameter':
      return typeParameter(expr, typing);
    case 'array':
      return typeArray(expr, expected, typing);
    case 'parenthesised-expr':
      return typing.type(expr.value, expected);
    case 'member':
    case 'index':
      return typeAccess(expr, typing);
    case 'call':
      return typeCall(expr, typing);
    case 'unary':
      return typeUnary(expr, typing);
    case 'binary':
      return typeBinary(expr, expected, typing);
    case 'conditional':
      return typeConditional(expr, expected, typing);
    case 'case':
      return typeCase(expr, expected, typing);
    case 'in':
      return typeIn(expr, typing);
    case 'between':
      return typeBetween(expr, typing);
    case 'like':
      return typeLike(expr, typing);
    case 'is-null':
      return typeIsNull(expr, typing);
    case 'aggregate':
      return typeAggregate(expr, typing);
  }
}

function literal(expr: Extract<Expr, { kind: 'string' | 'boolean' | 'null' }>): TypedLiteral {
  const { span } = expr;
  if (expr.kind === 'null') return { kind: 'literal', value: null, parameter: null, type: NULL, span };
  return { kind: 'literal', value: expr.value, parameter: null, type: expr.kind === 'string' ? STRING : BOOL, span };
}

function typeCall(expr: CallExpr, typing: Typing): TypedExpr {
  const { callee } = expr;
  if (callee.kind === 'member') return typeAccess({ ...expr, callee } satisfies MethodCall, typing);
  if (callee.kind !== 'name-expr') {
    return mistake(typing, 'PS3014', callee.span, {
      what: 'what is called here',
      hint: 'call a function by its name, or a method of a value',
    });
  }
  const { name } = callee;
  if (!typing.scope.functions.has(name.text)) {
    if (isWindowName(name.text)) {
      return typeAggregate({ ...expr, name, star: false, distinct: false, over: null }, typing);
    }
    if (isLineageName(name.text)) return typeLineage(expr, name.text, typing);
  }
  return typeFunctionCall(expr, name, typing);
}

function typeUnary(expr: UnaryExpr, typing: Typing): TypedExpr {
  return expr.operator === '!' ? typeNot(expr, typing) : typeSign(expr, expr.operator, typing);
}

function typeBinary(expr: BinaryExpr, expected: Type | undefined, typing: Typing): TypedExpr {
  switch (expr.operator) {
    case '&&':
      return typeLogical(expr, 'and', typing);
    case '||':
      return typeLogical(expr, 'or', typing);
    case '??':
      return typeCoalesce(expr, expected, typing);
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return typeComparison(expr, expr.operator, typing);
    default:
      return typeArithmetic(expr, expr.operator, typing);
  }
}
