/** Reading, cutting, joining and building vectors. A vector is never written after it is built, but for its cache of decoded strings. */
import type { Type, Value } from '../typecheck/types.ts';
import { nonNull } from '../typecheck/types.ts';
import type { IntVector, Nulls, NumberVector, StringVector, Utf8Vector, Vector } from './batch.ts';

/** The vector kind that values of a type are built as; a string column may also be a `utf8` vector that a reader made. */
export type BuiltKind = Exclude<Vector['kind'], 'utf8'>;

export function builtKind(type: Type): BuiltKind {
  const base = nonNull(type);
  switch (base.kind) {
    case 'int':
      return 'int';
    case 'long':
    case 'float':
    case 'datetime':
      return 'number';
    case 'bool':
      return 'bool';
    case 'string':
      return 'string';
    default:
      return 'object';
  }
}

/** The number of rows. */
export function lengthOf(vector: Vector): number {
  return vector.kind === 'utf8' ? (vector.taken?.rows ?? vector.starts).length : vector.values.length;
}

export function isNullAt(vector: Vector, row: number): boolean {
  switch (vector.kind) {
    case 'string':
    case 'object':
      return vector.values[row] === null;
    default:
      return vector.nulls !== null && vector.nulls[row] === 1;
  }
}

/** The value as JavaScript holds it; null where the row is null. */
export function valueAt(vector: Vector, row: number): Value {
  switch (vector.kind) {
    case 'string':
      return vector.values[row] ?? null;
    case 'object':
      return (vector.values[row] ?? null) as Value;
    case 'utf8':
      return isNullAt(vector, row) ? null : textAt(vector, row);
    case 'bool':
      return isNullAt(vector, row) ? null : vector.values[row] === 1;
    default:
      return isNullAt(vector, row) ? null : (vector.values[row] ?? null);
  }
}

/** {@link valueAt} for a row now and then: a string is decoded, and no room made to keep those of all rows. */
export function loneValueAt(vector: Vector, row: number): Value {
  if (vector.kind !== 'utf8' || vector.decoded !== null || isNullAt(vector, row)) return valueAt(vector, row);
  return decodeUtf8(vector.bytes, vector.starts[row] ?? 0, vector.ends[row] ?? 0);
}

/** The string of a row that is not null; a utf8 vector decodes it once. */
export function textAt(vector: Utf8Vector | StringVector, row: number): string {
  if (vector.kind === 'string') return vector.values[row] ?? '';
  const cache = (vector.decoded ??= Array.from<string | undefined>({ length: vector.starts.length }));
  const known = cache[row];
  if (known !== undefined) return known;
  const text = decodeUtf8(vector.bytes, vector.starts[row] ?? 0, vector.ends[row] ?? 0);
  cache[row] = text;
  return text;
}

let lastBytes: Uint8Array = new Uint8Array(0);
let lastBuffer: Buffer = Buffer.alloc(0);

/** The string of well-formed UTF-8 in `bytes[start … end)`; a byte order mark is a character like any other. */
export function decodeUtf8(bytes: Uint8Array, start: number, end: number): string {
  if (bytes !== lastBytes) {
    lastBytes = bytes;
    lastBuffer = bufferOver(bytes);
  }
  return lastBuffer.toString('utf8', start, end);
}

