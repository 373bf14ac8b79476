/** Cut fields as vectors: numbers from their bytes, strings as views. One loop per column and type. */
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import { isNullable, nonNull, typeText } from '../../typecheck/types.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import type { IntVector, Nulls, Utf8Vector, Vector } from '../batch.ts';
import type { LineFault } from './faults.ts';
import { MAX_FIELD_BYTES, shown } from './faults.ts';
import { boolOf, fieldValue } from './field-value.ts';
import { readDecimal, wholeNumber } from './numbers.ts';
import { ESCAPED } from './splitter.ts';

/** One column of a batch as it was cut. `quoting` as the splitter's, for this column alone. */
export interface Fields {
  readonly bytes: Buffer;
  readonly rows: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly quoting: Uint8Array | null;
  readonly quote: number;
}

export interface ColumnFormat {
  readonly name: string;
  readonly type: Type;
  readonly nullText: Buffer | null;
  readonly dates: DatePattern | null;
  /** The pattern of `dates`, for messages. */
  readonly dateFormat: string | null;
  /** Whether numbers keep the places of their texts, for a writer. */
  readonly keepsTexts: boolean;
}

/** Takes what ails a row; the first fault of a row counts. */
export type Reject = (row: number, fault: LineFault) => void;

/** The column's vector. A row that has no value gets any, and is rejected. Strings still hold doubled quotes: see {@link unescaped}. */
export function columnVector(fields: Fields, format: ColumnFormat, reject: Reject): Vector {
  const base = nonNull(format.type);
  const nulls = isNullable(format.type) ? nullsOf(fields, format.nullText) : null;
  switch (base.kind) {
    case 'string':
      return {
        kind: 'utf8',
        bytes: fields.bytes,
        starts: fields.starts,
        ends: fields.ends,
        nulls,
        decoded: null,
      };
    case 'int':
      return ints(fields, format, nulls, reject);
    case 'long':
      return numbers(fields, format, nulls, reject, readLong);
    case 'float':
      return numbers(fields, format, nulls, reject, readDecimal);
    case 'bool':
    case 'datetime':
      return small(fields, format, base.kind, nulls, reject);
    default:
      return objects(fields, format, nulls, reject);
  }
}

/** An empty field that is not quoted, or one that is the null text. */
function nullsOf({ bytes, rows, starts, ends, quoting }: Fields, nullText: Buffer | null): Nulls {
  let nulls: Uint8Array | null = null;
  for (let row = 0; row < rows; row++) {
    const start = starts[row] ?? 0;
    const length = (ends[row] ?? 0) - start;
    if (length !== 0 && (nullText === null || length !== nullText.length)) continue;
    if (quoting !== null && quoting[row] !== 0) continue;
    if (length !== 0 && nullText?.compare(bytes, start, start + length) !== 0) continue;
    (nulls ??= new Uint8Array(rows))[row] = 1;
  }
  return nulls;
}

const MAX_INT = 2_147_483_647;
const MIN_INT = -2_147_483_648;

function ints(fields: Fields, format: ColumnFormat, nulls: Nulls, reject: Reject): Vector {
  const { bytes, rows, starts, ends } = fields;
  const values = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    if (nulls !== null && nulls[row] === 1) continue;
    const value = wholeNumber(bytes, starts[row] ?? 0, ends[row] ?? 0);
    if (value >= MIN_INT && value <= MAX_INT) values[row] = value;
    else reject(row, misfit(fields, format, row));
  }
  return { kind: 'int', values, nulls, ...textsOf(fields, format) };
}

function textsOf({ bytes, starts, ends }: Fields, { keepsTexts }: ColumnFormat): Pick<IntVector, 'texts'> {
  return keepsTexts ? { texts: { bytes, starts, ends } } : {};
}

function numbers(
  fields: Fields,
  format: ColumnFormat,
  nulls: Nulls,
  reject: Reject,
  read: (bytes: Buffer, start: number, end: number, to: Float64Array, place: number) => boolean,
): Vector {
  const { bytes, rows, starts, ends } = fields;
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    if (nulls !== null && nulls[row] === 1) continue;
    if (!read(bytes, starts[row] ?? 0, ends[row] ?? 0, values, row)) reject(row, misfit(fields, format, row));
  }
  return { kind: 'number', values, nulls, ...textsOf(fields, format) };
}

function readLong(bytes: Buffer, start: number, end: number, to: Float64Array, place: number): boolean {
  const value = wholeNumber(bytes, start, end);
  if (!Number.isSafeInteger(value)) return false;
  to[place] = value;
  return true;
}

