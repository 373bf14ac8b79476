/** How much memory columns hold. Bytes of a file that many vectors look into count once. */
import type { Vector } from '../batch.ts';

/** A V8 string or object costs about this beside what is in it. */
const OBJECT_BYTES = 24;
const POINTER_BYTES = 8;

/** Sums up what columns hold; a piece of memory that several look into counts once. */
export class Weight {
  private buffers = new Set<ArrayBufferLike>();
  bytes = 0;

  add(vectors: readonly Vector[]): void {
    for (const vector of vectors) this.addVector(vector);
  }

  clear(): void {
    this.buffers = new Set();
    this.bytes = 0;
  }

  private addVector(vector: Vector): void {
    switch (vector.kind) {
      case 'int':
      case 'number':
      case 'bool':
        this.addBuffer(vector.values);
        if (vector.nulls !== null) this.addBuffer(vector.nulls);
        return;
      case 'utf8':
        this.addBuffer(vector.bytes);
        this.addBuffer(vector.starts);
        this.addBuffer(vector.ends);
        if (vector.nulls !== null) this.addBuffer(vector.nulls);
        if (vector.decoded !== null) this.bytes += vector.decoded.length * (POINTER_BYTES + OBJECT_BYTES);
        return;
      case 'string':
        for (const value of vector.values)
          this.bytes += POINTER_BYTES + (value === null ? 0 : OBJECT_BYTES + value.length);
        return;
      case 'object':
        for (const value of vector.values) this.bytes += POINTER_BYTES + weightOf(value);
        return;
    }
  }

  private addBuffer({ buffer }: ArrayBufferView): void {
    if (this.buffers.has(buffer)) return;
    this.buffers.add(buffer);
    this.bytes += buffer.byteLength;
  }
}

/** About what a value of JavaScript takes. */
export function weightOf(value: unknown): number {
  if (typeof value === 'string') return OBJECT_BYTES + value.length;
  if (typeof value !== 'object' || value === null) return 0;
  if (value instanceof Uint8Array) return OBJECT_BYTES * 4 + value.length;
  const inside: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  return inside.reduce((sum: number, item) => sum + POINTER_BYTES + weightOf(item), OBJECT_BYTES);
}

export function weightOfColumns(vectors: readonly Vector[]): number {
  const weight = new Weight();
  weight.add(vectors);
  return weight.bytes;
}
