/** WebAssembly written down instruction by instruction, for the few loops that go over every byte or key. */

/** What is used of it: the types of Node know WebAssembly's types only. */
declare const WebAssembly: {
  readonly validate: (module: Uint8Array) => boolean;
  readonly Module: new (module: Uint8Array) => object;
  readonly Instance: new (module: object) => {
    readonly exports: { readonly m: { readonly buffer: ArrayBuffer }; readonly f: (...values: number[]) => number };
  };
};

export type Code = readonly number[];

export const I32 = 0x7f;
export const I64 = 0x7e;
export const V128 = 0x7b;

/** Instructions without immediates, by their names. */
export const OP = {
  'i32.eqz': 0x45,
  'i32.lt_s': 0x48,
  'i32.lt_u': 0x49,
  'i32.gt_s': 0x4a,
  'i64.eqz': 0x50,
  'i32.add': 0x6a,
  'i32.sub': 0x6b,
  'i32.mul': 0x6c,
  'i32.xor': 0x73,
  'i32.shl': 0x74,
  'i32.shr_u': 0x76,
  'i64.ctz': 0x7a,
  'i64.sub': 0x7d,
  'i64.and': 0x83,
  'i64.or': 0x84,
  'i64.shl': 0x86,
  'i64.shr_u': 0x88,
  'i32.wrap_i64': 0xa7,
  'i64.extend_i32_u': 0xad,
} as const;

/** LEB128, signed: also right for unsigned numbers below 64 × 128ⁿ. */
export function number(value: number): Code {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>= 7) {
    const low = rest & 0x7f;
    const isLast = (rest >> 7 === 0 && (low & 0x40) === 0) || (rest >> 7 === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** LEB128, unsigned. */
function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)];
}

/** Instructions one after the other. */
export const code = (...parts: readonly (number | Code)[]): Code => parts.flat();

export const get = (local: number): Code => [0x20, local];
export const set = (local: number): Code => [0x21, local];
export const tee = (local: number): Code => [0x22, local];
export const i32 = (value: number): Code => [0x41, ...number(value)];
export const i64 = (value: number): Code => [0x42, ...number(value)];

export const block = (...body: readonly (number | Code)[]): Code => code(0x02, 0x40, ...body, 0x0b);
export const loop = (...body: readonly (number | Code)[]): Code => code(0x03, 0x40, ...body, 0x0b);
/** Where the condition before it holds. */
export const when = (...body: readonly (number | Code)[]): Code => code(0x04, 0x40, ...body, 0x0b);
export const otherwise = 0x05;
/** To the beginning of the loop, or the end of the block, so many levels out. */
export const br = (levels: number): Code => [0x0c, levels];
export const brIf = (levels: number): Code => [0x0d, levels];

/** Memory, at the address on the stack and so much behind it. */
export const load32 = (offset = 0): Code => [0x28, 2, ...unsigned(offset)];
export const load64 = (offset = 0): Code => [0x29, 0, ...unsigned(offset)];
export const store32 = (offset = 0): Code => [0x36, 2, ...unsigned(offset)];
/** Vector instructions. */
export const simd = (instruction: number, ...immediate: Code): Code => [0xfd, instruction, ...immediate];

export interface Kernel {
  readonly memory: ArrayBuffer;
  readonly call: (...values: number[]) => number;
}

const section = (id: number, ...content: Code): Code => code(id, unsigned(content.length), content);

/** Compiled once each: all kernels of one text share what V8 makes of it. */
const modules = new Map<string, object | null>();

function moduleOf(text: Uint8Array): object | null {
  const key = text.join();
  let module = modules.get(key);
  if (module === undefined) {
    module = WebAssembly.validate(text) ? new WebAssembly.Module(text) : null;
    modules.set(key, module);
  }
  return module;
}

/**
 * A module of one function from i32s to an i32, with a memory of its own; null where this machine cannot run it.
 *
 * @param locals pairs of how many and of what type, behind the parameters
 */
export function kernel(pages: number, parameters: number, locals: readonly Code[], body: Code): Kernel | null {
  const text = code(locals.length, locals.flat(), body, 0x0b);
  const types = Array.from({ length: parameters }, () => I32);
  const module = Uint8Array.from(
    code(
      code(0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0),
      section(1, 1, 0x60, parameters, ...types, 1, I32), // one type
      section(3, 1, 0), // one function of it
      section(5, 1, 0, pages), // one memory
      section(7, 2, 1, 0x6d, 2, 0, 1, 0x66, 0, 0), // exports: memory m, function f
      section(10, 1, ...unsigned(text.length), ...text),
    ),
  );
  const compiled = moduleOf(module);
  if (compiled === null) return null;
  const { exports } = new WebAssembly.Instance(compiled);
  return { memory: exports.m.buffer, call: exports.f };
}
