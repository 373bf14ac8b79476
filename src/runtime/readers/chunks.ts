/**
 * A file as chunks of about a megabyte, each in memory of its own, since vectors go on looking into it; where it is known how long they do, memory is used again.
 * The next chunk is read while one is worked on.
 */
import type { RawBytes } from './input-files.ts';

export interface Chunk {
  readonly bytes: Buffer;
  readonly start: number;
  readonly end: number;
  /** Nothing follows. */
  readonly last: boolean;
}

/** Room before what is read, for the end of the chunk before. */
const HEADROOM = 64 * 1024;

/** Read behind what is certainly wanted, for the end of the last record; twice as much each time. */
const TAIL = 16 * 1024;

interface Filled {
  readonly buffer: Buffer;
  readonly length: number;
  readonly last: boolean;
}

export class Chunks {
  private readonly raw: RawBytes;
  private readonly chunkBytes: number;
  private readonly ring: Ring | null;
  /** Bytes that are certainly wanted and were not asked for yet. */
  private wanted: number;
  private tail = TAIL;
  private ahead: Promise<Filled> | null = null;

  /**
   * `inPassing`: how many of the newest batches are looked into at one time; null where that is not known. `wanted`: so many bytes are read for certain, and
   * behind them only little at a time.
   */
  constructor(raw: RawBytes, chunkBytes: number, inPassing: number | null = null, wanted = Infinity) {
    this.raw = raw;
    this.wanted = wanted;
    this.chunkBytes = chunkBytes;
    // Each of those batches may be of a chunk of its own; beside them there are the one being cut and the one being read.
    this.ring = inPassing === null ? null : new Ring(inPassing + 2);
  }

  /** The next chunk, beginning with the bytes that were left over; only after one that is not the last. */
  async next(left: Buffer): Promise<Chunk> {
    const { buffer, length, last } = await (this.ahead ?? this.fill(this.step()));
    // Long leftovers are a long record: reading as much again keeps the copying linear.
    this.ahead = last || left.length > this.chunkBytes ? null : this.fill(this.step());
    this.ahead?.catch(() => undefined);
    if (left.length <= HEADROOM) {
      const start = HEADROOM - left.length;
      left.copy(buffer, start);
      return { bytes: buffer, start, end: HEADROOM + length, last };
    }
    return this.grown(left, buffer.subarray(HEADROOM, HEADROOM + length), last);
  }

  private step(): number {
    const { wanted, chunkBytes } = this;
    const bytes = Math.min(chunkBytes, Math.max(0, wanted) + this.tail);
    this.wanted -= bytes;
    if (wanted <= 0) this.tail *= 2;
    return bytes;
  }

  /** Waits for what is being read ahead, so that the file can be closed. */
  async settle(): Promise<void> {
    await this.ahead?.catch(() => undefined);
    this.ahead = null;
  }

  private async grown(left: Buffer, read: Buffer, last: boolean): Promise<Chunk> {
    if (last || this.ahead !== null) {
      const bytes = Buffer.concat([left, read]);
      return { bytes, start: 0, end: bytes.length, last };
    }
    const more = await this.fill(left.length);
    const bytes = Buffer.concat([left, read, more.buffer.subarray(HEADROOM, HEADROOM + more.length)]);
    return { bytes, start: 0, end: bytes.length, last: more.last };
  }

  private async fill(size: number): Promise<Filled> {
    const buffer = this.ring?.next(HEADROOM + size) ?? Buffer.allocUnsafeSlow(HEADROOM + size);
    let length = 0;
    while (length < size) {
      const got = await this.raw.read(buffer, HEADROOM + length, size - length);
      if (got === 0) return { buffer, length, last: true };
      length += got;
    }
    return { buffer, length, last: false };
  }
}

/** Memory of so many chunks, used in turn. */
class Ring {
  private readonly buffers: Buffer[] = [];
  private readonly count: number;
  private at = 0;

  constructor(count: number) {
    this.count = count;
  }

  next(size: number): Buffer {
    this.at = (this.at + 1) % this.count;
    const known = this.buffers[this.at];
    if (known !== undefined && known.length === size) return known;
    const buffer = Buffer.allocUnsafeSlow(size);
    this.buffers[this.at] = buffer;
    return buffer;
  }
}
