/** Whatever a file's encoding, what is cut into records is UTF-8. */
import iconv from 'iconv-lite';
import { readError } from './faults.ts';
import type { RawBytes } from './input-files.ts';

export interface Utf8Bytes extends RawBytes {
  /** The encoding the bytes were turned from; null where the file is UTF-8 itself, so that bytes may be malformed. */
  readonly turnedFrom: string | null;
  /** Bytes of the byte order mark that was dropped. */
  readonly dropped: number;
}

const UTF8 = /^utf-?8$/iu;
const UTF16 = /^(?:utf-?16|ucs-?2)$/iu;

/**
 * The file's text as UTF-8. A byte order mark is dropped, and decides where no encoding is given.
 *
 * @param encoding as the script gives it; null where it does not
 */
export async function asUtf8(raw: RawBytes, encoding: string | null): Promise<Utf8Bytes> {
  const head = await firstBytes(raw, 3);
  const rest = behind(head, raw);
  const marked = markOf(head);
  const decidedByMark = encoding === null || UTF8.test(encoding) || UTF16.test(encoding);
  const name = marked !== null && decidedByMark ? marked.encoding : (encoding ?? 'utf-8');
  const skipped = marked !== null && marked.encoding === name ? marked.length : 0;
  const body = skipped === 0 ? rest : behind(head.subarray(skipped), raw);
  if (UTF8.test(name)) return { ...body, turnedFrom: null, dropped: skipped };
  return transcoded(body, name, skipped);
}

/** Whether an encoding can be read. */
export function isEncoding(name: string): boolean {
  return iconv.encodingExists(name);
}

function markOf(head: Buffer): { readonly encoding: string; readonly length: number } | null {
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return { encoding: 'utf-8', length: 3 };
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', length: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', length: 2 };
  return null;
}

async function firstBytes(raw: RawBytes, count: number): Promise<Buffer> {
  const head = Buffer.alloc(count);
  let have = 0;
  while (have < count) {
    const got = await raw.read(head, have, count - have);
    if (got === 0) break;
    have += got;
  }
  return head.subarray(0, have);
}

/** The bytes of `head`, then those of `raw`. */
function behind(head: Buffer, raw: RawBytes): RawBytes {
  let left = head;
  return {
    async read(target, offset, length) {
      if (left.length === 0) return raw.read(target, offset, length);
      const count = Math.min(length, left.length);
      left.copy(target, offset, 0, count);
      left = left.subarray(count);
      return count;
    },
    taken: () => raw.taken(),
    close: () => raw.close(),
  };
}

const BLOCK = 256 * 1024;

function transcoded(raw: RawBytes, encoding: string, dropped: number): Utf8Bytes {
  if (!isEncoding(encoding)) {
    throw readError('PR1010', `no encoding is called ${JSON.stringify(encoding)}`, {
      help: 'for example "utf-8", "utf-16", "latin1", "windows-1252", "shift_jis"',
    });
  }
  const decoder = iconv.getDecoder(encoding, { stripBOM: false });
  const block = Buffer.allocUnsafe(BLOCK);
  let ready: Buffer = Buffer.alloc(0);
  let ended = false;
  return {
    turnedFrom: encoding,
    dropped,
    async read(target, offset, length) {
      while (ready.length === 0 && !ended) {
        const got = await raw.read(block, 0, BLOCK);
        ended = got === 0;
        ready = Buffer.from(ended ? (decoder.end() ?? '') : decoder.write(block.subarray(0, got)), 'utf8');
      }
      const count = Math.min(length, ready.length);
      ready.copy(target, offset, 0, count);
      ready = ready.subarray(count);
      return count;
    },
    taken: () => raw.taken(),
    close: () => raw.close(),
  };
}
