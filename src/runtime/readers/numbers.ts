/**
 * Numbers straight from bytes. The grammar is that of the casts `int(text)`, `long(text)` and `float(text)`, with blanks around it allowed; the value is
 * always the one `Number(text)` gives.
 */

const PLUS = 43;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const NINE = 57;
const UPPER_E = 69;
const LOWER_E = 101;

/** 10^0 … 10^22: the powers of ten that a double holds exactly. */
const POWERS = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/iu;

/** First byte that is no space or tab. */
function trimmedStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] === 32 || bytes[at] === 9)) at += 1;
  return at;
}

function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && (bytes[at - 1] === 32 || bytes[at - 1] === 9)) at -= 1;
  return at;
}

/** The whole number of `bytes[start … end)`; NaN where there is none. Beyond ±(2^53−1) the answer is beyond it too, but not exact. */
export function wholeNumber(bytes: Uint8Array, start: number, end: number): number {
  let at = trimmedStart(bytes, start, end);
  const stop = trimmedEnd(bytes, at, end);
  const sign = bytes[at] ?? 0;
  if (at < stop && (sign === MINUS || sign === PLUS)) at += 1;
  if (at === stop) return Number.NaN;
  let value = 0;
  for (; at < stop; at++) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return sign === MINUS && value !== 0 ? -value : value;
}

const single = new Float64Array(1);

/** The float of `bytes[start … end)`; undefined where there is none or it is out of a double's range. */
export function decimalNumber(bytes: Buffer, start: number, end: number): number | undefined {
  return readDecimal(bytes, start, end, single, 0) ? single[0] : undefined;
}

/** The same, put at a place among others, since a double that a function gives back is an object of its own; false where there is none. */
export function readDecimal(bytes: Buffer, start: number, end: number, to: Float64Array, place: number): boolean {
  let at = trimmedStart(bytes, start, end);
  const first = at;
  const stop = trimmedEnd(bytes, at, end);
  const sign = bytes[at] ?? 0;
  if (at < stop && (sign === MINUS || sign === PLUS)) at += 1;
  let mantissa = 0;
  let digits = 0;
  let fraction = 0;
  let behindPoint = false;
  for (; at < stop; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= ZERO && byte <= NINE) {
      mantissa = mantissa * 10 + byte - ZERO;
      digits += 1;
      if (behindPoint) fraction += 1;
    } else if (byte === POINT && !behindPoint) {
      behindPoint = true;
    } else if (byte === LOWER_E || byte === UPPER_E) {
      return put(slowNumber(bytes, first, stop), to, place);
    } else {
      return put(named(bytes, first, stop), to, place);
    }
  }
  if (digits === 0) return false;
  // W. D. Clinger, How to Read Floating Point Numbers Accurately (1990): both operands are exact, so one division rounds once.
  if (mantissa > Number.MAX_SAFE_INTEGER || fraction > 22) return put(slowNumber(bytes, first, stop), to, place);
  const value = fraction === 0 ? mantissa : mantissa / (POWERS[fraction] ?? 1);
  to[place] = sign === MINUS ? -value : value;
  return true;
}

function put(value: number | undefined, to: Float64Array, place: number): boolean {
  if (value === undefined) return false;
  to[place] = value;
  return true;
}

function slowNumber(bytes: Buffer, start: number, end: number): number | undefined {
  const text = bytes.toString('latin1', start, end);
  if (!DECIMAL.test(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** What a float that is no number is written as. */
function named(bytes: Buffer, start: number, end: number): number | undefined {
  if (end - start > 9) return undefined;
  switch (bytes.toString('latin1', start, end)) {
    case 'NaN':
      return Number.NaN;
    case 'Infinity':
      return Number.POSITIVE_INFINITY;
    case '-Infinity':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}
