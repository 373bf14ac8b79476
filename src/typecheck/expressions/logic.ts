/** `&& || ! ?? ?:` and CASE: what evaluates a part only where it decides, and so knows more in that part than outside. */
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { ArrayLiteral, BinaryExpr, CaseExpr, ConditionalExpr, Expr, UnaryExpr } from '../../parser/ast.ts';
import type { TypedExpr } from '../typed.ts';
import type { Type } from '../types.ts';
import { arrayOf, BOOL, isNullable, JSON_TYPE, NULL, nonNull, nullable, typeText, UNKNOWN } from '../types.ts';
import { checked } from './checks.ts';
import { typeComparison } from './comparison.ts';
import { narrow, narrowedBy } from './narrowing.ts';
import { commonType, converted, isNumeric, unknownAt } from './relations.ts';
import { expressionText } from './text.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

/** A part that has to be a bool; what it says of nulls helps the parts behind it. */
export function condition(expr: Expr, what: string, typing: Typing): TypedExpr {
  const typed = typing.type(expr, BOOL);
  return isMistake(typed) ? typed : requireBool(typed, what, typing);
}

export function requireBool(typed: TypedExpr, what: string, typing: Typing): TypedExpr {
  if (typed.type.kind === 'bool') return typed;
  return mistake(typing, 'PS3010', typed.span, {
    what,
    found: typeText(typed.type),
    hint: conditionHint(typed, what.endsWith('||')),
  });
}

/** `||` in SQL, and in TypeScript on texts. */
const JOINING = 'texts are joined with +; a null is replaced with ??';

/** The comparison that was most likely meant. */
function conditionHint(expr: TypedExpr, joins: boolean): string | null {
  const text = expressionText(expr);
  const base = nonNull(expr.type);
  if (base.kind === 'bool') return `write ${text} == true, or ${text} ?? false`;
  if (base.kind === 'string') return joins ? JOINING : `write ${text} != ""`;
  if (isNumeric(base)) return `write ${text} != 0`;
  if (base.kind === 'array') return `write ${text}.length > 0`;
  if (base.kind === 'json') return `write ${text} == true`;
  return expr.type.kind === 'nullable' ? `write ${text} != null` : null;
}

export function typeLogical(expr: BinaryExpr, operator: 'and' | 'or', typing: Typing): TypedExpr {
  const shown = expr.word ? operator.toUpperCase() : operator === 'and' ? '&&' : '||';
  const left = condition(expr.left, `the left side of ${shown}`, typing);
  const known = isMistake(left) ? new Set<string>() : narrowedBy(left, operator === 'and');
  const right = condition(expr.right, `the right side of ${shown}`, typing.branch(narrow(typing.scope, known)));
  if (isMistake(left) || isMistake(right)) return unknownAt(expr.span);
  return { kind: 'logical', operator, left, right, type: BOOL, span: expr.span };
}

export function typeNot({ operand, span }: UnaryExpr, typing: Typing): TypedExpr {
  const value = condition(operand, 'what ! negates', typing);
  if (isMistake(value)) return unknownAt(span);
  return checked({ kind: 'call', fn: 'bool.not', args: [value], type: BOOL, span }, typing);
}

export function typeCoalesce(expr: BinaryExpr, expected: Type | undefined, typing: Typing): TypedExpr {
  const left = typing.type(expr.left, expected === undefined ? undefined : nullable(expected));
  const right = typing.branch(typing.scope).type(expr.right, expected);
  if (isMistake(left) || isMistake(right)) return unknownAt(expr.span);
  if (!isNullable(left.type)) {
    typing.scope.report(diagnostic('PS3026', expr.left.span, { what: expressionText(left) }));
    return left;
  }
  if (left.type.kind === 'null') return right;
  const type = commonType(nonNull(left.type), right.type);
  if (type === null) {
    return mistake(typing, 'PS3012', right.span, {
      what: '??',
      first: typeText(right.type),
      other: typeText(nonNull(left.type)),
    });
  }
  const value = converted(left, nullable(type));
  return { kind: 'coalesce', left: value, right: converted(right, type), type, span: expr.span };
}