/** The same memory as a Buffer. */
function bufferOver(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Calls that only read ask for a string vector; any other kind under a string-typed column is a defect of the engine. */
export function stringVector(vector: Vector): Utf8Vector | StringVector {
  if (vector.kind === 'utf8' || vector.kind === 'string') return vector;
  throw new TypeError(`a string column holds a vector of kind ${vector.kind}`);
}

// ── Cutting and joining ─────────────────────────────────────────────────────────────────────────────────────────────

/** The rows at `indexes`, in that order; -1 gives a null row (the empty side of an outer join). */
export function gather(vector: Vector, indexes: Int32Array): Vector {
  switch (vector.kind) {
    case 'int':
      return {
        kind: 'int',
        values: pick(vector.values, indexes, Int32Array),
        nulls: gatherNulls(vector.nulls, indexes),
        ...gatherTexts(vector, indexes),
      };
    case 'number':
      return {
        kind: 'number',
        values: pick(vector.values, indexes, Float64Array),
        nulls: gatherNulls(vector.nulls, indexes),
        ...gatherTexts(vector, indexes),
      };
    case 'bool':
      return {
        kind: 'bool',
        values: pick(vector.values, indexes, Uint8Array),
        nulls: gatherNulls(vector.nulls, indexes),
      };
    case 'utf8':
      return gatherUtf8(vector, indexes);
    case 'string':
      return { kind: 'string', values: Array.from(indexes, (row) => vector.values[row] ?? null) };
    case 'object':
      return { kind: 'object', values: Array.from(indexes, (row) => vector.values[row] ?? null) };
  }
}

export type NumberArray = Int32Array | Float64Array | Uint8Array;

function pick<A extends NumberArray>(values: A, indexes: Int32Array, make: new (length: number) => A): A {
  const out = new make(indexes.length);
  for (let at = 0; at < indexes.length; at++) out[at] = values[indexes[at] ?? -1] ?? 0;
  return out;
}

function gatherTexts({ texts }: IntVector | NumberVector, indexes: Int32Array): Pick<IntVector, 'texts'> {
  if (texts === undefined) return {};
  const { bytes, starts, ends } = texts;
  return { texts: { bytes, starts: pick(starts, indexes, Int32Array), ends: pick(ends, indexes, Int32Array) } };
}

function gatherNulls(nulls: Nulls, indexes: Int32Array): Nulls {
  if (nulls === null && !hasNegative(indexes)) return null;
  const out = new Uint8Array(indexes.length);
  let any = false;
  for (let at = 0; at < indexes.length; at++) {
    const row = indexes[at] ?? -1;
    if (row < 0 || (nulls !== null && nulls[row] === 1)) {
      out[at] = 1;
      any = true;
    }
  }
  return any ? out : null;
}

function hasNegative(indexes: Int32Array): boolean {
  for (let at = 0; at < indexes.length; at++) if ((indexes[at] ?? 0) < 0) return true;
  return false;
}

function gatherUtf8(vector: Utf8Vector, indexes: Int32Array): Utf8Vector {
  const { decoded } = vector;
  return {
    kind: 'utf8',
    bytes: vector.bytes,
    starts: pick(vector.starts, indexes, Int32Array),
    ends: pick(vector.ends, indexes, Int32Array),
    nulls: gatherNulls(vector.nulls, indexes),
    decoded: decoded === null ? null : Array.from(indexes, (row) => decoded[row]),
  };
}

/** Rows `start` (inclusive) to `end` (exclusive), sharing memory with the vector. */
export function slice(vector: Vector, start: number, end: number): Vector {
  const nulls = 'nulls' in vector && vector.nulls !== null ? vector.nulls.subarray(start, end) : null;
  switch (vector.kind) {
    case 'int':
      return { kind: 'int', values: vector.values.subarray(start, end), nulls };
    case 'number':
      return { kind: 'number', values: vector.values.subarray(start, end), nulls };
    case 'bool':
      return { kind: 'bool', values: vector.values.subarray(start, end), nulls };
    case 'utf8':
      return {
        kind: 'utf8',
        bytes: vector.bytes,
        starts: vector.starts.subarray(start, end),
        ends: vector.ends.subarray(start, end),
        nulls,
        decoded: vector.decoded === null ? null : vector.decoded.slice(start, end),
      };
    case 'string':
      return { kind: 'string', values: vector.values.slice(start, end) };
    case 'object':
      return { kind: 'object', values: vector.values.slice(start, end) };
  }
}

// ── Building ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Takes values of one type, row after row; `finish` gives the vector and ends the builder's use. */
export interface VectorBuilder {
  readonly push: (value: Value) => void;
  readonly length: () => number;
  readonly finish: () => Vector;
}

/** A builder for a column of `type`; `capacity` is a guess at the rows to come. A value must be of the type: it is not checked. */
export function vectorBuilder(type: Type, capacity = 16): VectorBuilder {
  const kind = builtKind(type);
  switch (kind) {
    case 'int':
      return numericBuilder(Int32Array, capacity, Number, (values, nulls) => ({ kind, values, nulls }));
    case 'number':
      return numericBuilder(Float64Array, capacity, Number, (values, nulls) => ({ kind, values, nulls }));
    case 'bool':
      return numericBuilder(Uint8Array, capacity, Number, (values, nulls) => ({ kind, values, nulls }));
    case 'string': {
      const values: (string | null)[] = [];
      return {
        push: (value) => void values.push(typeof value === 'string' ? value : null),
        length: () => values.length,
        finish: () => ({ kind, values }),
      };
    }
    case 'object': {
      const values: Value[] = [];
      return {
        push: (value) => void values.push(value),
        length: () => values.length,
        finish: () => ({ kind, values }),
      };
    }
  }
}

function numericBuilder<A extends NumberArray>(
  make: new (length: number) => A,
  capacity: number,
  number: (value: Value) => number,
  finished: (values: A, nulls: Nulls) => Vector,
): VectorBuilder {
  let values = new make(Math.max(1, capacity));
  let nulls: Uint8Array | null = null;
  let length = 0;
  const grow = (): void => {
    const larger = new make(values.length * 2);
    larger.set(values);
    values = larger;
    if (nulls !== null) {
      const largerNulls = new Uint8Array(values.length);
      largerNulls.set(nulls);
      nulls = largerNulls;
    }
  };
  return {
    push: (value) => {
      if (length === values.length) grow();
      if (value === null) (nulls ??= new Uint8Array(values.length))[length] = 1;
      else values[length] = number(value);
      length += 1;
    },
    length: () => length,
    finish: () => finished(trimmed(values, length, make), nulls === null ? null : trimmed(nulls, length, Uint8Array)),
  };
}

/** The first `length` elements, copied only where much memory would be held for nothing. */
function trimmed<A extends NumberArray>(values: A, length: number, make: new (length: number) => A): A {
  if (length === values.length) return values;
  const out = new make(length);
  for (let at = 0; at < length; at++) out[at] = values[at] ?? 0;
  return out;
}

/** A vector of these values, which must be of the type. */
export function vectorOf(type: Type, values: readonly Value[]): Vector {
  const builder = vectorBuilder(type, values.length);
  for (const value of values) builder.push(value);
  return builder.finish();
}

/** `length` rows of one value. */
export function constantVector(type: Type, value: Value, length: number): Vector {
  const nulls = value === null ? new Uint8Array(length).fill(1) : null;
  const kind = builtKind(type);
  switch (kind) {
    case 'int':
      return { kind, values: new Int32Array(length).fill(Number(value ?? 0)), nulls };
    case 'number':
      return { kind, values: new Float64Array(length).fill(Number(value ?? 0)), nulls };
    case 'bool':
      return { kind, values: new Uint8Array(length).fill(value === true ? 1 : 0), nulls };
    case 'string':
      return { kind, values: Array.from({ length }, () => (typeof value === 'string' ? value : null)) };
    case 'object':
      return { kind, values: Array.from({ length }, () => value) };
  }
}

const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether the text has a UTF-8: no surrogate stands alone. */
export function isWellFormed(text: string): boolean {
  return !LONE_SURROGATE.test(text);
}

/** A utf8 vector of these strings (null for a null row); null where one has no UTF-8. */
export function utf8Of(texts: readonly (string | null)[]): Utf8Vector | null {
  const vector = utf8Vector(texts);
  const ascii = vector.bytes.length === texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
  return ascii || texts.every((text) => text === null || isWellFormed(text)) ? vector : null;
}

/** Texts that are encoded together: one call for many short ones, and no string longer than there may be. */
const ENCODED_AT_ONCE = 4096;

/** A utf8 vector of these strings (null for a null row); a lone surrogate has no UTF-8, so those strings must not hold one. */
export function utf8Vector(texts: readonly (string | null)[]): Utf8Vector {
  const starts = new Int32Array(texts.length);
  const ends = new Int32Array(texts.length);
  const pieces: Buffer[] = [];
  let at = 0;
  for (let from = 0; from < texts.length; from += ENCODED_AT_ONCE) {
    const some = from === 0 && texts.length <= ENCODED_AT_ONCE ? texts : texts.slice(from, from + ENCODED_AT_ONCE);
    const joined = some.join('');
    const piece = Buffer.from(joined, 'utf8');
    const ascii = piece.length === joined.length;
    for (let row = 0; row < some.length; row += 1) {
      const text = some[row] ?? '';
      starts[from + row] = at;
      at += ascii ? text.length : Buffer.byteLength(text, 'utf8');
      ends[from + row] = at;
    }
    pieces.push(piece);
  }
  const [first] = pieces;
  const bytes = first !== undefined && pieces.length === 1 ? first : Buffer.concat(pieces);
  const nulls = texts.includes(null) ? Uint8Array.from(texts, (text) => (text === null ? 1 : 0)) : null;
  return { kind: 'utf8', bytes, starts, ends, nulls, decoded: null };
}
