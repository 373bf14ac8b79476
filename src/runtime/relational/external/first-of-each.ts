/**
 * The first row of each key, of more keys than fit: known keys stay in memory, rows of others are cut into parts on disk and looked through part by part (hybrid
 * hashing, as in `aggregate.ts`). What was found stands on disk as runs in order of position.
 */
import type { Type } from '../../../typecheck/types.ts';
import type { Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { copyRows } from '../../spill/collect.ts';
import { hashKeys } from '../../spill/hash.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, RunWriter } from '../../spill/spool.ts';
import { KeyIds } from '../key-ids.ts';
import { MOST_LEVELS } from './operator.ts';

export class FirstOfEach {
  private ids: KeyIds;
  private readonly keys: number;
  private readonly types: readonly Type[];
  private readonly room: Room;
  private readonly level: number;
  private readonly beside: () => number;
  overflow: Partitions | null = null;

  /** The first `keys` columns are the key; `types` are those of all columns that go to disk; `beside` is what else the operator holds. */
  constructor(keys: number, types: readonly Type[], room: Room, level = 0, beside = (): number => 0) {
    this.ids = new KeyIds(keys, 'equal');
    this.keys = keys;
    this.types = types;
    this.room = room;
    this.level = level;
    this.beside = beside;
  }

  get bytes(): number {
    return this.ids.bytes;
  }

  /** Rows that are the first of their key for certain. `more` gives the columns behind the key that go to disk with the others. */
  take(keys: readonly Vector[], length: number, more: () => readonly Vector[]): Int32Array {
    if (this.overflow !== null) {
      const known = this.ids.find(keys, length);
      if (known.every((id) => id >= 0)) return new Int32Array(0);
      this.overflow.add({ vectors: [...keys, ...more()], length }, hashKeys(keys, length), known);
      return new Int32Array(0);
    }
    let next = this.ids.size;
    const assigned = this.ids.assign(keys, length);
    const rows = new Int32Array(this.ids.size - next);
    for (let row = 0, count = 0; row < length; row += 1) {
      if (assigned[row] !== next) continue;
      next += 1;
      rows[count] = row;
      count += 1;
    }
    if (this.room.claim.set(this.ids.bytes + this.beside()) && this.level < MOST_LEVELS)
      this.overflow = new Partitions(this.types, this.level, this.room);
    return rows;
  }

  /** What was put off, as runs that are each in order. */
  async settle(results: () => RunWriter): Promise<readonly Run[]> {
    const { overflow, keys, types, room, level } = this;
    if (overflow === null) return [];
    this.ids = new KeyIds(keys, 'equal');
    const runs: Run[] = [];
    for (const part of overflow.finish()) {
      if (part.rows === 0) continue;
      const inner = new FirstOfEach(keys, types, room, level + 1, this.beside);
      const writer = results();
      for (const columns of part.read()) {
        writer.add(inner.of(columns));
        await room.breathe();
      }
      runs.push(writer.finish(), ...(await inner.settle(results)));
    }
    overflow.close();
    this.overflow = null;
    return runs;
  }

  private of({ vectors, length }: Columns): Columns {
    const rows = this.take(vectors.slice(0, this.keys), length, () => vectors.slice(this.keys));
    return copyRows(vectors, rows);
  }
}
