/** SUM and AVG: whole numbers exactly, floats as correctly rounded sums, so that neither depends on the order of the rows. */
import type { Vector } from '../../batch.ts';
import { RunError } from '../../errors.ts';
import { nearestDouble, UNITS_PER_ONE } from '../exact-number.ts';
import { ExactSums } from '../exact-sum.ts';
import { ByGroup, numbersOf, stateOf } from './accumulator.ts';
import type { Accumulator, AccumulatorState } from './accumulator.ts';

/** What a big integer in a Map takes. */
const BIG_BYTES = 80;

/** The sum of whole numbers per group: doubles while they are exact, big integers from there on. */
class WholeSums {
  private readonly sums = new ByGroup();
  private readonly big = new Map<number, bigint>();

  get bytes(): number {
    return this.sums.bytes + this.big.size * BIG_BYTES;
  }

  add(group: number, term: number): void {
    const big = this.big.get(group);
    if (big !== undefined) {
      this.big.set(group, big + BigInt(term));
      return;
    }
    const before = this.sums.at(group);
    const sum = before + term;
    if (Number.isSafeInteger(sum)) this.sums.set(group, sum);
    else this.big.set(group, BigInt(before) + BigInt(term));
  }

  /** What groups 0 … count−1 have. A group is in one of the two. */
  state(count: number): Pick<WholeState, 'sums' | 'big'> {
    return { sums: this.sums.upTo(count), big: this.big };
  }

  merge(groups: Int32Array, { sums, big }: Pick<WholeState, 'sums' | 'big'>): void {
    for (let at = 0; at < groups.length; at += 1) {
      const more = big.get(at);
      if (more === undefined) this.add(groups[at] ?? 0, sums[at] ?? 0);
      else this.big.set(groups[at] ?? 0, this.exact(groups[at] ?? 0) + more);
    }
  }

  /** The exact sum. */
  exact(group: number): bigint {
    return this.big.get(group) ?? BigInt(this.sums.at(group));
  }

  /** The sum as a long; null where it does not fit one. */
  long(group: number): number | null {
    const sum = this.big.get(group);
    if (sum === undefined) return this.sums.at(group);
    const value = Number(sum);
    return Number.isSafeInteger(value) ? value : null;
  }
}

type WholeState = Extract<AccumulatorState, { kind: 'whole' }>;

/** What a sum per group is kept in. */
interface Sums {
  readonly bytes: number;
  add(group: number, term: number): void;
}

/** Sums and counts terms per group; a group without any gives null. */
abstract class Summed<S extends Sums> implements Accumulator {
  protected readonly counts = new ByGroup();
  protected readonly sums: S;

  constructor(sums: S) {
    this.sums = sums;
  }

  get bytes(): number {
    return this.counts.bytes + this.sums.bytes;
  }

  abstract result(count: number): Vector;
  abstract state(count: number): AccumulatorState;
  abstract merge(groups: Int32Array, state: AccumulatorState): void;

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    const numbers = numbersOf(values);
    this.counts.countIn(groups);
    for (let at = 0; at < rows.length; at += 1) this.sums.add(groups[at] ?? 0, numbers[rows[at] ?? 0] ?? 0);
  }

  protected nulls(count: number): Uint8Array | null {
    const nulls = new Uint8Array(count);
    let any = false;
    for (let group = 0; group < count; group += 1) {
      if (this.counts.at(group) === 0) {
        nulls[group] = 1;
        any = true;
      }
    }
    return any ? nulls : null;
  }
}

/** SUM and AVG of int or long. */
abstract class WholeSummed extends Summed<WholeSums> {
  constructor() {
    super(new WholeSums());
  }

  state(count: number): AccumulatorState {
    return { kind: 'whole', counts: this.counts.upTo(count), ...this.sums.state(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    const { counts, sums, big } = stateOf(state, 'whole');
    this.counts.addTo(groups, counts);
    this.sums.merge(groups, { sums, big });
  }
}

/** SUM and AVG of float. */
abstract class FloatSummed extends Summed<ExactSums> {
  constructor() {
    super(new ExactSums());
  }

  state(count: number): AccumulatorState {
    return { kind: 'floats', counts: this.counts.upTo(count), sums: this.sums.state(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    const { counts, sums } = stateOf(state, 'floats');
    this.counts.addTo(groups, counts);
    this.sums.merge(groups, sums);
  }
}

/** SUM of int or long: a long; a sum that fits none is an error. */
export class WholeSum extends WholeSummed {
  result(count: number): Vector {
    const values = new Float64Array(count);
    for (let group = 0; group < count; group += 1) {
      const sum = this.sums.long(group);
      if (sum === null) {
        throw new RunError(
          'PR2601',
          `SUM gives ${this.sums.exact(group)}, which is more than a long holds (±(2^53 − 1))`,
          {
            help: 'Sum a float instead: SUM(x * 1.0)',
          },
        );
      }
      values[group] = sum;
    }
    return { kind: 'number', values, nulls: this.nulls(count) };
  }
}

export class FloatSum extends FloatSummed {
  result(count: number): Vector {
    const values = Float64Array.from({ length: count }, (_, group) => this.sums.value(group));
    return { kind: 'number', values, nulls: this.nulls(count) };
  }
}

/** AVG of whole numbers: the exact sum divided once. */
export class WholeAverage extends WholeSummed {
  result(count: number): Vector {
    const values = Float64Array.from({ length: count }, (_, group) => {
      const rows = this.counts.at(group);
      if (rows === 0) return 0;
      const sum = this.sums.long(group);
      return sum === null ? nearestDouble(this.sums.exact(group), BigInt(rows)) : sum / rows;
    });
    return { kind: 'number', values, nulls: this.nulls(count) };
  }
}

/** AVG of floats: the exact sum divided once and rounded once. */
export class FloatAverage extends FloatSummed {
  result(count: number): Vector {
    const values = Float64Array.from({ length: count }, (_, group) => {
      const rows = this.counts.at(group);
      if (rows === 0) return 0;
      const exact = this.sums.exact(group);
      if (exact !== null) return exact / rows;
      if (!this.sums.isFinite(group)) return this.sums.value(group) / rows;
      return nearestDouble(this.sums.units(group), UNITS_PER_ONE * BigInt(rows));
    });
    return { kind: 'number', values, nulls: this.nulls(count) };
  }
}
