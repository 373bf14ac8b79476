/** The values of a column as UTF-8 text, all of a batch at once. Strings that came as bytes stay where they are. */
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Type } from '../../typecheck/types.ts';
import type { IntVector, NumberVector, Vector } from '../batch.ts';
import { isNullAt, lengthOf, valueAt } from '../vectors.ts';
import type { WrittenColumn } from './columns.ts';
import { writeError } from './faults.ts';
import { base64, dateText, jsonText } from './json-text.ts';

export interface Cells {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  /** 1 where there is no value; null where there is one everywhere. */
  readonly nulls: Uint8Array | null;
}

/** Texts of a vector as the delimited writers write them: numbers as JavaScript prints them, bytes as base64, json and arrays as JSON. */
export function cellsOf(vector: Vector, { name, type }: WrittenColumn, dates: DatePattern | null): Cells {
  switch (vector.kind) {
    case 'utf8':
      return vector;
    case 'int':
      return asRead(vector) ?? wholeCells(vector);
    case 'number': {
      const { values } = vector;
      if (nonNull(type).kind !== 'datetime') return asRead(vector) ?? numberCells(vector);
      const text = dateText(dates);
      return textCells(values.length, (row) => text(values[row] ?? 0), vector.nulls);
    }
    case 'bool':
      return textCells(vector.values.length, (row) => (vector.values[row] === 1 ? 'true' : 'false'), vector.nulls);
    case 'string':
      return textCells(vector.values.length, (row) => vector.values[row] ?? '', nullsOf(vector));
    case 'object':
      return objectCells(vector, name, type, dates);
  }
}

function nullsOf(vector: Vector): Uint8Array | null {
  if (vector.kind !== 'string' && vector.kind !== 'object') return vector.nulls;
  const length = lengthOf(vector);
  let nulls: Uint8Array | null = null;
  for (let row = 0; row < length; row++) if (isNullAt(vector, row)) (nulls ??= new Uint8Array(length))[row] = 1;
  return nulls;
}

/** In a json column that is not nullable, null is the JSON value. */
function objectCells(vector: Vector, name: string, type: Type, dates: DatePattern | null): Cells {
  const nulls = type.kind === 'nullable' ? nullsOf(vector) : null;
  return textCells(
    lengthOf(vector),
    (row) => {
      const value = valueAt(vector, row);
      return value instanceof Uint8Array ? base64(value) : jsonText(name, type, value, dates);
    },
    nulls,
  );
}

/** The texts that numbers were read from, where each of them is how the number is printed. */
function asRead({ texts, nulls }: IntVector | NumberVector): Cells | null {
  if (texts === undefined) return null;
  const { bytes, starts, ends } = texts;
  for (let row = 0; row < starts.length; row++) {
    if (nulls !== null && nulls[row] === 1) continue;
    if (!isPrinted(bytes, starts[row] ?? 0, ends[row] ?? 0)) return null;
  }
  return { bytes, starts, ends, nulls };
}

/** Digits of a decimal that no shorter one, and no other as short, has the same double of. */
const SAFE_DIGITS = 15;

/** Whether JavaScript prints the number read here as it stands: at most 15 digits, no needless zero or sign, no exponent, none wanted (0.0000001 is 1e-7). */
function isPrinted(bytes: Uint8Array, start: number, end: number): boolean {
  const first = bytes[start] === MINUS ? start + 1 : start;
  const length = end - first;
  if (length < 1 || length > SAFE_DIGITS) return false;
  let point = -1;
  for (let at = first; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === POINT && point < 0) point = at;
    else if (byte < ZERO || byte > NINE) return false;
  }
  if (bytes[first] === ZERO && length > 1 && point !== first + 1) return false;
  if (point < 0) return bytes[first] !== ZERO || first === start;
  if (point === first || bytes[end - 1] === ZERO || point === end - 1) return false;
  return bytes[first] !== ZERO || end - point <= 1 + FIXED_PLACES;
}

const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;

/** Places behind the point of a number below 1 that is printed without an exponent in any case. */
const FIXED_PLACES = 6;

const MAX_INT_TEXT = 11;

