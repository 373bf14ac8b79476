import { Combiner, Reducer } from '../../src/api/index.ts';
import type { Group } from '../../src/api/index.ts';

/** The first and the last value of a group, in its order. */
export class Sessions extends Reducer.declare({
  inputs: { seconds: 'float' },
  outputs: { longest: 'float', shortest: 'float' },
}) {
  override call(group: Group<typeof Sessions>) {
    const seconds = [...group.rows()].map((row) => row.get('seconds'));
    return group.with({ longest: seconds[0] ?? 0, shortest: seconds.at(-1) ?? 0 });
  }
}

/** Pairs of names with letters in common. */
export class Alike extends Combiner.declare({
  inputs: { left: 'string', right: 'string' },
  outputs: { shared: 'string' },
}) {
  override *call(left: Group<typeof Alike>, right: Group<typeof Alike>) {
    for (const a of left.rows()) {
      for (const b of right.rows()) {
        const other = b.get('right').toLowerCase();
        const shared = Array.from(a.get('left').toLowerCase())
          .filter((letter) => other.includes(letter))
          .join('');
        if (shared.length > 1) yield left.with({ shared }, a, b);
      }
    }
  }
}
