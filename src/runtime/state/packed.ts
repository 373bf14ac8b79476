/**
 * Answers as bytes: columns in one piece, never a value a row. Four bytes say what it is and in which version, four check the rest (CRC-32), and the rest is
 * V8's own format for structured values, which later versions of Node read, too.
 */
import { deserialize, serialize } from 'node:v8';
import { crc32 } from 'node:zlib';
import type { Utf8Vector, Vector } from '../batch.ts';
import type { KeptAnswer } from './answers.ts';
import { damaged } from './errors.ts';

const MAGIC = Buffer.from('PSa\u0001', 'latin1');
const HEAD = MAGIC.length + 4;

export function pack(answer: KeptAnswer): Uint8Array {
  const failures = answer.failures.map(({ row, code, message }) => ({ row, code, message }));
  const body = serialize({ ...answer, failures, vectors: compact(answer.vectors) });
  const bytes = Buffer.allocUnsafe(HEAD + body.length);
  MAGIC.copy(bytes);
  bytes.writeUInt32LE(crc32(body), MAGIC.length);
  body.copy(bytes, HEAD);
  return bytes;
}

/**
 * @param key for messages
 * @throws StateError PR6012
 */
export function unpack(bytes: Uint8Array, key: string): KeptAnswer {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEAD || !buffer.subarray(0, 3).equals(MAGIC.subarray(0, 3))) throw damaged(key, 'it is none');
  if (buffer[3] !== MAGIC[3])
    throw damaged(key, `it is of version ${buffer[3] ?? 0}, and this pyscope reads version 1`);
  const body = buffer.subarray(HEAD);
  if (crc32(body) !== buffer.readUInt32LE(MAGIC.length)) throw damaged(key, 'its bytes have changed');
  const answer: KeptAnswer = deserialize(body);
  return answer;
}

/** Vectors that hold no more memory than their rows: a string column may be a view over a whole piece of an input file. */
function compact(vectors: readonly Vector[]): readonly Vector[] {
  return vectors.map((vector) => (vector.kind === 'utf8' ? compactUtf8(vector) : vector));
}

function compactUtf8({ bytes, starts, ends, nulls }: Utf8Vector): Utf8Vector {
  const lengths = starts.map((start, row) => (ends[row] ?? start) - start);
  const own = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0));
  const [from, to] = [new Int32Array(starts.length), new Int32Array(starts.length)];
  let at = 0;
  starts.forEach((start, row) => {
    const length = lengths[row] ?? 0;
    own.set(bytes.subarray(start, start + length), at);
    from[row] = at;
    at += length;
    to[row] = at;
  });
  return { kind: 'utf8', bytes: own, starts: from, ends: to, nulls, decoded: null };
}
