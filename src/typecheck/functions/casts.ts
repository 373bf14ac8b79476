/**
 * Conversions. `Number`, `String` and `Boolean` answer as ECMAScript's; `int`, `long`, `float`, `bool`, `string`, `datetime` and `json` are strict: a value
 * that does not convert exactly is an error.
 */
import type { ScalarType, Value } from '../types.ts';
import { BOOL, DATETIME, FLOAT, INT, JSON_TYPE, LONG, STRING } from '../types.ts';
import { MAX_INT, MIN_INT } from './arithmetic.ts';
import { dateOf } from './datetime.ts';
import type { FunctionEntry, Shape } from './entry.ts';
import { bool, bytes, datetime, define, float, int, json, long, param, text } from './entry.ts';
import { fail } from './failure.ts';

const FAMILY = 'Conversions';

function cast(
  name: string,
  from: Shape<Value>,
  result: ScalarType,
  evaluate: (value: Value) => Value,
  doc: string,
): FunctionEntry {
  return define(FAMILY, {
    id: `${name}.${from.pattern.kind}`,
    spelling: { kind: 'function', name },
    parameters: [param('x', from)],
    result,
    evaluate,
    doc,
  });
}

function casts(
  name: string,
  froms: readonly Shape<Value>[],
  result: ScalarType,
  evaluate: (value: Value) => Value,
  doc: string,
): readonly FunctionEntry[] {
  return froms.map((from) => cast(name, from, result, evaluate, doc));
}

// ── As ECMAScript ───────────────────────────────────────────────────────────────────────────────────────────────────

/** JSON objects and arrays have no number or text of their own (ECMAScript would say NaN and `[object Object]`). */
function single(fn: string, value: Value): string | number | boolean {
  return value !== null && typeof value !== 'object' ? value : fail('PR2010', { fn, value });
}

// ── Strict ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const WHOLE = /^[+-]?\d+$/u;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** The number of a text that is a whole number, or the value itself; undefined for anything else. */
function wholeNumber(value: Value): number | undefined {
  if (typeof value === 'string') return WHOLE.test(value) ? Number(value) + 0 : undefined;
  return typeof value === 'number' && Number.isInteger(value) ? value + 0 : undefined;
}

function strictInt(value: Value): number {
  const number = wholeNumber(value);
  return number !== undefined && number <= MAX_INT && number >= MIN_INT
    ? number
    : fail('PR2003', { value, type: 'int' });
}

function strictLong(value: Value): number {
  const number = wholeNumber(value);
  return number !== undefined && Number.isSafeInteger(number) ? number : fail('PR2003', { value, type: 'long' });
}

function strictFloat(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'string' && DECIMAL.test(value)) return Number(value);
  return fail('PR2003', { value, type: 'float' });
}

function strictBool(value: Value): boolean {
  if (typeof value === 'boolean') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  return fail('PR2003', { value, type: 'bool' });
}

function strictString(value: Value): string {
  return typeof value === 'string' ? value : fail('PR2003', { value, type: 'string' });
}

const MAX_TIME = 8.64e15;

function strictDatetime(value: Value): number {
  if (typeof value === 'string') return dateOf(value, undefined);
  const time = wholeNumber(value);
  return time !== undefined && Math.abs(time) <= MAX_TIME ? time : fail('PR2003', { value, type: 'datetime' });
}

export const castFunctions: readonly FunctionEntry[] = [
  ...casts(
    'Number',
    [int, long, float, text, bool, datetime],
    FLOAT,
    Number,
    'The number, as ECMAScript converts it: NaN of a text that is none, 0 of an empty one, 1 and 0 of a bool, milliseconds of a datetime.',
  ),
  cast(
    'Number',
    json,
    FLOAT,
    (value) => Number(single('Number', value)),
    'As above, of a JSON string, number or boolean; an object or array is an error.',
  ),
  ...casts('String', [text, int, long, float, bool], STRING, String, 'The text, as ECMAScript writes it.'),
  cast(
    'String',
    json,
    STRING,
    (value) => String(single('String', value)),
    'The text of a JSON string, number or boolean; an object or array is an error (`JSON.stringify(x)`).',
  ),
  ...casts('Boolean', [bool, int, long, float, text], BOOL, Boolean, 'False for 0, NaN and the empty text, else true.'),
  ...casts(
    'int',
    [int, long, float, text, json],
    INT,
    strictInt,
    'The value as an int; an error where it is not a whole number of 32 bits.',
  ),
  ...casts(
    'long',
    [int, long, float, text, json],
    LONG,
    strictLong,
    'The value as a long; an error where it is not a whole number within ±(2^53−1).',
  ),
  ...casts(
    'float',
    [int, long, float, text, json],
    FLOAT,
    strictFloat,
    'The value as a float; an error where a text is not a decimal number.',
  ),
  ...casts(
    'bool',
    [bool, text, json],
    BOOL,
    strictBool,
    'The value as a bool; of a text only `true` and `false` convert.',
  ),
  ...casts(
    'string',
    [text, json],
    STRING,
    strictString,
    'The text of a JSON string; any other JSON value is an error.',
  ),
  ...casts(
    'datetime',
    [datetime, long, float, text],
    DATETIME,
    strictDatetime,
    'The datetime of milliseconds from 1970, or of an ISO 8601 text.',
  ),
  cast(
    'datetime',
    json,
    DATETIME,
    strictDatetime,
    'The datetime of a JSON number (milliseconds from 1970) or string (ISO 8601).',
  ),
  ...casts(
    'json',
    [text, long, float, bool, json],
    JSON_TYPE,
    (value) => value,
    'The value as JSON; `JSON.parse(text)` reads a JSON text.',
  ),
  define('Bytes', {
    id: 'bytes.length',
    spelling: { kind: 'property', name: 'length' },
    parameters: [param('bytes', bytes)],
    result: INT,
    evaluate: (bytes) => bytes.length,
    doc: 'Number of bytes.',
  }),
];