/** Types with few or short values: each is decoded. */
function small(fields: Fields, format: ColumnFormat, kind: 'bool' | 'datetime', nulls: Nulls, reject: Reject): Vector {
  const { rows } = fields;
  const values = kind === 'bool' ? new Uint8Array(rows) : new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    if (nulls !== null && nulls[row] === 1) continue;
    const text = fieldText(fields, row);
    const value = kind === 'bool' ? boolOf(text.trim()) : fieldValue(nonNull(format.type), text, format.dates);
    if (value === undefined) reject(row, misfit(fields, format, row));
    else values[row] = Number(value);
  }
  return values instanceof Uint8Array ? { kind: 'bool', values, nulls } : { kind: 'number', values, nulls };
}

function objects(fields: Fields, format: ColumnFormat, nulls: Nulls, reject: Reject): Vector {
  const values: Value[] = [];
  const type = nonNull(format.type);
  for (let row = 0; row < fields.rows; row++) {
    if (nulls !== null && nulls[row] === 1) {
      values.push(null);
      continue;
    }
    const value = fieldValue(type, fieldText(fields, row), format.dates);
    if (value === undefined) reject(row, misfit(fields, format, row));
    values.push(value ?? null);
  }
  return { kind: 'object', values };
}

/** The field's text, doubled quotes undone. */
export function fieldText({ bytes, starts, ends, quoting, quote }: Fields, row: number): string {
  const text = bytes.toString('utf8', starts[row] ?? 0, ends[row] ?? 0);
  if (quoting === null || quoting[row] !== ESCAPED) return text;
  const mark = String.fromCharCode(quote);
  return text.replaceAll(mark + mark, mark);
}

function misfit(fields: Fields, { name, type, nullText, dateFormat }: ColumnFormat, row: number): LineFault {
  const text = fieldText(fields, row);
  const wanted = nonNull(type);
  const why =
    text === '' && !isNullable(type)
      ? `is empty; ${typeText(wanted)}? takes empty fields as null`
      : `${shown(text)} is no ${typeText(wanted)}${hint(wanted, text, dateFormat)}`;
  const note = nullText !== null && nullText.equals(Buffer.from(text)) ? ' (nullText needs a nullable type)' : '';
  return { code: 'PR1102', message: `column ${name}: ${why}${note}` };
}

/** A moment to less than a millisecond. */
const FINER = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d\.\d{4,9}[Zz]$/u;

function hint(type: Type, text: string, dateFormat: string | null): string {
  switch (type.kind) {
    case 'int':
      return /^[+-]?\d+$/u.test(text) ? ' (32 bits); long holds up to ±(2^53−1)' : '';
    case 'long':
      return /^[+-]?\d+$/u.test(text) ? ' (±(2^53−1)); string keeps it as it is' : '';
    case 'float':
      return /^[+-]?[\d.]*,\d+$/u.test(text) ? '; decimals are written with a point' : '';
    case 'bool':
      return '; true and false are';
    case 'datetime':
      if (dateFormat === null && FINER.test(text))
        return ', which holds milliseconds; a string keeps it, and datetime(s.slice(0, 23) + "Z") takes three digits of the fraction';
      return dateFormat === null
        ? ' of ISO 8601 (2024-12-31T23:59:59Z); datetimeFormat gives another form'
        : ` of the form ${dateFormat}`;
    case 'bytes':
      return ' (base64)';
    default:
      return '';
  }
}

/** Undoes doubled quotes in place: the text only gets shorter. To be called when nobody needs the line as it stood any more. */
export function unescaped(vector: Utf8Vector, { quoting, quote, rows }: Fields): Utf8Vector {
  if (quoting === null || !quoting.includes(ESCAPED)) return vector;
  const { bytes } = vector;
  const ends = vector.ends.slice();
  for (let row = 0; row < rows; row++) {
    if (quoting[row] !== ESCAPED) continue;
    const end = vector.ends[row] ?? 0;
    let to = vector.starts[row] ?? 0;
    for (let from = to; from < end; from++, to++) {
      const byte = bytes[from] ?? 0;
      bytes[to] = byte;
      if (byte === quote) from += 1;
    }
    ends[row] = to;
  }
  return { ...vector, ends };
}

/** What ails a row with a field of so many bytes. */
export function tooLong(length: number): LineFault {
  return {
    code: 'PR1106',
    message: `a field has ${length} bytes; the limit is ${MAX_FIELD_BYTES} (16 MB)`,
  };
}
