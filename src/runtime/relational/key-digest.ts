/**
 * What stands for a byte string where keys are looked up: 64 bits as two numbers. A string of up to 8 bytes is them, padded with zeros, so that two of one length are
 * equal where the bits are; of a longer one they are a hash. Many strings are done at once by WebAssembly, in the window of bytes that they stand in; one or two by a loop.
 */
import {
  code,
  brIf,
  get,
  I32,
  i32,
  I64,
  i64,
  kernel,
  load32,
  load64,
  loop,
  OP,
  otherwise,
  set,
  store32,
  tee,
  when,
} from '../wasm.ts';

/** Strings of so many bytes are their own digest. */
export const WHOLE_BYTES = 8;

/** Strings that are done at once. */
const ROWS = 4096;
/** Bytes that they may stand in. */
const WINDOW = 256 * 1024;

const STARTS = 0;
const ENDS = 4 * ROWS;
const LOWS = 8 * ROWS;
const HIGHS = 12 * ROWS;
const BYTES = 16 * ROWS;
/** A page behind the window: the last string's bytes are read by eights. */
const PAGES = (BYTES + WINDOW) / 65_536 + 1;

const FIRST_LOW = 0x2545_f491;
const FIRST_HIGH = 0x61c8_8647;
const LOW_FACTOR = 0x9e37_79b1 | 0;
const HIGH_FACTOR = 0x85eb_ca6b | 0;

// Parameters, then locals, by index. ROW is four times the row; SHIFT takes a start to its place in the memory.
const [ROWS_END, SHIFT, ROW, PLACE, LEFT, LOW, HIGH, WORD] = [0, 1, 2, 3, 4, 5, 6, 7];

/** The next 8 bytes, those behind the string's end as zeros. */
const nextWord = code(
  code(get(PLACE), load64(), set(WORD)),
  code(get(LEFT), i32(WHOLE_BYTES), OP['i32.lt_s']),
  when(
    code(get(WORD), i64(1), get(LEFT), i32(8), OP['i32.mul'], OP['i64.extend_i32_u'], OP['i64.shl']),
    code(i64(1), OP['i64.sub'], OP['i64.and'], set(WORD)),
  ),
);
const lowWord = code(get(WORD), OP['i32.wrap_i64']);
const highWord = code(get(WORD), i64(32), OP['i64.shr_u'], OP['i32.wrap_i64']);

/** (4 × rows, shift): the digests of strings `starts[i] … ends[i]` of the window. */
const body = loop(
  code(get(ROW), load32(STARTS), set(PLACE)),
  code(get(ROW), load32(ENDS), get(PLACE), OP['i32.sub'], set(LEFT)),
  code(get(PLACE), get(SHIFT), OP['i32.add'], set(PLACE)),
  code(get(LEFT), i32(WHOLE_BYTES), OP['i32.gt_s']),
  when(
    code(i32(FIRST_LOW), set(LOW), i32(FIRST_HIGH), set(HIGH)),
    loop(
      nextWord,
      code(get(LOW), lowWord, OP['i32.xor'], i32(LOW_FACTOR), OP['i32.mul'], set(LOW)),
      code(get(HIGH), highWord, OP['i32.xor'], get(LOW), OP['i32.xor'], i32(HIGH_FACTOR), OP['i32.mul'], set(HIGH)),
      code(get(LOW), get(HIGH), i32(15), OP['i32.shr_u'], OP['i32.xor'], set(LOW)),
      code(get(PLACE), i32(WHOLE_BYTES), OP['i32.add'], set(PLACE)),
      code(get(LEFT), i32(WHOLE_BYTES), OP['i32.sub'], tee(LEFT), i32(0), OP['i32.gt_s'], brIf(0)),
    ),
    otherwise,
    code(nextWord, lowWord, set(LOW), highWord, set(HIGH)),
  ),
  code(get(ROW), get(LOW), store32(LOWS), get(ROW), get(HIGH), store32(HIGHS)),
  code(get(ROW), i32(4), OP['i32.add'], tee(ROW), get(ROWS_END), OP['i32.lt_s'], brIf(0)),
);

/** The digest of one string, in `low` and `high`. */
export class Digest {
  low = 0;
  high = 0;

  of(bytes: Uint8Array, start: number, end: number): void {
    let low = FIRST_LOW;
    let high = FIRST_HIGH;
    const isWhole = end - start <= WHOLE_BYTES;
    for (let at = start; at < end || at === start; at += WHOLE_BYTES) {
      const first = wordAt(bytes, at, end);
      const second = wordAt(bytes, at + 4, end);
      low = isWhole ? first : Math.imul(low ^ first, LOW_FACTOR);
      high = isWhole ? second : Math.imul(high ^ second ^ low, HIGH_FACTOR);
      if (!isWhole) low ^= high >>> 15;
    }
    this.low = low;
    this.high = high;
  }
}

function wordAt(bytes: Uint8Array, at: number, end: number): number {
  let word = 0;
  for (let place = Math.min(end, at + 4) - 1; place >= at; place -= 1) word = (word << 8) | (bytes[place] ?? 0);
  return word;
}

/** The digests of many strings. */
export interface Digests {
  readonly lows: Int32Array;
  readonly highs: Int32Array;
  /** Writes those of the strings from `row` on, as many as can be done at once, and answers how many; 0 where the next one is too long or they stand in no order. */
  readonly some: (bytes: Uint8Array, starts: Int32Array, ends: Int32Array, row: number, count: number) => number;
}

/** A few strings are no gain: what is copied for them counts. */
const FEW = 8;

let shared: Digests | null | undefined;

/** Null where this machine has no WebAssembly. One for all: what it answers is to be used before it is asked again. */
export function digests(): Digests | null {
  shared ??= made();
  return shared;
}

function made(): Digests | null {
  const built = kernel(PAGES, 2, LOCALS, code(body, i32(0)));
  if (built === null) return null;
  const { memory, call } = built;
  const window = new Uint8Array(memory, BYTES, WINDOW);
  const [firsts, lasts] = [new Int32Array(memory, STARTS, ROWS), new Int32Array(memory, ENDS, ROWS)];
  return {
    lows: new Int32Array(memory, LOWS, ROWS),
    highs: new Int32Array(memory, HIGHS, ROWS),
    some(bytes, starts, ends, row, count) {
      const from = starts[row] ?? 0;
      let to = from;
      let until = row;
      for (const most = Math.min(count, row + ROWS); until < most; until += 1) {
        const end = ends[until] ?? 0;
        if ((starts[until] ?? 0) < from || end - from > WINDOW) break;
        if (end > to) to = end;
      }
      if (until - row < FEW) return 0;
      window.set(bytes.subarray(from, to));
      firsts.set(starts.subarray(row, until));
      lasts.set(ends.subarray(row, until));
      call(4 * (until - row), BYTES - from);
      return until - row;
    },
  };
}

const LOCALS = [
  [5, I32],
  [1, I64],
];
