/** The values of a column as UTF-8 text, all of a batch at once. Strings that came as bytes stay where they are. */
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Type } from '../../typecheck/types.ts';
import type { IntVector, Vector } from '../batch.ts';
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
      return wholeCells(vector);
    case 'number': {
      const { values } = vector;
      const isDate = nonNull(type).kind === 'datetime';
      const text = isDate ? dateText(dates) : String;
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
