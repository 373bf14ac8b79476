/** Members, indexes, method calls, and the chains of them that `?.` may cut short. */
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { CallExpr, Expr, IndexExpr, MemberExpr, Name } from '../../parser/ast.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import { methodsByName, namespaces, operatorsByText, propertiesByName } from '../functions/table.ts';
import type { TypedExpr } from '../typed.ts';
import { BOOL, isNullable, nonNull, nullable, STRING, typeText } from '../types.ts';
import { callOf, isStaticHabit, nullMistake, typeStatic, typeStaticCall, unknownStatic } from './calls.ts';
import { memberHabits } from './habits.ts';
import { typeQualified } from './names.ts';
import { receives, spelledName } from './overloads.ts';
import { asNonNull, converted, isNumeric, unknownAt } from './relations.ts';
import { expressionText } from './text.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

export type MethodCall = CallExpr & { readonly callee: MemberExpr };

type Access = MemberExpr | IndexExpr | MethodCall;

/** The value of an access; null, as in ECMAScript, where a `?.` anywhere in its chain meets null. */
export function typeAccess(expr: Access, typing: Typing): TypedExpr {
  const guarded: TypedExpr[] = [];
  const value = chain(expr, typing, guarded);
  if (guarded.length === 0 || isMistake(value)) return value;
  const { span } = expr;
  const type = nullable(value.type);
  const test = guarded
    .map((arg): TypedExpr => ({ kind: 'call', fn: 'is-not-null', args: [arg], type: BOOL, span: arg.span }))
    .reduce((left, right): TypedExpr => ({ kind: 'logical', operator: 'and', left, right, type: BOOL, span }));
  const alternate: TypedExpr = { kind: 'literal', value: null, parameter: null, type, span };
  return { kind: 'conditional', test, consequent: converted(value, type), alternate, type, span };
}

function isMethodCall(expr: Expr): expr is MethodCall {
  return expr.kind === 'call' && expr.callee.kind === 'member';
}

/** Types one link, and collects what must not be null for the chain to go on. */
function chain(expr: Access, typing: Typing, guarded: TypedExpr[]): TypedExpr {
  switch (expr.kind) {
    case 'member':
      return namedAccess(expr, typing) ?? member(linkObject(expr, typing, guarded), expr.member, expr, typing);
    case 'index':
      return element(linkOf(expr.object, typing, guarded), expr, typing);
    case 'call': {
      const { callee } = expr;
      return namedCall(expr, typing) ?? method(linkObject(callee, typing, guarded), expr, typing);
    }
  }
}

function linkOf(object: Expr, typing: Typing, guarded: TypedExpr[]): TypedExpr {
  return object.kind === 'member' || object.kind === 'index' || isMethodCall(object)
    ? chain(object, typing, guarded)
    : typing.type(object);
}

function linkObject({ object, optional }: MemberExpr, typing: Typing, guarded: TypedExpr[]): TypedExpr {
  const typed = linkOf(object, typing, guarded);
  if (!optional || !isNullable(typed.type)) return typed;
  guarded.push(typed);
  return asNonNull(typed);
}

// ── Names before the dot ────────────────────────────────────────────────────────────────────────────────────────────

/** The name before the dot, where it is one that no column or alias has. */
function freeName({ object }: MemberExpr, { scope }: Typing): string | null {
  if (object.kind !== 'name-expr') return null;
  const { text } = object.name;
  return scope.columns.some(({ name }) => name === text) || scope.aliases.has(text) ? null : text;
}

/** `a.line` of a source, or `Math.PI`; null where the part before the dot is a value. A source wins over a column of its name. */
function namedAccess(expr: MemberExpr, typing: Typing): TypedExpr | null {
  const { scope } = typing;
  if (expr.object.kind === 'name-expr' && scope.qualifiers.has(expr.object.name.text)) {
    const qualifier = expr.object.name.text;
    const known = scope.columns.some((column) => column.qualifier === qualifier && column.name === expr.member.text);
    if (known || freeName(expr, typing) !== null) return typeQualified(qualifier, expr.member, expr.span, typing);
  }
  const name = freeName(expr, typing);
  if (name === null) return null;
  if (namespaces.has(name)) return typeStatic(name, expr.member, expr.span, typing);
  return isStaticHabit(name, expr.member.text) ? unknownStatic(name, expr.member, typing) : null;
}

