import type { Type, Value } from '../types.ts';

const MAX_INT = 2 ** 31;

/** The value of a parameter that a command line gives as text; undefined where the text is none of its type. `null` is null of a T?. */
export function parseParameter(text: string, type: Type): Value | undefined {
  switch (type.kind) {
    case 'string':
      return text;
    case 'int':
    case 'long':
      return parseWhole(text.trim(), type.kind);
    case 'float':
      return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text.trim()) ? finite(Number(text)) : undefined;
    case 'bool':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'datetime':
      return parseDate(text.trim());
    case 'nullable':
      return text === 'null' ? null : parseParameter(text, type.base);
    case 'json':
      return parseJson(text);
    case 'array':
      return parseArray(text, type.element);
    default:
      return undefined;
  }
}

function finite(value: number): number | undefined {
  return Number.isFinite(value) ? value : undefined;
}

function parseWhole(text: string, kind: 'int' | 'long'): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  const fits = kind === 'int' ? value >= -MAX_INT && value < MAX_INT : Number.isSafeInteger(value);
  return fits ? value : undefined;
}

/** ISO 8601, in UTC where no zone is written. Date.parse rolls 31 February over, so the day is checked. */
function parseDate(text: string): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (match === null) return undefined;
  const [, year, month, day, time, zone] = match;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  return finite(Date.parse(`${year}-${month}-${day}T${time ?? '00:00'}${zone ?? 'Z'}`));
}

function parseJson(text: string): Value | undefined {
  try {
    const value: Value = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

/** A JSON array whose elements fit; strings may not stand for other types. */
function parseArray(text: string, element: Type): readonly Value[] | undefined {
  const values = parseJson(text);
  if (!Array.isArray(values)) return undefined;
  const parsed = values.map((value: Value) => parseElement(value, element));
  return parsed.every((value) => value !== undefined) ? parsed : undefined;
}

/** A JSON string is text or a date, and nothing else is text. */
function parseElement(value: Value, type: Type): Value | undefined {
  if (type.kind === 'nullable') return value === null ? null : parseElement(value, type.base);
  if (type.kind === 'json') return value;
  const textual = type.kind === 'string' || type.kind === 'datetime';
  if (textual !== (typeof value === 'string')) return undefined;
  return parseParameter(typeof value === 'string' ? value : JSON.stringify(value), type);
}
