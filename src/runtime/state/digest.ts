/** A check sum of rows: equal rows have equal ones, however they are held. CRC-32, not a proof against malice. */
import { serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Nulls, Utf8Vector, Vector } from '../batch.ts';

export function digest(vectors: readonly Vector[]): number {
  return vectors.reduce((sum, vector) => ofVector(vector, sum), vectors.length);
}

function ofVector(vector: Vector, sum: number): number {
  switch (vector.kind) {
    case 'int':
    case 'number':
    case 'bool':
      return ofNulls(vector.nulls, crc32(bytesOf(vector.values), sum));
    case 'utf8':
      return ofUtf8(vector, sum);
    case 'string':
      return vector.values.reduce<number>(
        (before, text) => (text === null ? crc32(NULL, before) : ofText(text, before)),
        sum,
      );
    case 'object':
      return crc32(serialize(vector.values), sum);
  }
}

const NULL = Uint8Array.of(0xff);
/** No text in UTF-8 holds this byte, nor {@link NULL}. */
const END = Uint8Array.of(0xfe);

function ofText(text: string | Uint8Array, sum: number): number {
  return crc32(END, crc32(text, sum));
}

function ofUtf8({ bytes, starts, ends, nulls }: Utf8Vector, sum: number): number {
  let out = sum;
  for (let row = 0; row < starts.length; row += 1) {
    out = nulls?.[row] === 1 ? crc32(NULL, out) : ofText(bytes.subarray(starts[row], ends[row]), out);
  }
  return out;
}

/** A bitmap without a null is as good as none. */
function ofNulls(nulls: Nulls, sum: number): number {
  return nulls === null || !nulls.includes(1) ? sum : crc32(nulls, sum);
}

function bytesOf(values: Int32Array | Float64Array | Uint8Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
