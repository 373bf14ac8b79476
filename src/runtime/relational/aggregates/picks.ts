/** Aggregates that pick or list values as they are: COUNT, MIN, MAX, FIRST, LAST, LIST. */
import type { Type, Value } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import { valueAt, vectorOf } from '../../vectors.ts';
import { canonicalText } from '../canonical.ts';
import { compareNumbers, compareTexts } from '../order.ts';
import { ByGroup } from './accumulator.ts';
import type { Accumulator } from './accumulator.ts';

export class Count implements Accumulator {
  private readonly counts = new ByGroup();

  add(groups: Int32Array): void {
    for (const group of groups) this.counts.set(group, this.counts.at(group) + 1);
  }

  result(count: number): Vector {
    return {
      kind: 'number',
      values: Float64Array.from({ length: count }, (_, group) => this.counts.at(group)),
      nulls: null,
    };
  }
}

/** Keeps one value per group: the one for which `replaces(next, kept)` was last true. */
export class Pick implements Accumulator {
  private readonly kept: Value[] = [];
  private readonly type: Type;
  private readonly replaces: (next: Value, kept: Value) => boolean;

  constructor(type: Type, replaces: (next: Value, kept: Value) => boolean) {
    this.type = type;
    this.replaces = replaces;
  }

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    for (let at = 0; at < rows.length; at += 1) {
      const group = groups[at] ?? 0;
      const next = valueAt(values, rows[at] ?? 0);
      const kept = this.kept[group];
      if (kept === undefined || this.replaces(next, kept)) this.kept[group] = next;
    }
  }

  result(count: number): Vector {
    return vectorOf(
      this.type,
      Array.from({ length: count }, (_, group) => this.kept[group] ?? null),
    );
  }
}

/** The values of each group in row order; an empty list for a group without any. */
export class List implements Accumulator {
  private readonly lists: Value[][] = [];

  add(groups: Int32Array, values: Vector, rows: Int32Array): void {
    for (let at = 0; at < rows.length; at += 1) {
      (this.lists[groups[at] ?? 0] ??= []).push(valueAt(values, rows[at] ?? 0));
    }
  }

  result(count: number): Vector {
    return { kind: 'object', values: Array.from({ length: count }, (_, group) => this.lists[group] ?? null) };
  }
}

/** Orders two non-null values of one type; NaN stands behind all numbers. */
export function compareValues(a: Value, b: Value): number {
  if (typeof a === 'number' && typeof b === 'number') return compareNumbers(a, b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  return compareTexts(canonicalText(a), canonicalText(b));
}
