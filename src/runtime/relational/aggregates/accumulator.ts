/** One aggregate over numbered groups. Nulls were taken out before: `add` sees values only. */
import type { Vector } from '../../batch.ts';
import type { ExactState } from '../exact-sum.ts';

export interface Accumulator {
  /** About how much memory it holds. */
  readonly bytes: number;
  /** Row `rows[i]` of `values` belongs to group `groups[i]`; rows come in the input's order. */
  add(groups: Int32Array, values: Vector, rows: Int32Array): void;
  /** The answers of groups 0 … count−1. */
  result(count: number): Vector;
  /** What it holds of groups 0 … count−1, for another of its kind; it is not to be used afterwards. */
  state(count: number): AccumulatorState;
  /** Adds what another held of rows behind all that came here: its group `g` is `groups[g]` here. */
  merge(groups: Int32Array, state: AccumulatorState): void;
}

/**
 * What an accumulator holds, as plain data.
 * - `values`: a value for each group, null where it has none; adding them again says the same.
 * - `counts`: the rows of each group.
 * - `whole`, `floats`, `spread`: exact sums with their counts.
 */
export type AccumulatorState =
  | { readonly kind: 'values'; readonly values: Vector }
  | { readonly kind: 'counts'; readonly counts: Float64Array }
  | {
      readonly kind: 'whole';
      readonly counts: Float64Array;
      readonly sums: Float64Array;
      readonly big: ReadonlyMap<number, bigint>;
    }
  | { readonly kind: 'floats'; readonly counts: Float64Array; readonly sums: ExactState }
  | {
      readonly kind: 'spread';
      readonly counts: Float64Array;
      readonly sums: ReadonlyMap<number, bigint>;
      readonly squares: ReadonlyMap<number, bigint>;
      readonly notFinite: ReadonlySet<number>;
    };

/** The state, which must be of that kind: it came from an accumulator of the same aggregate. */
export function stateOf<K extends AccumulatorState['kind']>(
  state: AccumulatorState,
  kind: K,
): Extract<AccumulatorState, { kind: K }> {
  if (isOf(state, kind)) return state;
  throw new TypeError(`a state of kind ${state.kind} where ${kind} was wanted`);
}

function isOf<K extends AccumulatorState['kind']>(
  state: AccumulatorState,
  kind: K,
): state is Extract<AccumulatorState, { kind: K }> {
  return state.kind === kind;
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

  /** Those of groups 0 … count−1. */
  upTo(count: number): Float64Array {
    const out = new Float64Array(count);
    out.set(this.values.subarray(0, count));
    return out;
  }

  /** Adds a value to each of the groups. */
  addTo(groups: Int32Array, values: Float64Array): void {
    for (let at = 0; at < groups.length; at += 1) {
      const group = groups[at] ?? 0;
      this.set(group, this.at(group) + (values[at] ?? 0));
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

/** Adds big integers by group to those of the groups here. */
export function addBig(into: Map<number, bigint>, groups: Int32Array, from: ReadonlyMap<number, bigint>): void {
  for (const [at, value] of from) {
    const group = groups[at] ?? 0;
    into.set(group, (into.get(group) ?? 0n) + value);
  }
}

/** The numbers of a numeric column, as they stand. */
export function numbersOf(vector: Vector): Int32Array | Float64Array | Uint8Array {
  if (vector.kind === 'int' || vector.kind === 'number' || vector.kind === 'bool') return vector.values;
  throw new TypeError(`a numeric aggregate over a column of kind ${vector.kind}`);
}