function wholeCells({ values, nulls }: IntVector): Cells {
  const rows = values.length;
  // A Buffer as all other cells are: loops that see one class of arrays are compiled better.
  const bytes = Buffer.allocUnsafeSlow(rows * MAX_INT_TEXT);
  const starts = new Int32Array(rows);
  const ends = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    const end = (row + 1) * MAX_INT_TEXT;
    let at = end;
    let rest = Math.abs(value);
    do {
      at -= 1;
      const next = Math.floor(rest / 10);
      bytes[at] = 48 + rest - next * 10;
      rest = next;
    } while (rest > 0);
    if (value < 0) {
      at -= 1;
      bytes[at] = 45;
    }
    starts[row] = at;
    ends[row] = end;
  }
  return { bytes, starts, ends, nulls };
}

/** Room for any number as JavaScript prints it: `-1.2345678901234567e-100` has 24 characters. */
const MAX_NUMBER_TEXT = 26;

/** Numbers of up to so many units have 15 digits at most. */
const MOST_UNITS = 1e15;

/**
 * Numbers as JavaScript prints them. One that is the nearest double of a decimal of at most 15 digits prints as that decimal, since no other decimal as short has the same
 * double: whole numbers, hundredths and millionths are written digit by digit, no string is made for them.
 */
function numberCells({ values, nulls }: NumberVector): Cells {
  const rows = values.length;
  const bytes = Buffer.allocUnsafeSlow(rows * MAX_NUMBER_TEXT);
  const starts = new Int32Array(rows);
  const ends = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const value = values[row] ?? 0;
    const end = (row + 1) * MAX_NUMBER_TEXT;
    ends[row] = end;
    const places = placesOf(value);
    if (places >= 0) {
      starts[row] = writeDecimal(bytes, end, Math.round(Math.abs(value) * 10 ** places), places, value < 0);
    } else {
      const text = String(value);
      starts[row] = end - text.length;
      bytes.write(text, end - text.length, 'latin1');
    }
  }
  return { bytes, starts, ends, nulls };
}

/** 0, 2 or 6: decimal places that hold the number exactly; −1 where none of them does. */
function placesOf(value: number): number {
  const size = Math.abs(value);
  if (size < MOST_UNITS && Math.floor(size) === size) return 0;
  if (size < MOST_UNITS / 100 && Math.round(size * 100) / 100 === size) return 2;
  if (size >= 1e-6 && size < MOST_UNITS / 1e6 && Math.round(size * 1e6) / 1e6 === size) return 6;
  return -1;
}

/** Writes `units` / 10^places so that it ends before `end`, without zeros behind the last digit that counts; gives where it begins. */
function writeDecimal(bytes: Buffer, end: number, units: number, places: number, negative: boolean): number {
  let at = end;
  let rest = units;
  let left = places;
  for (; left > 0 && rest % 10 === 0; left--) rest /= 10;
  for (let digits = 0; rest > 0 || digits <= left; digits++) {
    if (digits === left && left > 0) bytes[--at] = 46;
    const next = Math.floor(rest / 10);
    bytes[--at] = 48 + rest - next * 10;
    rest = next;
  }
  if (negative) bytes[--at] = 45;
  return at;
}

const REPLACEMENT = Buffer.from('\ufffd', 'utf8');

function textCells(rows: number, textOf: (row: number) => string, nulls: Uint8Array | null): Cells {
  let bytes: Buffer = Buffer.allocUnsafeSlow(Math.max(256, rows * 16));
  const starts = new Int32Array(rows);
  const ends = new Int32Array(rows);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    starts[row] = at;
    if (nulls === null || nulls[row] !== 1) {
      const text = textOf(row);
      const room = text.length * 3;
      if (bytes.length - at < room) bytes = grown(bytes, at, room);
      at += bytes.write(text, at, 'utf8');
    }
    ends[row] = at;
  }
  if (bytes.subarray(0, at).includes(REPLACEMENT)) requireWellFormed(rows, textOf, nulls);
  return { bytes, starts, ends, nulls };
}

function grown(bytes: Buffer, used: number, room: number): Buffer {
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, used + room));
  bytes.copy(larger, 0, 0, used);
  return larger;
}

/** Half of a surrogate pair has no UTF-8: writing it would change it in silence. */
function requireWellFormed(rows: number, textOf: (row: number) => string, nulls: Uint8Array | null): void {
  for (let row = 0; row < rows; row++) {
    if (nulls?.[row] === 1 || !/\p{Surrogate}/u.test(textOf(row))) continue;
    throw writeError(
      'PR5004',
      `${JSON.stringify(textOf(row).slice(0, 60))} holds half of a surrogate pair, which no UTF-8 file can hold`,
    );
  }
}
