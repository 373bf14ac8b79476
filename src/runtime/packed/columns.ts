/**
 * Columns of a batch as one piece of bytes and back: what is written to a spill file or kept in a store. Typed arrays as they stand in memory, each at a multiple of
 * eight so that reading makes views and copies nothing; strings as UTF-8 under their ends; what is neither number nor string by V8's serializer.
 *
 * Layout, 32-bit words of the machine's byte order: `magic` (names the version and the byte order), `crc` of all behind it, `rows`, `columns`; for each column `kind`,
 * `nulls` (1 where a byte a row says which are null) and `bytes` (of its heap); then the columns' parts.
 */
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Nulls, StringVector, Utf8Vector, Vector } from '../batch.ts';

export interface Columns {
  readonly vectors: readonly Vector[];
  readonly length: number;
}

/** What was read is not what was written. */
export class PackedDamage extends Error {
  override readonly name = 'PackedDamage';
}

/** "PSC1" as a little-endian machine writes it. */
const MAGIC = 0x31_43_53_50;
const HEADER_WORDS = 4;
const COLUMN_WORDS = 3;

const KINDS = ['int', 'number', 'bool', 'utf8', 'string', 'object'] as const satisfies readonly Vector['kind'][];

/** A column ready to be laid out. */
interface Part {
  readonly kind: Vector['kind'];
  readonly nulls: Nulls;
  /** Fixed-size parts and the heap, in order. */
  readonly pieces: readonly Uint8Array[];
  /** Bytes of the heap, the last piece. */
  readonly heap: number;
}

export function packColumns({ vectors, length }: Columns): Uint8Array {
  const parts = vectors.map((vector) => partOf(vector, length));
  const head = aligned((HEADER_WORDS + parts.length * COLUMN_WORDS) * 4);
  const bytes = parts.reduce(
    (sum, { nulls, pieces }) =>
      sum + (nulls === null ? 0 : aligned(length)) + pieces.reduce((all, piece) => all + aligned(piece.length), 0),
    head,
  );
  const out = new Uint8Array(bytes);
  const words = new Int32Array(out.buffer, 0, HEADER_WORDS + parts.length * COLUMN_WORDS);
  words.set([MAGIC, 0, length, parts.length]);
  let at = head;
  const put = (piece: Uint8Array): void => {
    out.set(piece, at);
    at += aligned(piece.length);
  };
  parts.forEach(({ kind, nulls, pieces, heap }, column) => {
    words.set([KINDS.indexOf(kind), nulls === null ? 0 : 1, heap], HEADER_WORDS + column * COLUMN_WORDS);
    if (nulls !== null) put(nulls.length === length ? nulls : nulls.subarray(0, length));
    for (const piece of pieces) put(piece);
  });
  words[1] = crc32(out.subarray(8)) | 0;
  return out;
}

/**
 * The columns of what {@link packColumns} gave; they go on looking into `bytes`, which must begin at a multiple of eight. A column of strings comes back as views.
 * @throws PackedDamage
 */
export function unpackColumns(bytes: Uint8Array): Columns {
  if (bytes.length < HEADER_WORDS * 4) throw new PackedDamage('it is cut short');
  const head = new Int32Array(bytes.buffer, bytes.byteOffset, HEADER_WORDS);
  const [magic, crc, length = 0, columns = 0] = head;
  if (magic !== MAGIC) throw new PackedDamage('it is not of this version');
  if ((crc32(bytes.subarray(8)) | 0) !== crc) throw new PackedDamage('its checksum does not match');
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + HEADER_WORDS * 4, columns * COLUMN_WORDS);
  const reader = new Reader(bytes, aligned((HEADER_WORDS + columns * COLUMN_WORDS) * 4));
  const vectors = Array.from({ length: columns }, (_, column) => {
    const [kind = 0, nulls, heap = 0] = words.subarray(column * COLUMN_WORDS);
    return reader.vector(KINDS[kind] ?? 'object', length, nulls === 1, heap);
  });
  return { vectors, length };
}

function aligned(bytes: number): number {
  return (bytes + 7) & ~7;
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

// ── Writing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function partOf(vector: Vector, length: number): Part {
  switch (vector.kind) {
    case 'int':
    case 'number':
    case 'bool': {
      const { kind, nulls, values } = vector;
      return { kind, nulls, pieces: [bytesOf(values.subarray(0, length))], heap: 0 };
    }
    case 'utf8':
      return utf8Part(vector, length);
    case 'string':
      return stringPart(vector, length);
    case 'object': {
      const heap = serialize(vector.values.slice(0, length));
      return { kind: 'object', nulls: null, pieces: [heap], heap: heap.length };
    }
  }
}

