/** VAR and STDEV (of a sample, n − 1): from exact sums of the values and of their squares, so that nothing cancels and no order shows. */
import type { Vector } from '../../batch.ts';
import { nearestDouble, toUnits, UNITS_PER_ONE } from '../exact-number.ts';
import { addBig, ByGroup, numbersOf, stateOf } from './accumulator.ts';
import type { Accumulator, AccumulatorState } from './accumulator.ts';

/** What a big integer of a few thousand bits takes in a Map. */
const BIG_BYTES = 350;

export class Spread implements Accumulator {
  private readonly counts = new ByGroup();
  private readonly sums = new Map<number, bigint>();
  private readonly squares = new Map<number, bigint>();
  private readonly notFinite = new Set<number>();
  private readonly root: boolean;

  /** `root` gives STDEV. */
  constructor(root: boolean) {
    this.root = root;
  }

  get bytes(): number {
    return this.counts.bytes + this.sums.size * 2 * BIG_BYTES;
  }

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    const numbers = numbersOf(values);
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      const x = numbers[rows[at] ?? 0] ?? 0;
      this.counts.set(group, this.counts.at(group) + 1);
      if (!Number.isFinite(x)) {
        this.notFinite.add(group);
        continue;
      }
      const units = toUnits(x);
      this.sums.set(group, (this.sums.get(group) ?? 0n) + units);
      this.squares.set(group, (this.squares.get(group) ?? 0n) + units * units);
    }
  }

  /** null for a group of fewer than two values. */
  result(count: number): Vector {
    const values = new Float64Array(count);
    const nulls = new Uint8Array(count);
    for (let group = 0; group < count; group += 1) {
      if (this.counts.at(group) < 2) nulls[group] = 1;
      else values[group] = this.spread(group);
    }
    return { kind: 'number', values, nulls: nulls.includes(1) ? nulls : null };
  }

  state(count: number): AccumulatorState {
    const { sums, squares, notFinite } = this;
    return { kind: 'spread', counts: this.counts.upTo(count), sums, squares, notFinite };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    const { counts, sums, squares, notFinite } = stateOf(state, 'spread');
    this.counts.addTo(groups, counts);
    addBig(this.sums, groups, sums);
    addBig(this.squares, groups, squares);
    for (const group of notFinite) this.notFinite.add(groups[group] ?? 0);
  }

  private spread(group: number): number {
    if (this.notFinite.has(group)) return Number.NaN;
    const n = BigInt(this.counts.at(group));
    const sum = this.sums.get(group) ?? 0n;
    const numerator = n * (this.squares.get(group) ?? 0n) - sum * sum;
    const variance = nearestDouble(numerator, n * (n - 1n) * UNITS_PER_ONE * UNITS_PER_ONE);
    return this.root ? Math.sqrt(variance) : variance;
  }
}
