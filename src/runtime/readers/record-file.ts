/** One input file, cut into records chunk by chunk. */
import { Chunks } from './chunks.ts';
import type { Chunk } from './chunks.ts';
import { asUtf8 } from './encoding.ts';
import { MAX_LINE_BYTES, readError } from './faults.ts';
import type { InputFile } from './files.ts';
import { fileError } from './input-files.ts';
import type { InputFiles, RawBytes } from './input-files.ts';
import { lastByteOf } from './line-ending.ts';
import type { LineEnding } from './line-ending.ts';
import type { Splitter } from './splitter.ts';

const NOTHING: Chunk = { bytes: Buffer.alloc(0), start: 0, end: 0, last: false };

export class RecordFile {
  readonly file: InputFile;
  readonly turnedFrom: string | null;
  /** Line (from 1) at which the next record begins. */
  line = 1;
  private readonly raw: RawBytes;
  private readonly chunks: Chunks;
  private chunk: Chunk = NOTHING;
  private at = 0;
  /** Where the chunk's memory begins, counted in bytes of the file (of its UTF-8 where that was made of it). */
  private base: number;

  private constructor(file: InputFile, raw: RawBytes, turnedFrom: string | null, chunks: Chunks, from: number) {
    this.file = file;
    this.raw = raw;
    this.turnedFrom = turnedFrom;
    this.chunks = chunks;
    this.base = from;
  }

  static async open(
    disk: InputFiles,
    file: InputFile,
    encoding: string | null,
    inPassing: number | null = null,
  ): Promise<RecordFile> {
    let raw: RawBytes | null = null;
    try {
      raw = await disk.open(file.path);
      const utf8 = await asUtf8(raw, encoding);
      const chunks = new Chunks(utf8, disk.chunkBytes, inPassing);
      const opened = new RecordFile(file, utf8, utf8.turnedFrom, chunks, utf8.dropped);
      await opened.advance();
      return opened;
    } catch (error) {
      await raw?.close();
      throw located(error, file);
    }
  }

  /** A file in UTF-8 from a byte of it on. So many bytes are `wanted` for certain. */
  static async openAt(
    disk: InputFiles,
    file: InputFile,
    from: number,
    { wanted, inPassing }: { readonly wanted: number; readonly inPassing: number | null },
  ): Promise<RecordFile> {
    let raw: RawBytes | null = null;
    try {
      if (disk.openAt === undefined) throw new RangeError('files of this disk are not read in parts');
      raw = await disk.openAt(file.path, from);
      const opened = new RecordFile(file, raw, null, new Chunks(raw, disk.chunkBytes, inPassing, wanted), from);
      await opened.advance();
      return opened;
    } catch (error) {
      await raw?.close();
      throw located(error, file);
    }
  }

  /** The first chunk, as long as nothing was cut from it. */
  get beginning(): Buffer {
    return this.chunk.bytes.subarray(this.at, this.chunk.end);
  }

  get isEmpty(): boolean {
    return this.chunk.last && this.at === this.chunk.end;
  }

  get bytes(): Buffer {
    return this.chunk.bytes;
  }

  /** Bytes of this file taken from the disk. */
  get taken(): number {
    return this.raw.taken();
  }

  /** The byte of the file at which the next record begins. */
  get position(): number {
    return this.base + this.at;
  }

  /** Leaves out a byte. */
  skipByte(): void {
    this.at = Math.min(this.at + 1, this.chunk.end);
  }

  /** Leaves out whole lines, whatever they hold, as long as the next one begins before `until`. */
  async skipLines(count: number, ending: LineEnding, until = Infinity): Promise<void> {
    const last = lastByteOf(ending);
    for (let skipped = 0; skipped < count && this.position < until;) {
      const found = this.chunk.bytes.indexOf(last, this.at);
      if (found >= 0 && found < this.chunk.end) {
        const whole = ending !== 'crlf' || (found > 0 && this.chunk.bytes[found - 1] === 13);
        this.at = found + 1;
        if (whole) {
          skipped += 1;
          this.line += 1;
        }
      } else if (this.chunk.last) {
        this.at = this.chunk.end;
        return;
      } else {
        // Only the CR of a CRLF that two chunks share must be kept.
        this.at = Math.max(this.at, this.chunk.end - 1);
        await this.more();
      }
    }
  }

  /**
   * Cuts the next records with this splitter, at least one; false at the end of the file, or where the next one begins at `until` or behind. Their lines are for
   * the caller to count.
   */
  async cut(splitter: Splitter, until = Infinity): Promise<boolean> {
    for (;;) {
      const { bytes, end, last } = this.chunk;
      if (this.position >= until) return false;
      if (this.at < end) {
        this.at = splitter.split(bytes, this.at, end, last);
        if (this.position > until) this.at = splitter.keepBefore(until - this.base);
        if (splitter.rows > 0) return true;
      }
      if (last) return false;
      if (end - this.at > MAX_LINE_BYTES) this.refuseLine();
      await this.more();
    }
  }

  async close(): Promise<void> {
    await this.chunks.settle();
    await this.raw.close();
  }

  private async more(): Promise<void> {
    try {
      await this.advance();
    } catch (error) {
      throw located(error, this.file);
    }
  }

  private async advance(): Promise<void> {
    const { position } = this;
    const left = this.chunk.bytes.subarray(this.at, this.chunk.end);
    this.chunk = await this.chunks.next(left);
    this.at = this.chunk.start;
    this.base = position - this.at;
  }

  private refuseLine(): never {
    throw readError('PR1009', `the line has more than ${MAX_LINE_BYTES} bytes (64 MB)`, {
      place: { file: this.file.name, line: this.line },
      help: 'a quote that is never closed, or another line ending than the rest of the file has, makes lines run on',
    });
  }
}

function located(error: unknown, file: InputFile): Error {
  return error instanceof Error && error.name === 'RunError' ? error : fileError(error, file.name);
}
