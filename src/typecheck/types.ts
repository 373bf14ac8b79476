/** The types of PYSCOPE as plain data. `str` and `double` are spellings of `string` and `float`, resolved by the checker. */

export type ScalarKind = 'string' | 'int' | 'long' | 'float' | 'bool' | 'bytes' | 'datetime' | 'json';

export interface ScalarType {
  readonly kind: ScalarKind;
}

/** What `regex(…)` gives; it exists in expressions only, never in a column. */
export interface RegexType {
  readonly kind: 'regex';
}

export interface ArrayOf {
  readonly kind: 'array';
  readonly element: Type;
}

/** `T?`; `base` is never nullable itself. */
export interface Nullable {
  readonly kind: 'nullable';
  readonly base: Type;
}

/** The type of the literal `null` before it meets another type. */
export interface NullType {
  readonly kind: 'null';
}

/** Stands where an error was already reported: fits everything, so that one mistake gives one message. */
export interface UnknownType {
  readonly kind: 'unknown';
}

export type Type = ScalarType | RegexType | ArrayOf | Nullable | NullType | UnknownType;

export const STRING: ScalarType = { kind: 'string' };
export const INT: ScalarType = { kind: 'int' };
export const LONG: ScalarType = { kind: 'long' };
export const FLOAT: ScalarType = { kind: 'float' };
export const BOOL: ScalarType = { kind: 'bool' };
export const BYTES: ScalarType = { kind: 'bytes' };
export const DATETIME: ScalarType = { kind: 'datetime' };
export const JSON_TYPE: ScalarType = { kind: 'json' };
export const REGEX: RegexType = { kind: 'regex' };
export const NULL: NullType = { kind: 'null' };
export const UNKNOWN: UnknownType = { kind: 'unknown' };

export function arrayOf(element: Type): ArrayOf {
  return { kind: 'array', element };
}

/** `T?`; idempotent, and the identity on `null` and unknown. */
export function nullable(type: Type): Type {
  switch (type.kind) {
    case 'nullable':
    case 'null':
    case 'unknown':
      return type;
    default:
      return { kind: 'nullable', base: type };
  }
}

/** `T` of a `T?`, else the type itself. */
export function nonNull(type: Type): Type {
  return type.kind === 'nullable' ? type.base : type;
}

export function isNullable(type: Type): boolean {
  return type.kind === 'nullable' || type.kind === 'null';
}

/** The type as a script writes it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'array':
      return `${typeText(type.element)}[]`;
    case 'nullable':
      return `${typeText(type.base)}?`;
    default:
      return type.kind;
  }
}

export function sameType(a: Type, b: Type): boolean {
  if (a.kind === 'array') return b.kind === 'array' && sameType(a.element, b.element);
  if (a.kind === 'nullable') return b.kind === 'nullable' && sameType(a.base, b.base);
  return a.kind === b.kind;
}

/**
 * A value of a PYSCOPE type as JavaScript holds it: string, number (int, long, float; datetime as milliseconds UTC), boolean, null,
 * Uint8Array (bytes), arrays of values, and any JSON value.
 */
export type Value = string | number | boolean | null | Uint8Array | readonly Value[] | JsonObject;

/** A parsed JSON object; its keys come from data, so it is only ever read with Object.hasOwn or Object.entries. */
export interface JsonObject {
  readonly [key: string]: Value;
}
