/** Several vectors as one. */
import type { Type } from '../typecheck/types.ts';
import type { BoolVector, IntVector, Nulls, NumberVector, Utf8Vector, Vector } from './batch.ts';
import { isWellFormed, lengthOf, utf8Vector, valueAt, vectorBuilder, vectorOf } from './vectors.ts';
import type { NumberArray } from './vectors.ts';

/** All rows of the vectors, one after the other; they must be of one type. `type` says which where there is no vector at all. */
export function concat(vectors: readonly Vector[], type: Type): Vector {
  const [first] = vectors;
  if (first === undefined) return vectorOf(type, []);
  if (vectors.length === 1) return first;
  const ints = allOf(vectors, 'int');
  if (ints !== null) return { kind: 'int', values: joined(ints, Int32Array), nulls: joinedNulls(ints) };
  const numbers = allOf(vectors, 'number');
  if (numbers !== null) return { kind: 'number', values: joined(numbers, Float64Array), nulls: joinedNulls(numbers) };
  const bools = allOf(vectors, 'bool');
  if (bools !== null) return { kind: 'bool', values: joined(bools, Uint8Array), nulls: joinedNulls(bools) };
  const utf8 = allUtf8(vectors);
  if (utf8 !== null) return joinedUtf8(utf8);
  const builder = vectorBuilder(type, totalLength(vectors));
  for (const vector of vectors) for (let row = 0; row < lengthOf(vector); row++) builder.push(valueAt(vector, row));
  return builder.finish();
}

function allOf<K extends Vector['kind']>(
  vectors: readonly Vector[],
  kind: K,
): readonly Extract<Vector, { kind: K }>[] | null {
  const isOfKind = (vector: Vector): vector is Extract<Vector, { kind: K }> => vector.kind === kind;
  return vectors.every(isOfKind) ? vectors.filter(isOfKind) : null;
}

function totalLength(vectors: readonly Vector[]): number {
  return vectors.reduce((sum, vector) => sum + lengthOf(vector), 0);
}

function joined<A extends NumberArray>(vectors: readonly { readonly values: A }[], make: new (length: number) => A): A {
  const out = new make(vectors.reduce((sum, vector) => sum + vector.values.length, 0));
  let at = 0;
  for (const { values } of vectors) {
    out.set(values, at);
    at += values.length;
  }
  return out;
}

function joinedNulls(vectors: readonly (IntVector | NumberVector | BoolVector | Utf8Vector)[]): Nulls {
  if (vectors.every((vector) => vector.nulls === null)) return null;
  const out = new Uint8Array(totalLength(vectors));
  let at = 0;
  for (const vector of vectors) {
    if (vector.nulls !== null) out.set(vector.nulls, at);
    at += lengthOf(vector);
  }
  return out;
}

/**
 * Strings that came from a file among some that were made: as views over bytes all of them, so that those of the file need not be decoded. Null where none came from a
 * file, or where one has no UTF-8 (a lone surrogate).
 */
function allUtf8(vectors: readonly Vector[]): readonly Utf8Vector[] | null {
  if (!vectors.some(({ kind }) => kind === 'utf8')) return null;
  const views: Utf8Vector[] = [];
  for (const vector of vectors) {
    if (vector.kind === 'utf8') views.push(vector);
    else if (vector.kind !== 'string' || vector.values.some((text) => text !== null && !isWellFormed(text)))
      return null;
    else views.push(utf8Vector(vector.values));
  }
  return views;
}

/** Vectors over the same bytes share them; else the bytes that rows use are copied together. */
function joinedUtf8(vectors: readonly Utf8Vector[]): Utf8Vector {
  const [first] = vectors;
  const shared = first !== undefined && vectors.every((vector) => vector.bytes === first.bytes);
  const starts = joined(
    vectors.map((vector) => ({ values: vector.starts })),
    Int32Array,
  );
  const ends = joined(
    vectors.map((vector) => ({ values: vector.ends })),
    Int32Array,
  );
  const nulls = joinedNulls(vectors);
  if (shared) return { kind: 'utf8', bytes: first.bytes, starts, ends, nulls, decoded: null };
  const spans = vectors.map(spanOf);
  const bytes = new Uint8Array(spans.reduce((sum, { size }) => sum + size, 0));
  let row = 0;
  let free = 0;
  for (const [at, vector] of vectors.entries()) {
    const { from, to, size, dense } = spans[at] ?? NO_SPAN;
    const until = row + vector.starts.length;
    if (dense) {
      bytes.set(vector.bytes.subarray(from, to), free);
      for (; row < until; row++) {
        const [start, end] = [starts[row] ?? 0, ends[row] ?? 0];
        starts[row] = start === end ? free : start - from + free;
        ends[row] = start === end ? free : end - from + free;
      }
      free += size;
      continue;
    }
    for (; row < until; row++) {
      const [start, end] = [starts[row] ?? 0, ends[row] ?? 0];
      bytes.set(vector.bytes.subarray(start, end), free);
      starts[row] = free;
      free += end - start;
      ends[row] = free;
    }
  }
  return { kind: 'utf8', bytes, starts, ends, nulls, decoded: null };
}

/** Where the bytes that a vector's rows use lie. */
interface ByteSpan {
  readonly from: number;
  readonly to: number;
  /** Bytes that a copy takes. */
  readonly size: number;
  /** Whether the span is copied as a whole, with what lies between the rows' bytes: that is quicker than row by row. */
  readonly dense: boolean;
}

const NO_SPAN: ByteSpan = { from: 0, to: 0, size: 0, dense: true };

/** A span copied as a whole may be so many times what its rows use. */
const SPARSE = 4;

function spanOf({ starts, ends }: Utf8Vector): ByteSpan {
  let from = Infinity;
  let to = 0;
  let used = 0;
  for (let row = 0; row < starts.length; row++) {
    const [start, end] = [starts[row] ?? 0, ends[row] ?? 0];
    if (start === end) continue;
    used += end - start;
    if (start < from) from = start;
    if (end > to) to = end;
  }
  if (used === 0) return { ...NO_SPAN, dense: false };
  const dense = to - from <= used * SPARSE;
  return { from, to, size: dense ? to - from : used, dense };
}
