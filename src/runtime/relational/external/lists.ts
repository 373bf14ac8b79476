/** The values that LIST collects, of more than fit: written as runs in the order of their groups, each in the order of arrival, and merged group by group at the end. */
import { LONG } from '../../../typecheck/types.ts';
import type { Type, Value } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { groupTooLarge } from '../../spill/faults.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, Spool } from '../../spill/spool.ts';
import { weightOf } from '../../spill/weight.ts';
import { valueAt, vectorOf } from '../../vectors.ts';
import type { List } from '../aggregates/index.ts';

const PIECE_VALUES = 4096;

export class ListsOnDisk {
  private readonly list: List;
  private readonly types: readonly Type[];
  private readonly room: Room;
  private readonly runs: Run[] = [];
  private spool: Spool | null = null;

  /** `type`: that of the values. */
  constructor(list: List, type: Type, room: Room) {
    this.list = list;
    this.types = [LONG, type];
    this.room = room;
  }

  get isEmpty(): boolean {
    return this.runs.length === 0;
  }

  get bytes(): number {
    return this.list.bytes;
  }

  /** Writes what the list holds, and empties it. */
  spill(): void {
    this.spool ??= this.room.spool();
    const writer = this.room.writer(this.types, this.spool);
    let groups: number[] = [];
    let values: Value[] = [];
    const flush = (): void => {
      writer.add(this.columns(groups, values));
      groups = [];
      values = [];
    };
    for (const [group, list] of this.list.drain()) {
      for (const value of list) {
        groups.push(group);
        values.push(value);
        if (values.length === PIECE_VALUES) flush();
      }
    }
    flush();
    this.runs.push(writer.finish());
  }

  /** The lists of groups 0, 1, 2 …, one after the other, each asked for once. `nameOf` tells of a group in messages. */
  reader(nameOf: (group: number) => string): (group: number) => Promise<Value> {
    const rows = this.rows();
    const step = async (): Promise<readonly [number, Value] | null> => {
      const given = await rows.next();
      return given.done === true ? null : given.value;
    };
    let next: Awaited<ReturnType<typeof step>> = null;
    let begun = false;
    return async (group) => {
      if (!begun) next = await step();
      begun = true;
      let list: Value[] | null = null;
      let bytes = 0;
      while (next?.[0] === group) {
        (list ??= []).push(next[1]);
        bytes += 8 + weightOf(next[1]);
        if (bytes > this.room.claim.budget) throw groupTooLarge(nameOf(group), bytes, this.room.claim.budget);
        next = await step();
      }
      return list;
    };
  }

  private async *rows(): AsyncGenerator<readonly [number, Value]> {
    for await (const { vectors, length } of merged(this.runs, byNumber(0), this.room)) {
      const [groups, values] = vectors;
      if (groups?.kind !== 'number' || values === undefined) throw new TypeError('lists on disk have no groups');
      for (let row = 0; row < length; row += 1) yield [groups.values[row] ?? 0, valueAt(values, row)];
    }
    this.spool?.close();
  }

  private columns(groups: readonly number[], values: readonly Value[]): Columns {
    const numbers: Vector = { kind: 'number', values: Float64Array.from(groups), nulls: null };
    return { vectors: [numbers, vectorOf(this.types[1] ?? LONG, values)], length: values.length };
  }
}
