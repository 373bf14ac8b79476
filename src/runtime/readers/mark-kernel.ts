/**
 * Finding a few byte values in many bytes, 64 at a time, by WebAssembly's vector instructions: the loop that reading a file spends most of its time in. Its
 * function has a memory of its own, into which the bytes are copied window by window.
 */

import {
  block,
  br,
  brIf,
  code,
  get,
  I32,
  I64,
  i32,
  i64,
  kernel,
  loop,
  OP,
  set,
  simd,
  store32,
  tee,
  V128,
} from '../wasm.ts';

/** Bytes that are looked through at a time. */
export const WINDOW = 32 * 1024;

/** Where the positions are written: behind the window, room for one per byte. */
const OUT = 64 * 1024;
const PAGES = 3;

// Parameters, then locals, by index.
const [LENGTH, BASE, FIRST, SECOND, THIRD, AT, TO, BITS, ONES, TWOS, THREES, BYTES] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
];

/** One bit for each of 16 bytes from `AT + offset` on: whether it is one of the three. */
const sixteen = (offset: number): readonly number[] =>
  code(
    code(get(AT), simd(0, 0, offset), set(BYTES)),
    code(get(BYTES), get(ONES), simd(35)),
    code(get(BYTES), get(TWOS), simd(35), simd(80)),
    code(get(BYTES), get(THREES), simd(35), simd(80)),
    simd(100),
    OP['i64.extend_i32_u'],
    code(i64(offset), OP['i64.shl']),
  );

const splat = (from: number, to: number): readonly number[] => code(get(from), simd(15), set(to));

/** (length, base, first, second, third) → how many positions were written: base + index of each byte of the window that is one of the three, in order. */
const body = code(
  code(splat(FIRST, ONES), splat(SECOND, TWOS), splat(THIRD, THREES)),
  code(i32(OUT), set(TO)),
  loop(
    // The bits of 64 bytes, then one set bit after the other.
    code(sixteen(0), sixteen(16), OP['i64.or'], sixteen(32), OP['i64.or'], sixteen(48), OP['i64.or'], set(BITS)),
    block(
      loop(
        code(get(BITS), OP['i64.eqz'], brIf(1)),
        code(get(TO), get(BASE), get(AT), OP['i32.add']),
        code(get(BITS), OP['i64.ctz'], OP['i32.wrap_i64'], OP['i32.add'], store32()),
        code(get(TO), i32(4), OP['i32.add'], set(TO)),
        code(get(BITS), get(BITS), i64(1), OP['i64.sub'], OP['i64.and'], set(BITS)), // bits & (bits − 1)
        br(0),
      ),
    ),
    code(get(AT), i32(64), OP['i32.add'], tee(AT), get(LENGTH), OP['i32.lt_u'], brIf(0)),
  ),
  code(get(TO), i32(OUT), OP['i32.sub'], i32(2), OP['i32.shr_u']),
);

/** Three kinds of locals. */
const LOCALS = [
  [2, I32],
  [1, I64],
  [4, V128],
];

/** Looks through windows of bytes. */
export interface MarkKernel {
  /** The bytes of the window are to be copied to its beginning. */
  readonly window: Uint8Array;
  /** The positions that the last call found. */
  readonly positions: Int32Array;
  /** Writes `base` + index of each of the window's first `length` bytes that is one of the three values, in order, and answers how many there are. */
  readonly find: (length: number, base: number, first: number, second: number, third: number) => number;
}

/** Null where this machine has no vector instructions. */
export function vectorKernel(): MarkKernel | null {
  const built = kernel(PAGES, 5, LOCALS, body);
  if (built === null) return null;
  const { memory, call } = built;
  const window = new Uint8Array(memory, 0, WINDOW);
  const positions = new Int32Array(memory, OUT, WINDOW);
  return {
    window,
    positions,
    find(length, base, first, second, third) {
      let count = call(length, base, first, second, third);
      // The last 64 bytes are looked at whole, also where fewer are wanted.
      while (count > 0 && (positions[count - 1] ?? 0) >= base + length) count -= 1;
      return count;
    },
  };
}

/** The same, byte by byte. */
export function plainKernel(): MarkKernel {
  const window = new Uint8Array(WINDOW);
  const positions = new Int32Array(WINDOW);
  return {
    window,
    positions,
    find(length, base, first, second, third) {
      let count = 0;
      for (let at = 0; at < length; at++) {
        const byte = window[at] ?? 0;
        if (byte === first || byte === second || byte === third) positions[count++] = base + at;
      }
      return count;
    },
  };
}
