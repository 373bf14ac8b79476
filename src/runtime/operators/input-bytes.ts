/** The bytes of an input file for an extractor. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';

/** Pieces of a file, unpacked where it ends in `.gz`; `counter` has the bytes taken from the file itself. */
export async function* bytesOf(
  path: string,
  signal: AbortSignal,
  counter: { bytes: number },
): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  file.on('data', (piece) => {
    counter.bytes += piece.length;
  });
  if (!path.endsWith('.gz')) {
    yield* file;
    return;
  }
  const unpacked = createGunzip();
  file.on('error', (error) => unpacked.destroy(error));
  yield* file.pipe(unpacked);
}

/** Lines without `\n` or `\r\n`; the last one may lack its end. Bytes that are no UTF-8 are an error. */
export async function* linesOf(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  for await (const text of decoded(pieces)) {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield line.endsWith('\r') ? line.slice(0, -1) : line;
  }
  if (rest !== '') yield rest;
}

export async function textOfFile(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const texts: string[] = [];
  for await (const text of decoded(pieces)) texts.push(text);
  return texts.join('');
}

/** A byte order mark is dropped. */
async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
