/**
 * The shape of an entry of the function table. One entry is one overload: how it is written, its types, its evaluator on plain JavaScript values.
 * Everything an expression can call stands in the table; there is no other way from a script to JavaScript.
 */
import type { Type, Value } from '../types.ts';
import { arrayOf, BOOL, BYTES, DATETIME, FLOAT, INT, JSON_TYPE, LONG, REGEX, STRING } from '../types.ts';

/** A type with at most one type variable `T` (an array's element). */
export type Pattern =
  | Type
  | { readonly kind: 'variable' }
  | { readonly kind: 'array'; readonly element: Pattern }
  | { readonly kind: 'nullable'; readonly base: Pattern };

export const T: Pattern = { kind: 'variable' };

/** What evaluators take and give: a value, or the RegExp of a `regex`. */
export type RuntimeValue = Value | RegExp;

/** How a script writes a call of the entry. */
export type Spelling =
  | { readonly kind: 'method' | 'property'; readonly name: string }
  | { readonly kind: 'static' | 'constant'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'operator'; readonly operator: string };

export interface Parameter {
  readonly name: string;
  readonly pattern: Pattern;
  /** `rest` may stand any number of times, also none; it is the last. */
  readonly need: 'required' | 'optional' | 'rest';
}

/**
 * What a `T?` argument does where `T` is declared: `refuse` is a type error, `lift` makes the result `null` where an argument is.
 * A parameter whose pattern is nullable sees nulls itself.
 */
export type NullPolicy = 'refuse' | 'lift';

export interface FunctionEntry {
  readonly id: string;
  /** The group it stands under in docs/functions.md. */
  readonly family: string;
  readonly spelling: Spelling;
  /** The receiver of a method or property is the first. */
  readonly parameters: readonly Parameter[];
  readonly result: Pattern;
  readonly nulls: NullPolicy;
  /** Same arguments, same answer, and it has no effect: it may be folded, moved and shared. */
  readonly pure: boolean;
  /** Throws EvaluationFailure; omitted optional arguments are undefined. Never called with null where the parameter's pattern is not nullable. */
  readonly evaluate: Evaluator;
  readonly doc: string;
}

export type Evaluator = (...args: readonly (RuntimeValue | undefined)[]) => RuntimeValue;

// ── Writing entries: parameter shapes that carry the JavaScript type to the evaluator ───────────────────────────────

/** A pattern together with the JavaScript type of its values (`js` exists for the compiler only). */
export interface Shape<J> {
  readonly pattern: Pattern;
  readonly js?: J;
}

export const text: Shape<string> = { pattern: STRING };
export const int: Shape<number> = { pattern: INT };
export const long: Shape<number> = { pattern: LONG };
export const float: Shape<number> = { pattern: FLOAT };
export const bool: Shape<boolean> = { pattern: BOOL };
export const datetime: Shape<number> = { pattern: DATETIME };
export const bytes: Shape<Uint8Array> = { pattern: BYTES };
export const json: Shape<Value> = { pattern: JSON_TYPE };
export const regex: Shape<RegExp> = { pattern: REGEX };
export const anything: Shape<Value> = { pattern: T };
export const textArray: Shape<readonly string[]> = { pattern: arrayOf(STRING) };
export const anyArray: Shape<readonly Value[]> = { pattern: { kind: 'array', element: T } };

export function orNull<J>(shape: Shape<J>): Shape<J | null> {
  return { pattern: maybe(shape.pattern) };
}

/** `T?` as a pattern. */
export function maybe(pattern: Pattern): Pattern {
  return pattern.kind === 'nullable' ? pattern : { kind: 'nullable', base: pattern };
}

export interface Param<J> extends Parameter {
  readonly js?: J;
}

export function param<J>(name: string, { pattern }: Shape<J>): Param<J> {
  return { name, pattern, need: 'required' };
}

export function optional<J>(name: string, { pattern }: Shape<J>): Param<J | undefined> {
  return { name, pattern, need: 'optional' };
}

/** The last parameter of a variadic function; its evaluator takes it as a rest parameter. */
export function rest<J>(name: string, { pattern }: Shape<J>): Param<Rest<J>> {
  return { name, pattern, need: 'rest' };
}

interface Rest<J> {
  readonly rest: J;
}

/** The JavaScript arguments of a parameter list. */
export type Args<P extends readonly Param<unknown>[]> = P extends readonly [Param<infer J>, ...infer More]
  ? J extends Rest<infer E>
    ? readonly E[]
    : More extends readonly Param<unknown>[]
      ? [J, ...Args<More>]
      : never
  : [];

export interface Definition<P extends readonly Param<unknown>[]> {
  readonly id: string;
  readonly spelling: Spelling;
  readonly parameters: P;
  readonly result: Pattern;
  readonly nulls?: NullPolicy;
  readonly evaluate: (...args: Args<P>) => RuntimeValue;
  readonly doc: string;
}

/**
 * Forgets the evaluator's parameter types. This is the one place where that happens: the checker converts every argument to the entry's
 * parameter types, so that an evaluator sees what it declares.
 */
export function define<const P extends readonly Param<unknown>[]>(
  family: string,
  definition: Definition<P>,
): FunctionEntry {
  return {
    ...definition,
    family,
    nulls: definition.nulls ?? 'refuse',
    pure: true,
    evaluate: definition.evaluate as unknown as Evaluator,
  };
}

/** The entry's id, once per family: `string.trim`. */
export type EntryId = string;

/** The parameter that the argument at an index belongs to. */
export function parameterAt({ parameters }: FunctionEntry, at: number): Parameter | undefined {
  const last = parameters.at(-1);
  return parameters[at] ?? (last?.need === 'rest' ? last : undefined);
}

/** Whether the evaluator takes null at an argument; where it does not, a null argument makes the result null. */
export function seesNull(entry: FunctionEntry, at: number): boolean {
  return parameterAt(entry, at)?.pattern.kind === 'nullable';
}

/** A pattern with its variable bound. */
export function instantiate(pattern: Pattern, variable: Type): Type {
  switch (pattern.kind) {
    case 'variable':
      return variable;
    case 'array':
      return { kind: 'array', element: instantiate(pattern.element, variable) };
    case 'nullable': {
      const base = instantiate(pattern.base, variable);
      return base.kind === 'nullable' || base.kind === 'null' || base.kind === 'unknown'
        ? base
        : { kind: 'nullable', base };
    }
    default:
      return pattern;
  }
}

/** The pattern as docs and messages write it. */
export function patternText(pattern: Pattern): string {
  switch (pattern.kind) {
    case 'variable':
      return 'T';
    case 'array':
      return `${patternText(pattern.element)}[]`;
    case 'nullable':
      return `${patternText(pattern.base)}?`;
    default:
      return pattern.kind;
  }
}
