/** A robust look at a group: what lies too far from its median is taken away, until nothing does. */
import { Reducer } from 'pyscope';
import type { Group } from 'pyscope';

/** A normal distribution's standard deviation is so many median absolute deviations. */
const SIGMA = 1.4826;

function median(sorted: readonly number[]): number {
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function inOrder(values: Iterable<number>): readonly number[] {
  return [...values].toSorted((a, b) => a - b);
}

export class Stable extends Reducer.declare({
  inputs: { value: 'float' },
  outputs: { count: 'int', center: 'float', spread: 'float' },
  options: { limit: 'float' },
  deletes: ['value'],
  doc: 'Deletes the members that are more than limit robust standard deviations from the median, and tells what is left.',
}) {
  override *call(group: Group<typeof Stable>) {
    const rows = [...group.rows()];
    const values = rows.map((row) => row.get('value'));
    const center = median(inOrder(values));
    const spread = SIGMA * median(inOrder(values.map((value) => Math.abs(value - center))));
    yield group.with({ count: rows.length, center, spread: Math.round(spread * 1000) / 1000 });
    // Once they are gone the group is looked at again: its median has moved, and its spread is smaller.
    for (const row of rows) {
      if (Math.abs(row.get('value') - center) > this.options.limit * spread) yield row.delete(['value']);
    }
  }
}
