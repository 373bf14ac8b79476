/** Bytes that grow, and their reading: whole numbers as LEB128 varints, signed ones zigzagged, lists of them as differences. */

export class ByteWriter {
  private buffer: Buffer;
  length = 0;

  constructor(capacity = 4096) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** What was written; valid until the next write. */
  bytes(): Buffer {
    return this.buffer.subarray(0, this.length);
  }

  /** A whole number from 0 to 2^53 − 1. */
  uint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.length] = (rest % 0x80) | 0x80;
      this.length += 1;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.length] = rest;
    this.length += 1;
  }

  /** A whole number within ±2^52. */
  int(value: number): void {
    this.uint(value < 0 ? -2 * value - 1 : 2 * value);
  }

  byte(value: number): void {
    this.reserve(1);
    this.buffer[this.length] = value;
    this.length += 1;
  }

  float(value: number): void {
    this.reserve(8);
    this.buffer.writeDoubleLE(value, this.length);
    this.length += 8;
  }

  raw(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = end - start;
    this.reserve(length);
    // A call for a few bytes costs more than they do.
    if (length <= 24) for (let at = 0; at < length; at += 1) this.buffer[this.length + at] = bytes[start + at] ?? 0;
    else this.buffer.set(bytes.subarray(start, end), this.length);
    this.length += length;
  }

  text(value: string): void {
    const bytes = Buffer.from(value, 'utf8');
    this.uint(bytes.length);
    this.raw(bytes);
  }

  /** Whole numbers in any order: consecutive ones cost nothing, others the bytes of their differences. */
  ints(values: ArrayLike<number>): void {
    const first = values[0] ?? 0;
    this.uint(values.length);
    if (values.length === 0) return;
    const consecutive = isConsecutive(values);
    this.byte(consecutive ? 1 : 0);
    this.int(first);
    if (consecutive) return;
    let before = first;
    for (let at = 1; at < values.length; at += 1) {
      const value = values[at] ?? 0;
      this.int(value - before);
      before = value;
    }
  }

  private reserve(more: number): void {
    if (this.length + more <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.length + more, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.length);
    this.buffer = larger;
  }
}

function isConsecutive(values: ArrayLike<number>): boolean {
  const first = values[0] ?? 0;
  for (let at = 1; at < values.length; at += 1) if (values[at] !== first + at) return false;
  return true;
}

/** Reads what a {@link ByteWriter} wrote; reading past the end throws a RangeError. */
export class ByteReader {
  private readonly buffer: Buffer;
  private at = 0;

  constructor(buffer: Buffer) {
    this.buffer = buffer;
  }

  get done(): boolean {
    return this.at >= this.buffer.length;
  }

  uint(): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
      scale *= 0x80;
    }
  }

  int(): number {
    const value = this.uint();
    return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
  }

  byte(): number {
    const byte = this.buffer[this.at];
    if (byte === undefined) throw new RangeError('the bytes end too early');
    this.at += 1;
    return byte;
  }

  float(): number {
    const value = this.buffer.readDoubleLE(this.at);
    this.at += 8;
    return value;
  }

  raw(length: number): Buffer {
    if (this.at + length > this.buffer.length) throw new RangeError('the bytes end too early');
    const bytes = this.buffer.subarray(this.at, this.at + length);
    this.at += length;
    return bytes;
  }

  text(): string {
    return this.raw(this.uint()).toString('utf8');
  }

  ints(): Float64Array {
    const length = this.uint();
    const out = new Float64Array(length);
    if (length === 0) return out;
    const consecutive = this.byte() === 1;
    let value = this.int();
    for (let at = 0; at < length; at += 1) {
      if (at > 0) value += consecutive ? 1 : this.int();
      out[at] = value;
    }
    return out;
  }
}
