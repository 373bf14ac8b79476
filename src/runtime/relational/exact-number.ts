/** Doubles as exact whole multiples of 2^−1074 (the smallest double), and the correctly rounded way back. */

/** The unit: every finite double is a whole number of these. */
const UNIT_BITS = 1074;
export const UNITS_PER_ONE = 1n << BigInt(UNIT_BITS);

const view = new DataView(new ArrayBuffer(8));

/** A finite double in units of 2^−1074, exactly. */
export function toUnits(x: number): bigint {
  view.setFloat64(0, x);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = exponent === 0 ? fraction : (fraction | 0x10000000000000n) << BigInt(exponent - 1);
  return x < 0 ? -magnitude : magnitude;
}

/** numerator ÷ denominator as the nearest double, ties to even; ±Infinity out of range. The denominator must be positive. */
export function nearestDouble(numerator: bigint, denominator: bigint): number {
  if (numerator < 0n) return -nearestDouble(-numerator, denominator);
  if (numerator === 0n) return 0;
  let shift = Math.min(UNIT_BITS, 53 - (bitLength(numerator) - bitLength(denominator)));
  let rounded = roundedQuotient(numerator, denominator, shift);
  if (rounded >= 1n << 54n) {
    shift -= 1;
    rounded = roundedQuotient(numerator, denominator, shift);
  }
  if (rounded > 1n << 53n) {
    shift -= 1;
    rounded = roundedQuotient(numerator, denominator, shift);
  }
  return scaled(Number(rounded), -shift);
}

/** numerator × 2^shift ÷ denominator to the nearest whole number, ties to even. */
function roundedQuotient(numerator: bigint, denominator: bigint, shift: number): bigint {
  const n = shift >= 0 ? numerator << BigInt(shift) : numerator;
  const d = shift >= 0 ? denominator : denominator << BigInt(-shift);
  const quotient = n / d;
  const twice = (n - quotient * d) * 2n;
  const up = twice > d || (twice === d && (quotient & 1n) === 1n);
  return up ? quotient + 1n : quotient;
}

/** x × 2^power in two steps, so that neither factor leaves the range of doubles; exact for the arguments above. */
function scaled(x: number, power: number): number {
  if (power < -1022) return x * 2 ** -1022 * 2 ** (power + 1022);
  if (power > 1023) return x * 2 ** 1023 * 2 ** (power - 1023);
  return x * 2 ** power;
}

function bitLength(x: bigint): number {
  const hex = x.toString(16);
  return hex.length * 4 - (Math.clz32(Number.parseInt(hex.charAt(0), 16)) - 28);
}
