/**
 * Rows cut into parts by the hash of their keys, on disk: equal keys are in one part, in the order in which they came (G. Graefe, Query Evaluation Techniques for
 * Large Databases, ACM Computing Surveys 25(2), 1993, sections 4.3 and 5.4).
 */
import type { Vector } from '../batch.ts';
import type { Columns } from '../packed/columns.ts';
import { rowsByGroup } from '../relational/by-group.ts';
import { concat } from '../vectors.ts';
import type { Type } from '../../typecheck/types.ts';
import { copyRows } from './collect.ts';
import { partOf } from './hash.ts';
import type { Room } from './room.ts';
import { Run } from './spool.ts';
import type { Spool } from './spool.ts';
import { weightOfColumns } from './weight.ts';

/** Rows of a part that wait for their block to be full. */
interface Waiting {
  pieces: Columns[];
  bytes: number;
}

export class Partitions {
  private readonly room: Room;
  private readonly spool: Spool;
  private readonly types: readonly Type[];
  private readonly level: number;
  private readonly parts: readonly Run[];
  private readonly waiting: readonly Waiting[];

  /** `types`: those of the columns. `level`: how often the rows were cut into parts before. */
  constructor(types: readonly Type[], level: number, room: Room) {
    this.room = room;
    this.types = types;
    this.level = level;
    this.spool = room.spool();
    this.parts = Array.from({ length: room.parts }, () => new Run(this.spool));
    this.waiting = this.parts.map(() => ({ pieces: [], bytes: 0 }));
    room.spilled.parts += room.parts;
  }

  /** `hashes` are those of the rows' keys. */
  add({ vectors, length }: Columns, hashes: Int32Array): void {
    const count = this.parts.length;
    const ids = new Int32Array(length);
    for (let row = 0; row < length; row += 1) ids[row] = partOf(hashes[row] ?? 0, this.level, count);
    const { starts, rows } = rowsByGroup([ids], count);
    for (let part = 0; part < count; part += 1) {
      const [from = 0, to = 0] = [starts[part], starts[part + 1]];
      if (to > from) this.put(part, copyRows(vectors, rows.subarray(from, to)));
    }
  }

  /** All rows are on disk then. */
  finish(): readonly Run[] {
    this.parts.forEach((_, part) => this.flush(part));
    return this.parts;
  }

  close(): void {
    this.spool.close();
  }

  private put(part: number, columns: Columns): void {
    const waiting = this.waiting[part];
    if (waiting === undefined) return;
    waiting.pieces.push(columns);
    waiting.bytes += weightOfColumns(columns.vectors);
    if (waiting.bytes >= this.room.blockBytes) this.flush(part);
  }

  private flush(part: number): void {
    const waiting = this.waiting[part];
    if (waiting === undefined || waiting.pieces.length === 0) return;
    this.parts[part]?.write(joined(waiting.pieces, this.types));
    waiting.pieces = [];
    waiting.bytes = 0;
  }
}

/** Pieces with the same columns as one. */
export function joined(pieces: readonly Columns[], types: readonly Type[]): Columns {
  const [first] = pieces;
  if (first !== undefined && pieces.length === 1) return first;
  return {
    vectors: types.map((type, column): Vector =>
      concat(
        pieces.flatMap(({ vectors }) => vectors[column] ?? []),
        type,
      ),
    ),
    length: pieces.reduce((sum, { length }) => sum + length, 0),
  };
}
