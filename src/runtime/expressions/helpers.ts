/** What generated code calls on string columns: on UTF-8 bytes where that is exact, so that nothing is decoded for a comparison with a constant. */
import type { Utf8Vector, Vector } from '../batch.ts';
import { isNullAt, stringVector, textAt } from '../vectors.ts';

/** A constant text with its UTF-8; a text with a lone surrogate has none, and no UTF-8 holds it. */
export interface ConstantText {
  readonly text: string;
  readonly bytes: Uint8Array | null;
}

export function constantText(text: string): ConstantText {
  const bytes = Buffer.from(text, 'utf8');
  return { text, bytes: bytes.toString('utf8') === text ? bytes : null };
}

export function text(vector: Vector, row: number): string {
  return textAt(stringVector(vector), row);
}

export const nullAt = isNullAt;

/** Whether `bytes[at …]` begins with `part`. */
function hasAt(bytes: Uint8Array, at: number, part: Uint8Array): boolean {
  for (let i = 0; i < part.length; i++) if (bytes[at + i] !== part[i]) return false;
  return true;
}

export function equalsText(vector: Vector, row: number, { text, bytes }: ConstantText): boolean {
  if (vector.kind !== 'utf8') return textAt(stringVector(vector), row) === text;
  const start = vector.starts[row] ?? 0;
  return bytes !== null && (vector.ends[row] ?? 0) - start === bytes.length && hasAt(vector.bytes, start, bytes);
}

export function startsWithText(vector: Vector, row: number, { text, bytes }: ConstantText): boolean {
  if (vector.kind !== 'utf8') return textAt(stringVector(vector), row).startsWith(text);
  const start = vector.starts[row] ?? 0;
  return bytes !== null && (vector.ends[row] ?? 0) - start >= bytes.length && hasAt(vector.bytes, start, bytes);
}

export function endsWithText(vector: Vector, row: number, { text, bytes }: ConstantText): boolean {
  if (vector.kind !== 'utf8') return textAt(stringVector(vector), row).endsWith(text);
  const end = vector.ends[row] ?? 0;
  const from = end - (bytes?.length ?? 0);
  return bytes !== null && from >= (vector.starts[row] ?? 0) && hasAt(vector.bytes, from, bytes);
}

/** UTF-8 is self-synchronising: well-formed bytes are found in well-formed bytes exactly where the text is found in the text. */
export function includesText(vector: Vector, row: number, { text, bytes }: ConstantText): boolean {
  if (vector.kind !== 'utf8') return textAt(stringVector(vector), row).includes(text);
  if (bytes === null) return false;
  const [first] = bytes;
  if (first === undefined) return true;
  const last = (vector.ends[row] ?? 0) - bytes.length;
  for (let at = vector.starts[row] ?? 0; at <= last; at++) {
    if (vector.bytes[at] === first && hasAt(vector.bytes, at, bytes)) return true;
  }
  return false;
}

/** `.length` of a row: UTF-16 units, counted on the bytes. */
export function lengthAt(vector: Vector, row: number): number {
  if (vector.kind !== 'utf8') return textAt(stringVector(vector), row).length;
  return unitsOf(vector, vector.starts[row] ?? 0, vector.ends[row] ?? 0);
}

/** Each character has one byte that does not continue another; one of four bytes has two units. */
function unitsOf({ bytes }: Utf8Vector, start: number, end: number): number {
  let units = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] ?? 0;
    if ((byte & 0xc0) !== 0x80) units += byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

/** IN a constant list: NaN is equal to nothing. */
export function constantSet(values: readonly unknown[]): ReadonlySet<unknown> {
  return new Set(values.filter((value) => !Number.isNaN(value)));
}
