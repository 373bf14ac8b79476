/** Calls of the function table and of imported functions, once their arguments are typed. */
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { CallExpr, Name } from '../../parser/ast.ts';
import type { FunctionEntry } from '../functions/entry.ts';
import { functionsByName, staticsByName } from '../functions/table.ts';
import type { FunctionSignature } from '../signature.ts';
import type { TypedExpr } from '../typed.ts';
import { isNullable, nonNull, typeText } from '../types.ts';
import { aggregateNames } from './aggregate-names.ts';
import { checked } from './checks.ts';
import { functionHabits, staticHabits } from './habits.ts';
import { resolve, signatureText, spelledName } from './overloads.ts';
import { assignable, converted, unknownAt } from './relations.ts';
import { expressionText } from './text.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

/** The call of the overload that the arguments (receiver first) mean, or a mistake. */
export function callOf(
  entries: readonly FunctionEntry[],
  args: readonly TypedExpr[],
  span: Span,
  typing: Typing,
): TypedExpr {
  const [first] = entries;
  if (first === undefined || args.some(isMistake)) return unknownAt(span);
  const name = spelledName(first);
  const resolution = resolve(entries, args);
  switch (resolution.kind) {
    case 'match':
      return checked(
        { kind: 'call', fn: resolution.entry.id, args: resolution.args, type: resolution.type, span },
        typing,
      );
    case 'count': {
      const receivers = first.spelling.kind === 'method' ? 1 : 0;
      return mistake(typing, 'PS3005', span, {
        name,
        found: args.length - receivers,
        signatures: entries.map(signatureText).slice(0, 3),
      });
    }
    case 'null':
      return nullMistake(
        args[resolution.at],
        isReceiver(first, resolution.at) ? memberText(first) : null,
        span,
        typing,
      );
    case 'type': {
      const arg = args[resolution.at];
      const found = arg === undefined ? 'nothing' : typeText(arg.type);
      return mistake(typing, 'PS3006', arg?.span ?? span, {
        name,
        parameter: resolution.parameter,
        wanted: resolution.wanted,
        found,
        hint: conversionHint(arg, resolution.wanted),
      });
    }
  }
}

/** `trim(…)` of a method, `length` of a property. */
function memberText({ spelling }: FunctionEntry): string {
  if (spelling.kind === 'property') return spelling.name;
  return spelling.kind === 'method' ? `${spelling.name}(…)` : '…';
}

function isReceiver({ spelling }: FunctionEntry, at: number): boolean {
  return at === 0 && (spelling.kind === 'method' || spelling.kind === 'property');
}

/** A `T?` where a `T` is needed; `member` is what is called on it, where it is the receiver. */
export function nullMistake(arg: TypedExpr | undefined, member: string | null, span: Span, typing: Typing): TypedExpr {
  const text = arg === undefined ? 'this' : expressionText(arg);
  const guard = arg?.kind === 'column' ? `, or test ${text} != null before` : '';
  const hint =
    member === null ? `write ${text} ?? …${guard}` : `write ${text}?.${member}, or (${text} ?? …).${member}${guard}`;
  return mistake(typing, 'PS3009', arg?.span ?? span, {
    what: text,
    type: arg === undefined ? '' : typeText(arg.type),
    hint,
  });
}

/** How the value would become what is wanted, where there is a common way. */
export function conversionHint(arg: TypedExpr | undefined, wanted: string): string | null {
  if (arg === undefined) return null;
  const text = expressionText(arg);
  const from = nonNull(arg.type).kind;
  const to = wanted.replaceAll('?', '').split(' or ');
  if (to.includes('string') && from === 'datetime')
    return `write ${text}.toISOString() or formatDate(${text}, "yyyy-MM-dd")`;
  if (to.includes('string')) return from === 'array' ? `write ${text}.join(",")` : `write String(${text})`;
  if (to.includes('float') && (from === 'string' || from === 'json')) return `write Number(${text})`;
  if (to.includes('int') && from !== 'bool') return `write int(${text})`;
  if (to.includes('long') && from !== 'bool') return `write long(${text})`;
  if (to.includes('datetime') && from === 'string') return `write parseDate(${text})`;
  if (to.includes('regex') && from === 'string') return `write regex(${text})`;
  return null;
}

