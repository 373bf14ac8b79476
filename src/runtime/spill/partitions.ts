/**
 * Rows cut into parts by the hash of their keys, on disk: equal keys are in one part, in the order in which they came (G. Graefe, Query Evaluation Techniques for
 * Large Databases, ACM Computing Surveys 25(2), 1993, sections 4.3 and 5.4).
 */
import type { Columns } from '../packed/columns.ts';
import { rowsByGroup } from '../relational/by-group.ts';
import type { Type } from '../../typecheck/types.ts';
import { copyRows } from './collect.ts';
import { partOf } from './hash.ts';
import type { Room } from './room.ts';
import { Run, RunWriter } from './spool.ts';
import type { Spool } from './spool.ts';

export class Partitions {
  private readonly spool: Spool;
  private readonly level: number;
  private readonly parts: readonly RunWriter[];

  /** `types`: those of the columns. `level`: how often the rows were cut into parts before. */
  constructor(types: readonly Type[], level: number, room: Room) {
    this.level = level;
    this.spool = room.spool();
    this.parts = Array.from({ length: room.parts }, () => new RunWriter(new Run(this.spool), types, room.blockBytes));
    room.spilled.parts += room.parts;
  }

  /** `hashes` are those of the rows' keys. Rows with a number of their own in `known` are left out. */
  add({ vectors, length }: Columns, hashes: Int32Array, known: Int32Array | null = null): void {
    const count = this.parts.length;
    const ids = new Int32Array(length);
    for (let row = 0; row < length; row += 1) {
      ids[row] = known !== null && (known[row] ?? -1) >= 0 ? -1 : partOf(hashes[row] ?? 0, this.level, count);
    }
    const { starts, rows } = rowsByGroup([ids], count);
    this.parts.forEach((part, at) => {
      const [from = 0, to = 0] = [starts[at], starts[at + 1]];
      if (to > from) part.add(copyRows(vectors, rows.subarray(from, to)));
    });
  }

  /** All rows are on disk then. */
  finish(): readonly Run[] {
    return this.parts.map((part) => part.finish());
  }

  close(): void {
    this.spool.close();
  }
}
