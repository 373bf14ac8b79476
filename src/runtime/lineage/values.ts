/** Columns as bytes: what the recorder packs of a batch and the reader gives back as values. */
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { isNullAt, lengthOf, textAt } from '../vectors.ts';
import type { ByteReader, ByteWriter } from './bytes.ts';

const KINDS = ['int', 'number', 'bool', 'text', 'object', 'wide'] as const;

/** The first `length` rows of a column. */
export function packColumn(out: ByteWriter, vector: Vector, length: number): void {
  switch (vector.kind) {
    case 'int':
      packNulls(out, 'int', vector, length);
      out.ints(vector.values.subarray(0, length));
      return;
    case 'bool':
      packNulls(out, 'bool', vector, length);
      out.raw(vector.values, 0, length);
      return;
    case 'number':
      if (isWhole(vector.values, length)) {
        packNulls(out, 'number', vector, length);
        out.ints(vector.values.subarray(0, length));
      } else {
        packNulls(out, 'wide', vector, length);
        for (let row = 0; row < length; row += 1) out.float(vector.values[row] ?? 0);
      }
      return;
    case 'utf8':
      packNulls(out, 'text', vector, length);
      for (let row = 0; row < length; row += 1) {
        const [start = 0, end = 0] = [vector.starts[row], vector.ends[row]];
        out.uint(end - start);
        out.raw(vector.bytes, start, end);
      }
      return;
    case 'string':
      if (hasLoneSurrogate(vector.values, length)) return packObjects(out, vector.values, length);
      packNulls(out, 'text', vector, length);
      for (let row = 0; row < length; row += 1) out.text(isNullAt(vector, row) ? '' : textAt(vector, row));
      return;
    case 'object':
      return packObjects(out, vector.values, length);
  }
}

function packNulls(out: ByteWriter, kind: (typeof KINDS)[number], vector: Vector, length: number): void {
  out.byte(KINDS.indexOf(kind));
  const rows: number[] = [];
  for (let row = 0; row < length; row += 1) if (isNullAt(vector, row)) rows.push(row);
  out.ints(rows);
}

function packObjects(out: ByteWriter, values: readonly unknown[], length: number): void {
  out.byte(KINDS.indexOf('object'));
  for (let row = 0; row < length; row += 1) out.text(taggedJson(values[row] ?? null));
}

/** Numbers whose differences are whole and safe; −0 is not among them. */
function isWhole(values: Float64Array, length: number): boolean {
  for (let row = 0; row < length; row += 1) {
    const value = values[row] ?? 0;
    if (!Number.isInteger(value) || Math.abs(value) > 2 ** 50 || Object.is(value, -0)) return false;
  }
  return true;
}

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function hasLoneSurrogate(values: readonly (string | null)[], length: number): boolean {
  for (let row = 0; row < length; row += 1) if (LONE_SURROGATE.test(values[row] ?? '')) return true;
  return false;
}

export function readColumn(from: ByteReader, length: number): readonly Value[] {
  const kind = KINDS[from.byte()];
  if (kind === undefined) throw new RangeError('an unknown kind of column');
  if (kind === 'object') return Array.from({ length }, () => valueOfJson(from.text()));
  const nulls = new Set(from.ints());
  const values = valuesOf(kind, from, length);
  return nulls.size === 0 ? values : values.map((value, row) => (nulls.has(row) ? null : value));
}

function valuesOf(kind: Exclude<(typeof KINDS)[number], 'object'>, from: ByteReader, length: number): readonly Value[] {
  switch (kind) {
    case 'int':
    case 'number':
      return [...from.ints()];
    case 'wide':
      return Array.from({ length }, () => from.float());
    case 'bool':
      return Array.from({ length }, () => from.byte() === 1);
    case 'text':
      return Array.from({ length }, () => from.text());
  }
}

// ── Any value as JSON ───────────────────────────────────────────────────────────────────────────────────────────────

/** What JSON lacks stands as an object with one field of a name that no JSON value of a row can have alone: those are wrapped too. */
const BYTES = '$bytes';
const NUMBER = '$number';
const PLAIN = '$json';

export function taggedJson(value: unknown): string {
  return JSON.stringify(tagged(value));
}

function tagged(value: unknown): unknown {
  if (value instanceof Uint8Array) return { [BYTES]: Buffer.from(value).toString('base64') };
  if (typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0)))
    return { [NUMBER]: Object.is(value, -0) ? '-0' : String(value) };
  if (Array.isArray(value)) return value.map(tagged);
  if (typeof value !== 'object' || value === null) return value;
  return { [PLAIN]: value };
}

export function valueOfJson(text: string): Value {
  const parsed: unknown = JSON.parse(text);
  return untagged(parsed);
}

function untagged(value: unknown): Value {
  if (Array.isArray(value)) return value.map(untagged);
  if (typeof value === 'object' && value !== null) {
    if (BYTES in value) return Buffer.from(String(value[BYTES]), 'base64');
    if (NUMBER in value) return Number(value[NUMBER]);
    if (PLAIN in value) return value[PLAIN] as Value;
    throw new TypeError('a value without its tag');
  }
  return value as Value;
}

/** How many rows all columns have; 0 where there is none. */
export function rowsOf(vectors: readonly Vector[]): number {
  const [first] = vectors;
  return first === undefined ? 0 : lengthOf(first);
}
