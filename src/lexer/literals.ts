/** What string and number literals stand for; the rules are those of ECMAScript in strict mode. */

export interface BadEscape {
  /** Offset in the raw text. */
  readonly start: number;
  readonly text: string;
}

export interface DecodedString {
  readonly value: string;
  readonly badEscapes: readonly BadEscape[];
  /** False where the closing quote is missing. */
  readonly closed: boolean;
}

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ...([
    ['n', '\n'],
    ['t', '\t'],
    ['r', '\r'],
    ['b', '\b'],
    ['f', '\f'],
    ['v', '\v'],
  ] as const),
  ...([
    ['"', '"'],
    ["'", "'"],
    ['`', '`'],
    ['\\', '\\'],
    ['/', '/'],
  ] as const),
  ...([
    ['\n', ''],
    ['\r', ''],
    ['\r\n', ''],
    ['\u2028', ''],
    ['\u2029', ''],
  ] as const),
]);

const ESCAPE = /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(0)(?!\d)|(\r\n|[\s\S])|$)/gu;

/** Decodes a literal with its quotes; an escape that is none is reported and stands for the character behind the `\`. */
export function decodeString(raw: string): DecodedString {
  const closed = raw.length > 1 && raw.at(-1) === raw[0] && !endsInEscape(raw);
  const body = raw.slice(1, closed ? -1 : undefined);
  if (!body.includes('\\')) return { value: body, badEscapes: [], closed };
  const badEscapes: BadEscape[] = [];
  const value = body.replace(ESCAPE, (text: string, braced, unicode, hex, nul, simple, at: number) => {
    const digits: unknown = braced ?? unicode ?? hex;
    if (typeof digits === 'string') {
      const code = Number.parseInt(digits, 16);
      if (code <= 0x10_ffff) return String.fromCodePoint(code);
    } else if (nul === '0') {
      return '\0';
    } else {
      const known = SIMPLE_ESCAPES.get(String(simple));
      if (known !== undefined) return known;
    }
    badEscapes.push({ start: at + 1, text });
    return text.slice(1);
  });
  return { value, badEscapes, closed };
}

/** Whether the last quote is itself escaped: an odd number of backslashes stands before it. */
function endsInEscape(raw: string): boolean {
  let backslashes = 0;
  while (raw[raw.length - 2 - backslashes] === '\\') backslashes += 1;
  return backslashes % 2 === 1;
}

export interface DecodedNumber {
  readonly value: number;
  /** Neither point nor exponent. */
  readonly integer: boolean;
  /** `inexact`: an integer that a 64-bit float cannot hold exactly, or a number beyond its range. */
  readonly problem: 'malformed' | 'inexact' | null;
}

const RADIX = /^0(?:[xX][0-9a-fA-F](?:_?[0-9a-fA-F])*|[oO][0-7](?:_?[0-7])*|[bB][01](?:_?[01])*)$/;
const DECIMAL = /^(?:(0|[1-9](?:_?\d)*)(?:\.(?:\d(?:_?\d)*)?)?|\.\d(?:_?\d)*)(?:[eE][+-]?\d(?:_?\d)*)?$/;

export function decodeNumber(raw: string): DecodedNumber {
  const radix = RADIX.test(raw);
  if (!radix && !DECIMAL.test(raw)) return { value: 0, integer: true, problem: 'malformed' };
  const value = Number(raw.replaceAll('_', ''));
  const integer = radix || /^[\d_]+$/.test(raw);
  const exact = integer ? Number.isSafeInteger(value) : Number.isFinite(value);
  return { value, integer, problem: exact ? null : 'inexact' };
}
