/** Hashes of keys for cutting rows into parts: keys that are one key to GROUP BY and ON have one hash, whatever kind of vector they stand in. */
import type { Vector } from '../batch.ts';
import { canonicalText } from '../relational/canonical.ts';
import { isNullAt } from '../vectors.ts';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;

const numbers = new Float64Array(1);
const words = new Uint32Array(numbers.buffer);
let scratch = Buffer.allocUnsafe(1024);

/** A hash a row, all 32 bits of it used. */
export function hashKeys(keys: readonly Vector[], length: number): Int32Array {
  const hashes = new Int32Array(length).fill(OFFSET);
  for (const key of keys) {
    for (let row = 0; row < length; row += 1) {
      hashes[row] = Math.imul(Math.imul(hashes[row] ?? 0, 31) ^ hashAt(key, row), 0x9e3779b1);
    }
  }
  return hashes;
}

/** The part, of a power of two of them, that a hash belongs to; on each level the parts are cut anew (the finaliser is that of MurmurHash3, A. Appleby). */
export function partOf(hash: number, level: number, parts: number): number {
  let x = hash ^ Math.imul(level + 1, 0x7feb352d);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) & (parts - 1);
}

function hashAt(vector: Vector, row: number): number {
  if (isNullAt(vector, row)) return 0x6e756c6c;
  switch (vector.kind) {
    case 'int':
    case 'number':
    case 'bool':
      return hashNumber(vector.values[row] ?? 0);
    case 'utf8':
      return hashBytes(vector.bytes, vector.starts[row] ?? 0, vector.ends[row] ?? 0);
    case 'string':
      return hashText(vector.values[row] ?? '');
    case 'object':
      return hashText(canonicalText(vector.values[row]));
  }
}

/** −0 is 0, and NaN is NaN. */
function hashNumber(x: number): number {
  numbers[0] = Number.isNaN(x) ? Number.NaN : x + 0;
  return Math.imul((words[0] ?? 0) ^ Math.imul(words[1] ?? 0, 0x85ebca6b), 0xc2b2ae35);
}

/** FNV-1a. */
function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = OFFSET;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), PRIME);
  return hash;
}

function hashText(text: string): number {
  if (scratch.length < text.length * 3) scratch = Buffer.allocUnsafe(text.length * 6);
  return hashBytes(scratch, 0, scratch.write(text, 0, 'utf8'));
}