function utf8Part({ bytes, starts, ends, nulls }: Utf8Vector, length: number): Part {
  let used = 0;
  for (let row = 0; row < length; row += 1) used += (ends[row] ?? 0) - (starts[row] ?? 0);
  const heap = new Uint8Array(used);
  const places = new Int32Array(length);
  let at = 0;
  for (let row = 0; row < length; row += 1) {
    const start = starts[row] ?? 0;
    const end = ends[row] ?? 0;
    // Few bytes are copied faster by hand than through a view.
    if (end - start < 24) for (let from = start; from < end; from += 1, at += 1) heap[at] = bytes[from] ?? 0;
    else {
      heap.set(bytes.subarray(start, end), at);
      at += end - start;
    }
    places[row] = at;
  }
  return { kind: 'utf8', nulls, pieces: [bytesOf(places), heap], heap: used };
}

const REPLACEMENT = Buffer.from('\ufffd', 'utf8');

/** UTF-8, but for a column with a lone surrogate, which has none: that goes as UTF-16. */
function stringPart({ values }: StringVector, length: number): Part {
  const nulls = new Uint8Array(length);
  const places = new Int32Array(length);
  let units = 0;
  for (let row = 0; row < length; row += 1) units += values[row]?.length ?? 0;
  const scratch = Buffer.allocUnsafe(units * 3);
  let at = 0;
  let any = false;
  for (let row = 0; row < length; row += 1) {
    const text = values[row];
    if (text === null || text === undefined) {
      nulls[row] = 1;
      any = true;
    } else at += scratch.write(text, at, 'utf8');
    places[row] = at;
  }
  const heap = scratch.subarray(0, at);
  if (heap.includes(REPLACEMENT) && values.some((text) => text !== null && /\p{Surrogate}/u.test(text))) {
    return utf16Part(values, nulls, any, length);
  }
  return { kind: 'utf8', nulls: any ? nulls : null, pieces: [bytesOf(places), heap], heap: at };
}

function utf16Part(values: StringVector['values'], nulls: Uint8Array, any: boolean, length: number): Part {
  const places = new Int32Array(length);
  let at = 0;
  for (let row = 0; row < length; row += 1) {
    at += values[row]?.length ?? 0;
    places[row] = at;
  }
  const heap = Buffer.from(values.slice(0, length).join(''), 'utf16le');
  return { kind: 'string', nulls: any ? nulls : null, pieces: [bytesOf(places), heap], heap: heap.length };
}

// ── Reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────

class Reader {
  private readonly bytes: Uint8Array;
  private at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  vector(kind: Vector['kind'], length: number, hasNulls: boolean, heap: number): Vector {
    const nulls = hasNulls ? this.part(length) : null;
    switch (kind) {
      case 'int':
        return { kind, values: this.ints(length), nulls };
      case 'number': {
        const { buffer, byteOffset } = this.part(length * 8);
        return { kind, values: new Float64Array(buffer, byteOffset, length), nulls };
      }
      case 'bool':
        return { kind, values: this.part(length), nulls };
      case 'utf8': {
        const ends = this.ints(length);
        const starts = new Int32Array(length);
        starts.set(ends.subarray(0, Math.max(0, length - 1)), Math.min(1, length));
        return { kind, bytes: this.part(heap), starts, ends, nulls, decoded: null };
      }
      case 'string': {
        const ends = this.ints(length);
        const text = Buffer.from(this.part(heap)).toString('utf16le');
        const at = (row: number): string => text.slice(row === 0 ? 0 : ends[row - 1], ends[row]);
        return { kind, values: Array.from({ length }, (_, row) => (nulls?.[row] === 1 ? null : at(row))) };
      }
      case 'object': {
        const values: unknown = deserialize(this.part(heap));
        if (!Array.isArray(values)) throw new PackedDamage('a column of it is no list');
        return { kind, values };
      }
    }
  }

  private ints(length: number): Int32Array {
    const { buffer, byteOffset } = this.part(length * 4);
    return new Int32Array(buffer, byteOffset, length);
  }

  private part(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new PackedDamage('it is cut short');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += aligned(length);
    return part;
  }
}
