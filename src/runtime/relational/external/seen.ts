/** The distinct values of groups, of more than fit: values in doubt are put off on disk, and given to their aggregate at the end, in the order in which they came. */
import { INT, LONG } from '../../../typecheck/types.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import type { Room } from '../../spill/room.ts';
import { isNullAt } from '../../vectors.ts';
import type { Seen } from '../aggregate.ts';
import type { Accumulator } from '../aggregates/index.ts';
import { FirstOfEach } from './first-of-each.ts';

export class SpillingSeen implements Seen {
  private readonly first: FirstOfEach;
  private readonly types: readonly Type[];
  private readonly room: Room;
  private position = 0;

  /** `beside`: what else the operator holds. */
  constructor(type: Type, room: Room, beside: () => number) {
    this.room = room;
    this.types = [INT, type, LONG];
    this.first = new FirstOfEach(2, this.types, room, 0, beside);
  }

  get bytes(): number {
    return this.first.bytes;
  }

  /** Nothing was put off. */
  get isWhole(): boolean {
    return this.first.overflow === null;
  }

  newRows(groups: Vector, values: Vector, length: number): Int32Array {
    const start = this.position;
    this.position += length;
    const rows = this.first.take([groups, values], length, () => [
      { kind: 'number', values: Float64Array.from({ length }, (_, row) => start + row), nulls: null },
    ]);
    return rows.filter((row) => !isNullAt(values, row));
  }

  /** Adds what was put off; `added` is told after each piece. */
  async settle(into: Accumulator, added: () => void): Promise<void> {
    const { room, types, first } = this;
    if (first.overflow === null) return;
    const results = room.spool();
    const runs = await first.settle(() => room.writer(types, results));
    for await (const { vectors, length } of merged(runs, byNumber(2), room)) {
      const [groups, values] = vectors;
      if (groups?.kind !== 'int' || values === undefined) throw new TypeError('groups on disk have no numbers');
      const rows = Int32Array.from({ length }, (_, row) => row).filter((row) => !isNullAt(values, row));
      into.add(
        rows.map((row) => groups.values[row] ?? 0),
        values,
        rows,
      );
      added();
    }
    results.close();
  }
}
