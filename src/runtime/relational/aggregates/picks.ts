/** Aggregates that pick or list values as they are: COUNT, MIN, MAX, FIRST, LAST, LIST. */
import type { Type, Value } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import { isNullAt, valueAt, vectorBuilder, vectorOf } from '../../vectors.ts';
import { canonicalText } from '../canonical.ts';
import { compareNumbers, compareTexts } from '../order.ts';
import { weightOf } from '../../spill/weight.ts';
import { ByGroup, numbersOf, stateOf } from './accumulator.ts';
import type { Accumulator, AccumulatorState } from './accumulator.ts';

const POINTER_BYTES = 8;

export class Count implements Accumulator {
  private readonly counts = new ByGroup();

  get bytes(): number {
    return this.counts.bytes;
  }

  add(groups: Int32Array): void {
    this.counts.countIn(groups);
  }

  result(count: number): Vector {
    return {
      kind: 'number',
      values: Float64Array.from({ length: count }, (_, group) => this.counts.at(group)),
      nulls: null,
    };
  }

  state(count: number): AccumulatorState {
    return { kind: 'counts', counts: this.counts.upTo(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    this.counts.addTo(groups, stateOf(state, 'counts').counts);
  }
}

/** Adds the values of a state as rows: the least of the least is the least. */
function addValues(into: Pick | NumberPick, groups: Int32Array, state: AccumulatorState): void {
  const { values } = stateOf(state, 'values');
  const rows = Int32Array.from(groups.keys()).filter((row) => !isNullAt(values, row));
  into.add(
    Int32Array.from(rows, (row) => groups[row] ?? 0),
    values,
    rows,
  );
}

/** Keeps one value per group: the one for which `replaces(next, kept)` was last true. */
export class Pick implements Accumulator {
  private readonly kept: Value[] = [];
  private inside = 0;
  private readonly type: Type;
  private readonly replaces: (next: Value, kept: Value) => boolean;

  constructor(type: Type, replaces: (next: Value, kept: Value) => boolean) {
    this.type = type;
    this.replaces = replaces;
  }

  get bytes(): number {
    return this.kept.length * POINTER_BYTES + this.inside;
  }

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      const next = valueAt(values, rows[at] ?? 0);
      const kept = this.kept[group];
      if (kept !== undefined && !this.replaces(next, kept)) continue;
      this.inside += weightOf(next) - weightOf(kept);
      this.kept[group] = next;
    }
  }

  result(count: number): Vector {
    return vectorOf(
      this.type,
      Array.from({ length: count }, (_, group) => this.kept[group] ?? null),
    );
  }

  state(count: number): AccumulatorState {
    return { kind: 'values', values: this.result(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    addValues(this, groups, state);
  }
}

export type Picked = 'least' | 'most' | 'first' | 'last';

/** {@link Pick} for int, long, float and datetime: no value is made an object. NaN stands behind all numbers. */
export class NumberPick implements Accumulator {
  private readonly kept = new ByGroup();
  private readonly counts = new ByGroup();
  private readonly type: Type;
  private readonly which: Picked;

  constructor(type: Type, which: Picked) {
    this.type = type;
    this.which = which;
  }

  get bytes(): number {
    return this.kept.bytes + this.counts.bytes;
  }

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    const numbers = numbersOf(values);
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      const next = numbers[rows[at] ?? 0] ?? 0;
      if (this.counts.at(group) > 0 && !this.replaces(next, this.kept.at(group))) continue;
      this.counts.set(group, 1);
      this.kept.set(group, next);
    }
  }

  result(count: number): Vector {
    const builder = vectorBuilder(this.type, count);
    for (let group = 0; group < count; group += 1) {
      builder.push(this.counts.at(group) > 0 ? this.kept.at(group) : null);
    }
    return builder.finish();
  }

  state(count: number): AccumulatorState {
    return { kind: 'values', values: this.result(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    addValues(this, groups, state);
  }

  private replaces(next: number, kept: number): boolean {
    switch (this.which) {
      case 'least':
        return compareNumbers(next, kept) < 0;
      case 'most':
        return compareNumbers(next, kept) > 0;
      case 'first':
        return false;
      case 'last':
        return true;
    }
  }
}

/** The values of each group in row order; an empty list for a group without any. */
export class List implements Accumulator {
  private readonly lists: (Value[] | undefined)[] = [];
  private inside = 0;

  get bytes(): number {
    return this.lists.length * POINTER_BYTES + this.inside;
  }

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    for (let at = 0; at < rows.length; at += 1) {
      const value = valueAt(values, rows[at] ?? 0);
      (this.lists[groups[at] ?? 0] ??= []).push(value);
      this.inside += POINTER_BYTES + weightOf(value);
    }
  }

  result(count: number): Vector {
    return { kind: 'object', values: Array.from({ length: count }, (_, group) => this.lists[group] ?? null) };
  }

  state(count: number): AccumulatorState {
    return { kind: 'values', values: this.result(count) };
  }

  merge(groups: Int32Array, state: AccumulatorState): void {
    const { values } = stateOf(state, 'values');
    for (let at = 0; at < groups.length; at += 1) {
      const more = valueAt(values, at);
      if (!Array.isArray(more)) continue;
      const list = (this.lists[groups[at] ?? 0] ??= []);
      for (const value of more) {
        list.push(value);
        this.inside += POINTER_BYTES + weightOf(value);
      }
    }
  }

  /** Gives all values, group by group, and forgets them; what comes next goes behind them. */
  *drain(): Generator<readonly [group: number, values: readonly Value[]]> {
    const lists = [...this.lists.entries()];
    this.lists.length = 0;
    this.inside = 0;
    for (const [group, list] of lists) if (list !== undefined) yield [group, list];
  }
}

/** Orders two non-null values of one type; NaN stands behind all numbers. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return compareTexts(canonicalText(a), canonicalText(b));
}