export function typeConditional(expr: ConditionalExpr, expected: Type | undefined, typing: Typing): TypedExpr {
  const test = condition(expr.test, 'the condition of ?:', typing);
  const consequent = branch(expr.consequent, test, true, expected, typing);
  const alternate = branch(expr.alternate, test, false, expected, typing);
  return choice(test, consequent, alternate, '?:', expr.span, typing);
}

/** A part that is evaluated only where the test is `when`. */
function branch(expr: Expr, test: TypedExpr, when: boolean, expected: Type | undefined, typing: Typing): TypedExpr {
  const scope = isMistake(test) ? typing.scope : narrow(typing.scope, narrowedBy(test, when));
  return typing.branch(scope).type(expr, expected);
}

function choice(
  test: TypedExpr,
  consequent: TypedExpr,
  alternate: TypedExpr,
  what: string,
  span: Span,
  typing: Typing,
): TypedExpr {
  if (isMistake(test) || isMistake(consequent) || isMistake(alternate)) return unknownAt(span);
  const type = commonType(consequent.type, alternate.type);
  if (type === null) {
    const [first, other] = [typeText(alternate.type), typeText(consequent.type)];
    const place = alternate.kind === 'conditional' && alternate.span === span ? alternate.consequent : alternate;
    return mistake(typing, 'PS3012', place.span, { what, first, other });
  }
  if (type.kind === 'regex') return mistake(typing, 'PS3029', span, { what: `a branch of ${what}` });
  return {
    kind: 'conditional',
    test,
    consequent: converted(consequent, type),
    alternate: converted(alternate, type),
    type,
    span,
  };
}

// ── CASE ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** CASE is a chain of `?:`; without ELSE it ends in null. `CASE x WHEN a` tests `x == a`. */
export function typeCase(expr: CaseExpr, expected: Type | undefined, typing: Typing): TypedExpr {
  return armsFrom(expr, 0, expected, typing);
}

function armsFrom(expr: CaseExpr, at: number, expected: Type | undefined, typing: Typing): TypedExpr {
  const arm = expr.arms[at];
  if (arm === undefined) {
    if (expr.otherwise !== null) return typing.type(expr.otherwise, expected);
    return { kind: 'literal', value: null, parameter: null, type: NULL, span: expr.span };
  }
  const test = armTest(expr.subject, arm.when, typing);
  const value = branch(arm.then, test, true, expected, typing);
  const scope = isMistake(test) ? typing.scope : narrow(typing.scope, narrowedBy(test, false));
  const rest = armsFrom(expr, at + 1, expected, typing.branch(scope));
  return choice(test, value, rest, 'CASE', expr.span, typing);
}

function armTest(subject: Expr | null, when: Expr, typing: Typing): TypedExpr {
  if (subject === null) return condition(when, 'WHEN', typing);
  return typeComparison(
    { kind: 'binary', operator: '==', word: false, left: subject, right: when, span: when.span },
    '==',
    typing,
  );
}

// ── Arrays ──────────────────────────────────────────────────────────────────────────────────────────────────────────

export function typeArray({ elements, span }: ArrayLiteral, expected: Type | undefined, typing: Typing): TypedExpr {
  const wanted = expected === undefined ? undefined : nonNull(expected);
  const hint = wanted?.kind === 'array' ? wanted.element : undefined;
  const mixed = wanted?.kind === 'json';
  const typed = elements.map((element) => typing.type(element, hint));
  if (typed.some(isMistake)) return unknownAt(span);
  let common: Type = typed.length === 0 ? (hint ?? UNKNOWN) : UNKNOWN;
  for (const element of typed) {
    const type: Type | null = commonType(common, element.type) ?? (mixed ? nullable(JSON_TYPE) : null);
    if (type === null) {
      const [first, other] = [typeText(element.type), typeText(common)];
      return mistake(typing, 'PS3012', element.span, { what: 'an array', first, other });
    }
    common = type;
  }
  if (common.kind === 'regex') return mistake(typing, 'PS3029', span, { what: 'an element' });
  return { kind: 'array', elements: typed.map((element) => converted(element, common)), type: arrayOf(common), span };
}
