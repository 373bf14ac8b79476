/** The value of a text, or of a JSON value, for a column type: what all readers agree on. */
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import { parseIsoDate } from '../../typecheck/functions/iso-date.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import { decimalNumber, wholeNumber } from './numbers.ts';

const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u;

/**
 * The value of a field's text for a type that is not nullable; undefined where it has none. bytes are base64, arrays and json JSON texts.
 *
 * @param dates how datetimes are written; null for ISO 8601
 */
export function fieldValue(type: Type, text: string, dates: DatePattern | null): Value | undefined {
  switch (type.kind) {
    case 'string':
      return text;
    case 'int':
    case 'long': {
      const bytes = Buffer.from(text, 'utf8');
      return wholeOf(type.kind, wholeNumber(bytes, 0, bytes.length));
    }
    case 'float': {
      const bytes = Buffer.from(text, 'utf8');
      return decimalNumber(bytes, 0, bytes.length);
    }
    case 'bool':
      return boolOf(text.trim());
    case 'datetime':
      return (dates === null ? parseIsoDate(text.trim()) : dates.parse(text.trim())) ?? undefined;
    case 'bytes':
      return bytesOf(text);
    case 'json':
    case 'array':
      return jsonTextValue(type, text, dates);
    case 'nullable':
    case 'null':
    case 'regex':
    case 'unknown':
      return undefined;
  }
}

/** The number where it is within the type's range. */
export function wholeOf(kind: 'int' | 'long', value: number): number | undefined {
  if (kind === 'int') return value >= MIN_INT && value <= MAX_INT ? value : undefined;
  return Number.isSafeInteger(value) ? value : undefined;
}

export function boolOf(text: string): boolean | undefined {
  switch (text) {
    case 'true':
    case 'True':
    case 'TRUE':
      return true;
    case 'false':
    case 'False':
    case 'FALSE':
      return false;
    default:
      return undefined;
  }
}

function bytesOf(text: string): Uint8Array | undefined {
  return BASE64.test(text) ? new Uint8Array(Buffer.from(text, 'base64')) : undefined;
}

function jsonTextValue(type: Type, text: string, dates: DatePattern | null): Value | undefined {
  let parsed: Value;
  try {
    parsed = JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
  return jsonValue(type, parsed, dates);
}

/** The value of a JSON value for any column type; undefined where it does not fit. A JSON number never becomes a string, nor the other way round. */
export function jsonValue(type: Type, value: Value, dates: DatePattern | null): Value | undefined {
  if (type.kind === 'json') return value;
  if (value === null) return type.kind === 'nullable' ? null : undefined;
  const base = nonNull(type);
  switch (base.kind) {
    case 'json':
      return value;
    case 'array':
      return Array.isArray(value) ? arrayValue(base.element, value, dates) : undefined;
    case 'int':
    case 'long':
      return typeof value === 'number' && Number.isInteger(value) ? wholeOf(base.kind, value) : undefined;
    case 'float':
      return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    default:
      return typeof value === 'string' ? fieldValue(base, value, dates) : undefined;
  }
}

function arrayValue(element: Type, values: readonly Value[], dates: DatePattern | null): Value | undefined {
  const out: Value[] = [];
  for (const value of values) {
    const item = jsonValue(element, value, dates);
    if (item === undefined) return undefined;
    out.push(item);
  }
  return out;
}
