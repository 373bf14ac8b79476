/** One aggregate over numbered groups. Nulls were taken out before: `add` sees values only. */
import type { Vector } from '../../batch.ts';

export interface Accumulator {
  /** About how much memory it holds. */
  readonly bytes: number;
  /** Row `rows[i]` of `values` belongs to group `groups[i]`; rows come in the input's order. */
  add(groups: Int32Array, values: Vector, rows: Int32Array): void;
  /** The answers of groups 0 … count−1. */
  result(count: number): Vector;
}

/** A typed array by group that grows on demand; new places hold 0. */
export class ByGroup {
  values = new Float64Array(64);

  get bytes(): number {
    return this.values.byteLength;
  }

  at(group: number): number {
    return this.values[group] ?? 0;
  }

  /** Adds 1 to each of the groups, as often as it is named. */
  countIn(groups: Int32Array): void {
    let { values } = this;
    for (let at = 0; at < groups.length; at += 1) {
      const group = groups[at] ?? 0;
      if (group >= values.length) {
        this.set(group, 0);
        ({ values } = this);
      }
      values[group] = (values[group] ?? 0) + 1;
    }
  }

  set(group: number, value: number): void {
    if (group >= this.values.length) {
      const larger = new Float64Array(Math.max(this.values.length * 2, group + 1));
      larger.set(this.values);
      this.values = larger;
    }
    this.values[group] = value;
  }
}

/** The numbers of a numeric column, as they stand. */
export function numbersOf(vector: Vector): Int32Array | Float64Array | Uint8Array {
  if (vector.kind === 'int' || vector.kind === 'number' || vector.kind === 'bool') return vector.values;
  throw new TypeError(`a numeric aggregate over a column of kind ${vector.kind}`);
}
