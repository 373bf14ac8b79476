import { expect } from 'chai';
import { Chunks } from '../../../src/runtime/readers/chunks.ts';
import type { RawBytes } from '../../../src/runtime/readers/input-files.ts';

/** Bytes 0, 1, 2 … 255, 0 … */
function counting(total: number): RawBytes {
  let at = 0;
  return {
    read: async (target, offset, length) => {
      const count = Math.min(length, total - at, 3);
      for (let i = 0; i < count; i++) target[offset + i] = (at + i) & 255;
      at += count;
      return count;
    },
    taken: () => at,
    close: async () => undefined,
  };
}

async function read(
  total: number,
  inPassing: number | null,
): Promise<{ readonly bytes: number[]; readonly buffers: number }> {
  const chunks = new Chunks(counting(total), 10, inPassing);
  const bytes: number[] = [];
  const buffers = new Set<ArrayBufferLike>();
  let left: Buffer = Buffer.alloc(0);
  for (;;) {
    const chunk = await chunks.next(left);
    buffers.add(chunk.bytes.buffer);
    const end = chunk.last ? chunk.end : chunk.end - 4;
    bytes.push(...chunk.bytes.subarray(chunk.start, end));
    left = chunk.bytes.subarray(end, chunk.end);
    if (chunk.last) return { bytes, buffers: buffers.size };
  }
}

describe('the chunks of a file', () => {
  const wanted = Array.from({ length: 205 }, (_, at) => at);

  it('are each in memory of their own, with what was left over in front', async () => {
    expect(await read(205, null)).to.deep.equal({ bytes: wanted, buffers: 21 });
  });

  it('take turns in the memory of a few where it is known how long they are looked into', async () => {
    expect(await read(205, 1)).to.deep.equal({ bytes: wanted, buffers: 3 });
  });
});
