/** Which overload a call means: the one whose parameters fit the arguments with the fewest conversions; the first on ties. */
import type { FunctionEntry, Pattern } from '../functions/entry.ts';
import { instantiate, parameterAt, patternText } from '../functions/entry.ts';
import type { TypedExpr } from '../typed.ts';
import type { Type } from '../types.ts';
import { isNullable, nonNull, nullable, sameType, typeText, UNKNOWN } from '../types.ts';
import { assignable, commonType, converted, isUnknown } from './relations.ts';

export type Resolution =
  | { readonly kind: 'match'; readonly entry: FunctionEntry; readonly args: readonly TypedExpr[]; readonly type: Type }
  | { readonly kind: 'count' }
  /** The argument may be null, and the parameter not; otherwise it fits. */
  | { readonly kind: 'null'; readonly at: number }
  | { readonly kind: 'type'; readonly at: number; readonly parameter: string; readonly wanted: string };

/** The best overload of at least one; else what comes nearest to fitting. */
export function resolve(entries: readonly FunctionEntry[], args: readonly TypedExpr[]): Resolution {
  let best: Resolution = { kind: 'count' };
  let bestCost = Infinity;
  for (const entry of entries) {
    const resolution = fit(entry, args);
    const cost = resolution.kind === 'match' ? conversions(args, resolution.args) : FAILURE_COST - nearness(resolution);
    if (cost < bestCost) [best, bestCost] = [resolution, cost];
  }
  return best.kind === 'type' ? { ...best, wanted: wantedAt(entries, args, best.at) } : best;
}

const FAILURE_COST = 1_000_000;

/** A call that only a null keeps from fitting is nearer than one with a wrong type, and a later wrong argument nearer than an earlier one. */
function nearness(resolution: Exclude<Resolution, { kind: 'match' }>): number {
  switch (resolution.kind) {
    case 'null':
      return 100_000 + resolution.at;
    case 'type':
      return 1 + resolution.at;
    case 'count':
      return 0;
  }
}

const RANK: readonly Type['kind'][] = ['int', 'long', 'float', 'json'];

function conversions(before: readonly TypedExpr[], after: readonly TypedExpr[]): number {
  return after.reduce((sum, { type }, at) => sum + distance(nonNull(before[at]?.type ?? UNKNOWN), nonNull(type)), 0);
}

function distance(from: Type, to: Type): number {
  return sameType(from, to) ? 0 : 1 + Math.abs(RANK.indexOf(to.kind) - RANK.indexOf(from.kind));
}

function fit(entry: FunctionEntry, args: readonly TypedExpr[]): Resolution {
  const required = entry.parameters.filter(({ need }) => need === 'required').length;
  if (args.length < required || (args.length > 0 && parameterAt(entry, args.length - 1) === undefined)) {
    return { kind: 'count' };
  }
  const variable = bindings(entry, args);
  const out: TypedExpr[] = [];
  let lifted = false;
  let nullAt = -1;
  for (const [at, arg] of args.entries()) {
    const parameter = parameterAt(entry, at);
    if (parameter === undefined) return { kind: 'count' };
    const wanted = instantiate(parameter.pattern, variable ?? UNKNOWN);
    if (variable === null || !assignable(arg.type, nullable(wanted))) {
      return { kind: 'type', at, parameter: parameter.name, wanted: typeText(wanted) };
    }
    if (isNullable(arg.type) && !isNullable(wanted)) {
      if (entry.nulls === 'refuse' && nullAt < 0) nullAt = at;
      lifted = true;
    }
    out.push(widened(arg, wanted));
  }
  if (nullAt >= 0) return { kind: 'null', at: nullAt };
  const type = instantiate(entry.result, variable ?? UNKNOWN);
  return { kind: 'match', entry, args: out, type: lifted ? nullable(type) : type };
}

/** The argument in the parameter's type; whether it may be null stays its own. */
function widened(arg: TypedExpr, wanted: Type): TypedExpr {
  const base = nonNull(wanted);
  if (arg.type.kind === 'null' || isUnknown(base) || sameType(nonNull(arg.type), base)) return arg;
  return converted(arg, isNullable(arg.type) ? nullable(base) : base);
}

/** What `T` stands for: the common type of all arguments where it occurs; null where they have none. */
function bindings(entry: FunctionEntry, args: readonly TypedExpr[]): Type | null {
  let variable: Type | null = UNKNOWN;
  for (const [at, { type }] of args.entries()) {
    const pattern = parameterAt(entry, at)?.pattern;
    const bound = pattern === undefined ? null : boundBy(pattern, type);
    if (bound !== null) variable = commonType(variable, bound);
    if (variable === null) return null;
  }
  return variable;
}

function boundBy(pattern: Pattern, type: Type): Type | null {
  switch (pattern.kind) {
    case 'variable':
      return type;
    case 'nullable':
      return type.kind === 'null' ? null : boundBy(pattern.base, nonNull(type));
    case 'array': {
      const base = nonNull(type);
      return base.kind === 'array' ? boundBy(pattern.element, base.element) : null;
    }
    default:
      return null;
  }
}

/** All types that overloads would take at an argument. */
function wantedAt(entries: readonly FunctionEntry[], args: readonly TypedExpr[], at: number): string {
  const wanted = entries.flatMap((entry) => {
    const parameter = parameterAt(entry, at);
    const variable = bindings(entry, args.slice(0, at));
    if (parameter === undefined) return [];
    const type = instantiate(parameter.pattern, variable ?? UNKNOWN);
    return [isUnknown(type) ? patternText(parameter.pattern) : typeText(type)];
  });
  return [...new Set(wanted)].join(' or ');
}

/** Whether a value of the type can be the receiver of a method or property. That it would fit into JSON does not make it JSON. */
export function receives(entry: FunctionEntry, type: Type): boolean {
  const [receiver] = entry.parameters;
  if (receiver === undefined) return false;
  const variable = boundBy(receiver.pattern, type) ?? UNKNOWN;
  const wanted = nonNull(instantiate(receiver.pattern, variable));
  return assignable(nonNull(type), wanted) && (wanted.kind !== 'json' || nonNull(type).kind === 'json');
}

/** An overload as help lines show it: `startsWith(search: string, from?: float)`. */
export function signatureText(entry: FunctionEntry): string {
  const { spelling } = entry;
  const shown = spelling.kind === 'method' ? entry.parameters.slice(1) : entry.parameters;
  const parameters = shown.map(({ name, pattern, need }) => {
    const dots = need === 'rest' ? '...' : '';
    return `${dots}${name}${need === 'optional' ? '?' : ''}: ${patternText(pattern)}${need === 'rest' ? '[]' : ''}`;
  });
  return `${spelledName(entry)}(${parameters.join(', ')})`;
}

export function spelledName({ spelling }: FunctionEntry): string {
  switch (spelling.kind) {
    case 'static':
    case 'constant':
      return `${spelling.namespace}.${spelling.name}`;
    case 'operator':
      return spelling.operator;
    default:
      return spelling.name;
  }
}
