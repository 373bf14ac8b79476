/** The file system as readers see it; tests bring their own to make operations fail. */
import { createReadStream } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { readError } from './faults.ts';

/** Bytes of an open file, in order. */
export interface RawBytes {
  /** Reads up to `length` bytes to `target` from `offset` on and answers how many; 0 at the end. */
  read(target: Buffer, offset: number, length: number): Promise<number>;
  /** Bytes taken from the disk so far, which for a compressed file are fewer than those read. */
  taken(): number;
  close(): Promise<void>;
}

export interface InputFiles {
  /** Bytes of a file that are read and cut at a time. */
  readonly chunkBytes: number;
  /** Size in bytes; null where there is no such file. */
  sizeOf(path: string): Promise<number | null>;
  /** Absolute paths of the files that match a glob. */
  matching(pattern: string): Promise<readonly string[]>;
  /** Opens a file; one that ends in `.gz` is unpacked. */
  open(path: string): Promise<RawBytes>;
  /** Opens a file at a byte of it, as it stands on the disk; left out where files are not read in parts. */
  openAt?(path: string, from: number): Promise<RawBytes>;
}

export const diskFiles: InputFiles = {
  chunkBytes: 1024 * 1024,
  async sizeOf(path) {
    try {
      return (await stat(path)).size;
    } catch (error) {
      if (isMissing(error)) return null;
      throw error;
    }
  },
  matching: async (pattern) => {
    const { glob } = await import('tinyglobby');
    return glob(pattern, { absolute: true, onlyFiles: true, expandDirectories: false });
  },
  open: (path) => (isCompressed(path) ? openCompressed(path) : openPlain(path, 0)),
  openAt: openPlain,
};

export function isCompressed(path: string): boolean {
  return path.endsWith('.gz');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR');
}

async function openPlain(path: string, from: number): Promise<RawBytes> {
  const handle: FileHandle = await open(path, 'r');
  let at = from;
  return {
    async read(target, offset, length) {
      const { bytesRead } = await handle.read(target, offset, length, from === 0 ? null : at);
      at += bytesRead;
      return bytesRead;
    },
    taken: () => at,
    close: () => handle.close(),
  };
}

/** Bytes unpacked at a time. */
const UNPACKED = 256 * 1024;

async function openCompressed(path: string): Promise<RawBytes> {
  const packed = createReadStream(path, { highWaterMark: UNPACKED });
  const unpacked = createGunzip({ chunkSize: UNPACKED });
  packed.on('error', (error) => unpacked.destroy(error));
  packed.pipe(unpacked);
  const pieces: AsyncIterator<Buffer> = unpacked[Symbol.asyncIterator]();
  let piece: Buffer = Buffer.alloc(0);
  return {
    async read(target, offset, length) {
      while (piece.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return 0;
        piece = next.value;
      }
      const count = Math.min(length, piece.length);
      piece.copy(target, offset, 0, count);
      piece = piece.subarray(count);
      return count;
    },
    taken: () => packed.bytesRead,
    async close() {
      packed.destroy();
      unpacked.destroy();
    },
  };
}

/** The error of a file that could not be opened or read. */
export function fileError(error: unknown, file: string): Error {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const place = { file, line: null };
  if (code.startsWith('Z_') || code === 'ERR_ZLIB') {
    return readError('PR1011', `${file} is no complete gzip file: ${text(error)}`, {
      place,
      cause: error,
      help: 'its name ends in .gz, so it is unpacked; it may have been cut off while it was copied',
    });
  }
  return readError('PR1002', `${file} cannot be read: ${reasons.get(code) ?? text(error)}`, { place, cause: error });
}

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EACCES', 'the permission is missing (EACCES)'],
  ['EPERM', 'the permission is missing (EPERM)'],
  ['EISDIR', 'it is a folder'],
  ['EIO', 'the disk failed (EIO)'],
  ['EMFILE', 'too many files are open (EMFILE)'],
]);

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
