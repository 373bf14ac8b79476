/** Rows as bytes, put together cell by cell in one buffer that goes to the target batch by batch. */
import type { ByteSink } from '../operators/runner.ts';

/** Bytes gathered before they go to the target. */
const GATHERED = 64 * 1024;

export class RowBytes {
  private out = new Uint8Array(4 * GATHERED);
  private at = 0;

  /** Room for `more` bytes. */
  reserve(more: number): void {
    if (this.out.length - this.at >= more) return;
    const larger = new Uint8Array(Math.max(this.out.length * 2, this.at + more));
    larger.set(this.out.subarray(0, this.at));
    this.out = larger;
  }

  put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const { out } = this;
    let { at } = this;
    for (let i = 0; i < bytes.length; i++) out[at++] = bytes[i] ?? 0;
    this.at = at;
  }

  putByte(byte: number): void {
    this.reserve(1);
    this.out[this.at] = byte;
    this.at += 1;
  }

  /**
   * Copies a cell and answers how many of its bytes are marked: `marks` has a 1 for each such byte. What is copied stays where no mark forbids it;
   * else {@link undo} takes it back.
   */
  copy(bytes: Uint8Array, start: number, end: number, marks: Uint8Array): number {
    this.reserve(end - start);
    const { out } = this;
    let { at } = this;
    let found = 0;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      out[at++] = byte;
      found += marks[byte] ?? 0;
    }
    this.at = at;
    return found;
  }

  undo(count: number): void {
    this.at -= count;
  }

  /** The cell between quotes, with every quote in it doubled. */
  putQuoted(bytes: Uint8Array, start: number, end: number, quote: number): void {
    this.reserve(2 * (end - start) + 2);
    const { out } = this;
    let { at } = this;
    out[at++] = quote;
    for (let i = start; i < end; i++) {
      const byte = bytes[i] ?? 0;
      if (byte === quote) out[at++] = quote;
      out[at++] = byte;
    }
    out[at++] = quote;
    this.at = at;
  }

  /** Bytes of rows that were made elsewhere. */
  async pass(bytes: Uint8Array, target: ByteSink): Promise<void> {
    await this.flush(target, true);
    await target.write(bytes);
  }

  /** Hands what was gathered to the target, once it is worth it or `all` is wanted. */
  async flush(target: ByteSink, all: boolean): Promise<void> {
    if (this.at === 0 || (!all && this.at < GATHERED)) return;
    const bytes = this.out.subarray(0, this.at);
    this.at = 0;
    await target.write(bytes);
  }
}
