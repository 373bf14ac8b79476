/** Whether JavaScript values fit PYSCOPE types. Nothing is rounded, truncated or turned into null. */
import type { Type, Value } from '../../typecheck/types.ts';
import { typeText } from '../../typecheck/types.ts';

/** The value as a column of the type holds it; undefined where it does not fit. A `Date` fits a datetime. */
export type Fit = (value: unknown) => Value | undefined;

const MAX_INT = 2 ** 31 - 1;
const MIN_INT = -(2 ** 31);
/** ECMAScript's range of dates, in milliseconds. */
const MAX_TIME = 8.64e15;

export function fitFor(type: Type): Fit {
  switch (type.kind) {
    case 'string':
      return (value) => (typeof value === 'string' ? value : undefined);
    case 'int':
      return (value) =>
        typeof value === 'number' && Number.isInteger(value) && value <= MAX_INT && value >= MIN_INT
          ? value
          : undefined;
    case 'long':
      return (value) => (typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined);
    case 'float':
      return (value) => (typeof value === 'number' ? value : undefined);
    case 'bool':
      return (value) => (typeof value === 'boolean' ? value : undefined);
    case 'bytes':
      return (value) => (value instanceof Uint8Array ? value : undefined);
    case 'datetime':
      return fitTime;
    case 'json':
      return (value) => fitJson(value, 0);
    case 'nullable':
      return orNull(fitFor(type.base));
    case 'array':
      return arrayFit(fitFor(type.element));
    case 'null':
      return (value) => (value === null ? null : undefined);
    case 'regex':
    case 'unknown':
      return () => undefined;
  }
}

function orNull(fit: Fit): Fit {
  return (value) => (value === null ? null : fit(value));
}

function arrayFit(fit: Fit): Fit {
  return (value) => {
    if (!Array.isArray(value) && !isNumberArray(value)) return undefined;
    const out: Value[] = [];
    for (const element of value) {
      const fitted = fit(element);
      if (fitted === undefined) return undefined;
      out.push(fitted);
    }
    return out;
  };
}

function isNumberArray(value: unknown): value is Iterable<number> {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Int32Array;
}

function fitTime(value: unknown): number | undefined {
  const time = value instanceof Date ? value.getTime() : value;
  return typeof time === 'number' && Number.isInteger(time) && Math.abs(time) <= MAX_TIME ? time : undefined;
}

/** Deeper than this is taken for a cycle. */
const JSON_DEPTH = 1000;

function fitJson(value: unknown, depth: number): Value | undefined {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'object' || depth > JSON_DEPTH) return undefined;
  const members: readonly unknown[] = Array.isArray(value)
    ? value
    : isPlain(value)
      ? Object.values(value)
      : [undefined];
  return members.every((member) => fitJson(member, depth + 1) !== undefined) ? (value as Value) : undefined;
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const SHOWN = 60;

/** A value as a message shows it, cut where it is long. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' || isPlainJson(value) ? JSON.stringify(value) : String(value);
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

function isPlainJson(value: unknown): boolean {
  return (
    typeof value === 'object' && value !== null && !(value instanceof Uint8Array) && fitJson(value, 0) !== undefined
  );
}

/** `NaN does not fit int`, with what would. */
export function misfit(value: unknown, type: Type): string {
  if (value === undefined) return `undefined is no ${typeText(type)}${type.kind === 'nullable' ? '; give null' : ''}`;
  if (value === null) return `null does not fit ${typeText(type)}; declare it as ${typeText(type)}? if it may be null`;
  return `${shown(value)} does not fit ${typeText(type)}`;
}
