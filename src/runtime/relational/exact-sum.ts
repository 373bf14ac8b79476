/**
 * Sums of floats that do not depend on the order of their terms: each group keeps its exact sum and rounds once, at the end.
 * Source: J. R. Shewchuk, Adaptive Precision Floating-Point Arithmetic (1997), growing an expansion of non-overlapping doubles by one term. Well-scaled data
 * needs one to three doubles; what needs more, or overflows on the way, goes on in whole multiples of the smallest double.
 */
import { nearestDouble, toUnits, UNITS_PER_ONE } from './exact-number.ts';

/** Doubles kept per group before it goes on in big integers. */
const INLINE = 4;
/** What a sum of up to 2,100 bits takes in a Map. */
const BIG_BYTES = 350;

/**
 * Most terms are cut into three pieces of 33 bits, multiples of 2^−9, 2^−43 and 2^−77, which are summed apart: 2^20 sums of each are exact. Adding and taking away
 * 1.5 × 2^52 granules rounds to a granule. What is too large, or has bits below the last granule, is added to the expansion at once, the bins every 2^20 terms.
 */
const BINS = 3;
const MOST_BINNED = 2 ** 24;
const HIGH = 1.5 * 2 ** 43;
const MIDDLE = 1.5 * 2 ** 9;
const LOW = 1.5 * 2 ** -25;
const TERMS = 2 ** 20;
/** What a bin holds that no term came to: no sum of pieces gives it. */
const UNUSED = -0;

/** Exact sums by group as plain data. */
export interface ExactState {
  /** Non-overlapping doubles, so many for each group; see `counts`. */
  readonly parts: Float64Array;
  readonly counts: Uint8Array;
  /** Of groups whose sum is not in `parts`, in units of 2^−1074. */
  readonly big: ReadonlyMap<number, bigint>;
  /** Of groups with infinities or NaN. */
  readonly special: ReadonlyMap<number, number>;
}

export class ExactSums {
  private parts = new Float64Array(16 * INLINE);
  private counts = new Uint8Array(16);
  private bins = new Float64Array(16 * BINS).fill(UNUSED);
  /** Terms that are in the bins of all groups. */
  private binned = 0;
  private readonly big = new Map<number, bigint>();
  /** Infinities and NaN have no exact sum: they are summed apart, as IEEE does. */
  private readonly special = new Map<number, number>();

  /** About how much memory it holds. */
  get bytes(): number {
    return (
      this.parts.byteLength +
      this.counts.byteLength +
      this.bins.byteLength +
      this.big.size * BIG_BYTES +
      this.special.size * 48
    );
  }

  /** Adds a term to a group; groups are numbered from 0 and begin empty. */
  add(group: number, term: number): void {
    if (group >= this.counts.length) this.grow(group);
    // A zero keeps its sign only in the expansion; NaN is in no range.
    if (term !== 0 && term >= -MOST_BINNED && term <= MOST_BINNED) {
      const high = term + HIGH - HIGH;
      const rest = term - high;
      const middle = rest + MIDDLE - MIDDLE;
      const low = rest - middle;
      if (low + LOW - LOW === low) {
        const { bins } = this;
        const base = group * BINS;
        bins[base] = (bins[base] ?? 0) + high;
        bins[base + 1] = (bins[base + 1] ?? 0) + middle;
        bins[base + 2] = (bins[base + 2] ?? 0) + low;
        this.binned += 1;
        if (this.binned === TERMS) this.emptyBins();
        return;
      }
    }
    this.addWhole(group, term);
  }

  /** What the groups 0 … count−1 have, with nothing in bins any more. */
  state(count: number): ExactState {
    this.emptyBins();
    const parts = new Float64Array(count * INLINE);
    const counts = new Uint8Array(count);
    parts.set(this.parts.subarray(0, count * INLINE));
    counts.set(this.counts.subarray(0, count));
    return { parts, counts, big: this.big, special: this.special };
  }

  /** Adds sums of others: those of their group `g` to group `groups[g]`. */
  merge(groups: Int32Array, { parts, counts, big, special }: ExactState): void {
    for (let at = 0; at < groups.length; at += 1) {
      const group = groups[at] ?? 0;
      if (group >= this.counts.length) this.grow(group);
      const units = big.get(at);
      if (units !== undefined) this.big.set(group, this.units(group) + units);
      // Parts of a group that went on in big integers are in these.
      else for (let part = 0; part < (counts[at] ?? 0); part += 1) this.addWhole(group, parts[at * INLINE + part] ?? 0);
    }
    for (const [at, sum] of special) this.addWhole(groups[at] ?? 0, sum);
  }

  private addWhole(group: number, term: number): void {
    if (!Number.isFinite(term)) {
      this.special.set(group, (this.special.get(group) ?? 0) + term);
      return;
    }
    const units = this.big.get(group);
    if (units !== undefined) this.big.set(group, units + toUnits(term));
    else this.addInline(group, term);
  }

  /** Adds what is in the bins to the groups' expansions. */
  private emptyBins(): void {
    if (this.binned === 0) return;
    this.binned = 0;
    const { bins } = this;
    for (let at = 0; at < bins.length; at += 1) {
      const piece = bins[at] ?? 0;
      bins[at] = UNUSED;
      if (piece !== 0) this.addWhole(Math.floor(at / BINS), piece);
      // Terms that cancel out make a zero that is not negative.
      else if (at % BINS === 0 && !Object.is(piece, UNUSED)) this.addWhole(at / BINS, 0);
    }
  }