// ── By name ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** `f(…)`, where `f` is neither aggregate nor lineage function. */
export function typeFunctionCall({ arguments: args, span }: CallExpr, name: Name, typing: Typing): TypedExpr {
  const { scope } = typing;
  const imported = scope.functions.get(name.text);
  const typed = args.map((arg) => typing.type(arg));
  if (imported !== undefined) return moduleCall(imported, typed, span, typing);
  const entries = functionsByName.get(name.text);
  if (entries !== undefined) return callOf(entries, typed, span, typing);
  const habit = functionHabits.get(name.text.toLowerCase());
  const upper = name.text.toUpperCase();
  if (aggregateNames.has(upper)) {
    return mistake(typing, 'PS3023', name.span, {
      written: `${name.text}(…)`,
      instead: `${upper}(…): aggregates are in upper case`,
    });
  }
  if (habit !== undefined) return mistake(typing, 'PS3023', name.span, { written: `${name.text}(…)`, instead: habit });
  const known = [...functionsByName.keys(), ...scope.functions.keys(), ...(name.text === upper ? aggregateNames : [])];
  return mistake(typing, 'PS3003', name.span, { name: name.text, suggestion: didYouMean(name.text, known) });
}

/** `Math.abs(…)`. */
export function typeStaticCall(
  { arguments: args, span }: CallExpr,
  namespace: string,
  name: Name,
  typing: Typing,
): TypedExpr {
  const entries = staticsByName.get(`${namespace}.${name.text}`);
  if (entries === undefined) return unknownStatic(namespace, name, typing);
  if (entries[0]?.spelling.kind === 'constant') {
    return mistake(typing, 'PS3022', name.span, { name: name.text, property: true });
  }
  return callOf(
    entries,
    args.map((arg) => typing.type(arg)),
    span,
    typing,
  );
}

/** `Math.PI`. */
export function typeStatic(namespace: string, name: Name, span: Span, typing: Typing): TypedExpr {
  const entries = staticsByName.get(`${namespace}.${name.text}`);
  const [entry] = entries ?? [];
  if (entry === undefined) return unknownStatic(namespace, name, typing);
  if (entry.spelling.kind !== 'constant')
    return mistake(typing, 'PS3022', name.span, { name: name.text, property: false });
  return callOf([entry], [], span, typing);
}

/** A member that a namespace, of ECMAScript or of another language, does not have here. */
export function unknownStatic(namespace: string, name: Name, typing: Typing): TypedExpr {
  const written = `${namespace}.${name.text}`;
  const habit = staticHabits.get(written.toLowerCase());
  if (habit !== undefined) return mistake(typing, 'PS3023', name.span, { written, instead: habit });
  const members = [...staticsByName.keys()].filter((key) => key.startsWith(`${namespace}.`));
  const suggestion = didYouMean(written, members);
  return mistake(typing, 'PS3004', name.span, { name: name.text, type: namespace, suggestion, hint: null });
}

/** Whether `namespace.name` is what another language writes for something. */
export function isStaticHabit(namespace: string, name: string): boolean {
  return staticHabits.has(`${namespace}.${name}`.toLowerCase());
}

function moduleCall(signature: FunctionSignature, args: readonly TypedExpr[], span: Span, typing: Typing): TypedExpr {
  const { name, parameters } = signature;
  if (args.some(isMistake)) return unknownAt(span);
  if (args.length !== parameters.length) {
    const shown = parameters.map((parameter) => `${parameter.name}: ${typeText(parameter.type)}`).join(', ');
    return mistake(typing, 'PS3005', span, { name, found: args.length, signatures: [`${name}(${shown})`] });
  }
  const out: TypedExpr[] = [];
  for (const [at, arg] of args.entries()) {
    const parameter = parameters[at];
    if (parameter === undefined) return unknownAt(span);
    if (!assignable(arg.type, parameter.type)) {
      if (isNullable(arg.type) && assignable(nonNull(arg.type), parameter.type))
        return nullMistake(arg, null, span, typing);
      const wanted = typeText(parameter.type);
      const hint = conversionHint(arg, wanted);
      return mistake(typing, 'PS3006', arg.span, {
        name,
        parameter: parameter.name,
        wanted,
        found: typeText(arg.type),
        hint,
      });
    }
    out.push(converted(arg, parameter.type));
  }
  return { kind: 'module-call', module: signature.module, name, args: out, type: signature.result, span };
}
