/**
 * Finding a few byte values in many bytes, 64 at a time, by WebAssembly's vector instructions: the loop that reading a file spends most of its time in. The module is
 * written down here instruction by instruction; it has one function and a memory of its own, into which the bytes are copied window by window.
 */

/** What is used of it: the types of Node know WebAssembly's types only. */
declare const WebAssembly: {
  readonly validate: (module: Uint8Array) => boolean;
  readonly Module: new (module: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly m: { readonly buffer: ArrayBuffer }; readonly f: (...values: number[]) => number };
  };
};

/** Bytes that are looked through at a time. */
export const WINDOW = 32 * 1024;

/** Where the positions are written: behind the window, room for one per byte. */
const OUT = 64 * 1024;
const PAGES = 3;

const I32 = 0x7f;
const I64 = 0x7e;
const V128 = 0x7b;

// Parameters, then locals, by index.
const [LENGTH, BASE, FIRST, SECOND, THIRD, AT, TO, BITS, ONES, TWOS, THREES, BYTES] = [
  0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11,
];

/** LEB128, signed: also right for unsigned numbers below 64 × 128ⁿ. */
function number(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = (rest >> 7 === 0 && (low & 0x40) === 0) || (rest >> 7 === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

const get = (local: number): readonly number[] => [0x20, local];
const set = (local: number): readonly number[] => [0x21, local];
const i32 = (value: number): readonly number[] => [0x41, ...number(value)];
const i64 = (value: number): readonly number[] => [0x42, ...number(value)];
/** Vector instructions: load, splat, equal, or, bitmask. */
const simd = (code: number, ...immediate: readonly number[]): readonly number[] => [0xfd, code, ...immediate];

/** Instructions one after the other. */
const code = (...parts: readonly (number | readonly number[])[]): readonly number[] => parts.flat();

/** One bit for each of 16 bytes from `AT + offset` on: whether it is one of the three. */
const sixteen = (offset: number): readonly number[] =>
  code(
    code(get(AT), simd(0, 0, offset), set(BYTES)),
    code(get(BYTES), get(ONES), simd(35)),
    code(get(BYTES), get(TWOS), simd(35), simd(80)),
    code(get(BYTES), get(THREES), simd(35), simd(80)),
    simd(100),
    0xad, // i64.extend_i32_u
    code(i64(offset), 0x86), // i64.shl
  );

const splat = (from: number, to: number): readonly number[] => code(get(from), simd(15), set(to));

/** (length, base, first, second, third) → how many positions were written: base + index of each byte of the window that is one of the three, in order. */
const body = code(
  code(splat(FIRST, ONES), splat(SECOND, TWOS), splat(THIRD, THREES)),
  code(i32(OUT), set(TO)),
  code(0x03, 0x40), // loop: 64 bytes
  code(sixteen(0), sixteen(16), 0x84, sixteen(32), 0x84, sixteen(48), 0x84, set(BITS)), // i64.or
  code(0x02, 0x40, 0x03, 0x40), // block, loop: one set bit
  code(get(BITS), 0x50, 0x0d, 1), // i64.eqz, br_if out of the block
  code(get(TO), get(BASE), get(AT), 0x6a, get(BITS), 0x7a, 0xa7, 0x6a), // base + at + i32.wrap_i64(i64.ctz)
  code(0x36, 2, 0), // i32.store
  code(get(TO), i32(4), 0x6a, set(TO)),
  code(get(BITS), get(BITS), i64(1), 0x7d, 0x83, set(BITS)), // bits & (bits − 1)
  code(0x0c, 0, 0x0b, 0x0b), // br to the loop; end of loop and block
  code(get(AT), i32(64), 0x6a, 0x22, AT, get(LENGTH), 0x49, 0x0d, 0), // local.tee, i32.lt_u, br_if to the loop
  0x0b,
  code(get(TO), i32(OUT), 0x6b, i32(2), 0x76), // i32.shr_u
  0x0b,
);

/** Three kinds of locals: two of i32, one of i64, four of v128. */
const locals = [3, 2, I32, 1, I64, 4, V128];
const section = (id: number, ...content: readonly number[]): readonly number[] =>
  code(id, number(content.length), content);

const MODULE = Uint8Array.from(
  code(
    code(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
    section(1, 1, 0x60, 5, I32, I32, I32, I32, I32, 1, I32), // one type
    section(3, 1, 0), // one function of it
    section(5, 1, 0, PAGES), // one memory
    section(7, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0), // exports: memory m, function f
    section(10, 1, ...number(locals.length + body.length), ...locals, ...body),
  ),
);

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
  if (!WebAssembly.validate(MODULE)) return null;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(MODULE));
  const { m, f } = exports;
  const window = new Uint8Array(m.buffer, 0, WINDOW);
  const positions = new Int32Array(m.buffer, OUT, WINDOW);
  return {
    window,
    positions,
    find(length, base, first, second, third) {
      let count = f(length, base, first, second, third);
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