function namedCall(expr: MethodCall, typing: Typing): TypedExpr | null {
  const name = freeName(expr.callee, typing);
  if (name === null || typing.scope.qualifiers.has(name)) return null;
  if (namespaces.has(name)) return typeStaticCall(expr, name, expr.callee.member, typing);
  return isStaticHabit(name, expr.callee.member.text) ? unknownStatic(name, expr.callee.member, typing) : null;
}

// ── Members of values ───────────────────────────────────────────────────────────────────────────────────────────────

function fitting(entries: readonly FunctionEntry[] | undefined, object: TypedExpr): readonly FunctionEntry[] {
  return entries?.filter((entry) => receives(entry, object.type)) ?? [];
}

function member(object: TypedExpr, name: Name, { span }: MemberExpr, typing: Typing): TypedExpr {
  if (isMistake(object)) return unknownAt(span);
  if (nonNull(object.type).kind === 'json') {
    const key: TypedExpr = { kind: 'literal', value: name.text, parameter: null, type: STRING, span: name.span };
    return callOf(operatorsByText.get('.') ?? [], [object, key], span, typing);
  }
  const properties = fitting(propertiesByName.get(name.text), object);
  if (properties.length > 0) return callOf(properties, [object], span, typing);
  if (fitting(methodsByName.get(name.text), object).length > 0) {
    return mistake(typing, 'PS3022', name.span, { name: name.text, property: false });
  }
  return unknownMember(object, name, typing);
}

function method(object: TypedExpr, { callee, arguments: args, span }: MethodCall, typing: Typing): TypedExpr {
  const name = callee.member;
  const methods = fitting(methodsByName.get(name.text), object);
  const typed = args.map((arg) => typing.type(arg));
  if (isMistake(object)) return unknownAt(span);
  if (methods.length > 0) return callOf(methods, [object, ...typed], span, typing);
  if (fitting(propertiesByName.get(name.text), object).length > 0) {
    return mistake(typing, 'PS3022', name.span, { name: name.text, property: true });
  }
  return unknownMember(object, name, typing);
}

function unknownMember(object: TypedExpr, name: Name, typing: Typing): TypedExpr {
  const entries = [...methodsByName.values(), ...propertiesByName.values()].flatMap((group) => fitting(group, object));
  const suggestion = didYouMean(name.text, new Set(entries.map(spelledName)));
  return mistake(typing, 'PS3004', name.span, {
    name: name.text,
    type: typeText(object.type),
    suggestion,
    hint: memberHint(object, name.text, suggestion),
  });
}

function memberHint(object: TypedExpr, name: string, suggestion: string | null): string | null {
  const text = expressionText(object);
  const sameLetters = suggestion?.toLowerCase() === name.toLowerCase();
  const habit = sameLetters ? undefined : memberHabits.get(name.toLowerCase());
  if (habit !== undefined) return `write ${habit}`;
  if (suggestion !== null) return null;
  if (!methodsByName.has(name)) return null;
  const kind = nonNull(object.type).kind;
  if (kind === 'json') return `say what the JSON value is: string(${text}).${name}(…)`;
  return isNumeric(nonNull(object.type)) || kind === 'bool' ? `write String(${text}).${name}(…)` : null;
}

function element(object: TypedExpr, { index, span }: IndexExpr, typing: Typing): TypedExpr {
  const key = typing.type(index);
  if (isMistake(object) || isMistake(key)) return unknownAt(span);
  const base = nonNull(object.type);
  const byText = base.kind === 'json' && nonNull(key.type).kind === 'string';
  const entries = fitting(operatorsByText.get(byText ? '.' : '[]'), object);
  if (entries.length === 0 || (!byText && !isNumeric(nonNull(key.type)))) {
    return mistake(typing, 'PS3021', span, { type: typeText(object.type), index: typeText(key.type) });
  }
  if (isNullable(object.type) && base.kind !== 'json') return nullMistake(object, null, span, typing);
  return callOf(entries, [object, key], span, typing);
}