  /** The correctly rounded sum; 0 for a group without terms, ±Infinity where the true sum is out of range. */
  value(group: number): number {
    this.emptyBins();
    const special = this.special.get(group);
    if (special !== undefined) return special;
    const few = this.big.has(group) ? null : this.few(group);
    if (few !== null) return few;
    return nearestDouble(this.units(group), UNITS_PER_ONE);
  }

  /** The sum of at most two parts: adding two doubles rounds correctly. null for more. */
  private few(group: number): number | null {
    const count = this.counts[group] ?? 0;
    const base = group * INLINE;
    if (count === 0) return 0;
    if (count > 2) return this.fewer(group, count);
    return count === 1 ? (this.parts[base] ?? 0) : (this.parts[base] ?? 0) + (this.parts[base + 1] ?? 0);
  }

  /** The same of more parts, where compressing leaves two. */
  private fewer(group: number, count: number): number | null {
    const base = group * INLINE;
    const parts = this.parts.slice(base, base + count);
    const left = compress(parts);
    return left > 2 ? null : left === 1 ? (parts[0] ?? 0) : (parts[0] ?? 0) + (parts[1] ?? 0);
  }

  /** The exact sum where it is one double; null where it is not. */
  exact(group: number): number | null {
    this.emptyBins();
    if (this.special.has(group) || this.big.has(group) || (this.counts[group] ?? 0) > 1) return null;
    return this.few(group);
  }

  /** False where a term was infinite or NaN. */
  isFinite(group: number): boolean {
    return !this.special.has(group);
  }

  /** The exact sum of the finite terms, in units of 2^−1074. */
  units(group: number): bigint {
    this.emptyBins();
    const units = this.big.get(group);
    if (units !== undefined) return units;
    let sum = 0n;
    const base = group * INLINE;
    for (let i = 0; i < (this.counts[group] ?? 0); i += 1) sum += toUnits(this.parts[base + i] ?? 0);
    return sum;
  }

  private addInline(group: number, term: number): void {
    const { parts } = this;
    const base = group * INLINE;
    const count = this.counts[group] ?? 0;
    let kept = 0;
    let x = term;
    // Reading parts[base + i] before writing parts[base + kept] is safe: kept never passes i.
    for (let i = 0; i < count; i += 1) {
      const y = parts[base + i] ?? 0;
      const sum = x + y;
      if (!Number.isFinite(sum)) {
        let units = toUnits(x);
        for (let j = 0; j < kept; j += 1) units += toUnits(parts[base + j] ?? 0);
        for (let j = i; j < count; j += 1) units += toUnits(parts[base + j] ?? 0);
        this.big.set(group, units);
        return;
      }
      const low = Math.abs(x) < Math.abs(y) ? x - (sum - y) : y - (sum - x);
      if (low !== 0) {
        parts[base + kept] = low;
        kept += 1;
      }
      x = sum;
    }
    if (kept === INLINE) {
      this.addCompressed(group, x);
      return;
    }
    parts[base + kept] = x;
    this.counts[group] = kept + 1;
  }

  /** Takes one part more than there is room for: in fewer parts where the sum fits, else in big integers. */
  private addCompressed(group: number, x: number): void {
    const base = group * INLINE;
    scratch.set(this.parts.subarray(base, base + INLINE));
    scratch[INLINE] = x;
    const count = compress(scratch);
    if (count <= INLINE && scratch.subarray(0, count).every(Number.isFinite)) {
      for (let i = 0; i < count; i += 1) this.parts[base + i] = scratch[i] ?? 0;
      this.counts[group] = count;
      return;
    }
    let units = toUnits(x);
    for (let i = 0; i < INLINE; i += 1) units += toUnits(this.parts[base + i] ?? 0);
    this.big.set(group, units);
  }

  private grow(group: number): void {
    const size = Math.max(this.counts.length * 2, group + 1);
    const counts = new Uint8Array(size);
    counts.set(this.counts);
    this.counts = counts;
    const bins = new Float64Array(size * BINS).fill(UNUSED);
    bins.set(this.bins);
    this.bins = bins;
    const parts = new Float64Array(size * INLINE);
    parts.set(this.parts);
    this.parts = parts;
  }
}

const scratch = new Float64Array(INLINE + 1);

/** Shewchuk's COMPRESS: the same sum, in place, in as few non-overlapping doubles as carry it; gives their number. */
function compress(parts: Float64Array): number {
  let bottom = parts.length - 1;
  let q = parts[bottom] ?? 0;
  for (let i = bottom - 1; i >= 0; i -= 1) {
    const part = parts[i] ?? 0;
    const sum = q + part;
    const low = part - (sum - q);
    if (low === 0) q = sum;
    else {
      parts[bottom] = sum;
      bottom -= 1;
      q = low;
    }
  }
  parts[bottom] = q;
  let top = 0;
  for (let i = bottom + 1; i < parts.length; i += 1) {
    const part = parts[i] ?? 0;
    const sum = part + q;
    const low = q - (sum - part);
    if (low !== 0) {
      parts[top] = low;
      top += 1;
    }
    q = sum;
  }
  parts[top] = q;
  return top + 1;
}
