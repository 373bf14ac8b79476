/** Rows of many columns put together: with copies of the bytes they use, so that nothing else stays in memory for their sake. */
import type { Nulls, Utf8Vector, Vector } from '../batch.ts';
import type { Columns } from '../packed/columns.ts';
import type { Type } from '../../typecheck/types.ts';
import { concat } from '../concat.ts';
import { gather } from '../vectors.ts';

/** These rows, with bytes of their own. */
export function copyRows(vectors: readonly Vector[], rows: Int32Array): Columns {
  return {
    vectors: vectors.map((vector) => (vector.kind === 'utf8' ? copyUtf8([vector], null, rows) : gather(vector, rows))),
    length: rows.length,
  };
}

/** Row `rows[i]` of `sources[which[i]]`, one after the other. All sources have the same columns, though a column of strings may be views here and strings there. */
export function pickFrom(sources: readonly Columns[], which: Int32Array, rows: Int32Array): Columns {
  const [first] = sources;
  if (first === undefined) return { vectors: [], length: 0 };
  if (sources.length === 1) return copyRows(first.vectors, rows);
  const vectors = first.vectors.map((_, column) =>
    pickColumn(
      sources.map((source) => vectorOf(source, column)),
      which,
      rows,
    ),
  );
  return { vectors, length: rows.length };
}

function vectorOf({ vectors }: Columns, column: number): Vector {
  const vector = vectors[column];
  if (vector === undefined) throw new RangeError(`there is no column ${column}`);
  return vector;
}

function pickColumn(vectors: readonly Vector[], which: Int32Array, rows: Int32Array): Vector {
  const ints = vectors.flatMap((vector) => (vector.kind === 'int' ? [vector] : []));
  if (ints.length === vectors.length) {
    return {
      kind: 'int',
      values: pickValues(ints, which, rows, new Int32Array(rows.length)),
      nulls: pickNulls(ints, which, rows),
    };
  }
  const numbers = vectors.flatMap((vector) => (vector.kind === 'number' ? [vector] : []));
  if (numbers.length === vectors.length) {
    return {
      kind: 'number',
      values: pickValues(numbers, which, rows, new Float64Array(rows.length)),
      nulls: pickNulls(numbers, which, rows),
    };
  }
  const bools = vectors.flatMap((vector) => (vector.kind === 'bool' ? [vector] : []));
  if (bools.length === vectors.length) {
    return {
      kind: 'bool',
      values: pickValues(bools, which, rows, new Uint8Array(rows.length)),
      nulls: pickNulls(bools, which, rows),
    };
  }
  const utf8 = vectors.flatMap((vector) => (vector.kind === 'utf8' ? [vector] : []));
  if (utf8.length === vectors.length) return copyUtf8(utf8, which, rows);
  return pickOthers(vectors, which, rows);
}

function pickValues<A extends Int32Array | Float64Array | Uint8Array>(
  vectors: readonly { readonly values: A }[],
  which: Int32Array,
  rows: Int32Array,
  out: A,
): A {
  for (let at = 0; at < rows.length; at += 1) out[at] = vectors[which[at] ?? 0]?.values[rows[at] ?? 0] ?? 0;
  return out;
}

function pickNulls(vectors: readonly { readonly nulls: Nulls }[], which: Int32Array, rows: Int32Array): Nulls {
  if (vectors.every(({ nulls }) => nulls === null)) return null;
  const out = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) out[at] = vectors[which[at] ?? 0]?.nulls?.[rows[at] ?? 0] ?? 0;
  return out;
}

function copyUtf8(vectors: readonly Utf8Vector[], which: Int32Array | null, rows: Int32Array): Utf8Vector {
  const starts = new Int32Array(rows.length);
  const ends = new Int32Array(rows.length);
  const [only] = vectors;
  let used = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const vector = which === null ? only : vectors[which[at] ?? 0];
    const row = rows[at] ?? 0;
    starts[at] = used;
    used += (vector?.ends[row] ?? 0) - (vector?.starts[row] ?? 0);
    ends[at] = used;
  }
  const bytes = new Uint8Array(used);
  let free = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const vector = which === null ? only : vectors[which[at] ?? 0];
    if (vector === undefined) continue;
    const row = rows[at] ?? 0;
    const start = vector.starts[row] ?? 0;
    const end = vector.ends[row] ?? 0;
    if (end - start < 24)
      for (let from = start; from < end; from += 1, free += 1) bytes[free] = vector.bytes[from] ?? 0;
    else {
      bytes.set(vector.bytes.subarray(start, end), free);
      free += end - start;
    }
  }
  const nulls = which === null ? ownNulls(only?.nulls ?? null, rows) : pickNulls(vectors, which, rows);
  return { kind: 'utf8', bytes, starts, ends, nulls, decoded: null };
}

function ownNulls(nulls: Nulls, rows: Int32Array): Nulls {
  return nulls === null ? null : Uint8Array.from(rows, (row) => nulls[row] ?? 0);
}

/** Strings and objects; the whole is what a column of their type is built as. */
function pickOthers(vectors: readonly Vector[], which: Int32Array, rows: Int32Array): Vector {
  const offsets = new Int32Array(vectors.length);
  let total = 0;
  vectors.forEach((vector, at) => {
    offsets[at] = total;
    total += vector.kind === 'utf8' ? vector.starts.length : vector.values.length;
  });
  const type = vectors.some(({ kind }) => kind === 'object') ? 'json' : 'string';
  const whole = concat(vectors, { kind: type });
  return gather(
    whole,
    Int32Array.from(rows, (row, at) => (offsets[which[at] ?? 0] ?? 0) + row),
  );
}

/** Pieces with the same columns as one. */
export function joined(pieces: readonly Columns[], types: readonly Type[]): Columns {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  return {
    vectors: types.map((type, column): Vector =>
      concat(
        pieces.flatMap(({ vectors }) => vectors[column] ?? []),
        type,
      ),
    ),
    length: pieces.reduce((sum, { length }) => sum + length, 0),
  };
}
