/**
 * Whole groups of more rows than fit, for operators that are called on groups: the rows of each side are cut into parts by the hash of their keys, put in groups part by
 * part, and the groups merged by the position of their first row (on the first side; those that only the second has behind them all), so that they come in the order of
 * first appearance.
 */
import { LONG } from '../../../typecheck/types.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { copyRows, joined } from '../../spill/collect.ts';
import { groupTooLarge } from '../../spill/faults.ts';
import { hashKeys } from '../../spill/hash.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, Spool } from '../../spill/spool.ts';
import { gather } from '../../vectors.ts';
import { rowsByGroup } from '../by-group.ts';
import type { Evaluate } from '../cross-row.ts';
import { KeyIds, matchable } from '../key-ids.ts';
import { GroupReader } from './group-reader.ts';
import { batchOf, MOST_LEVELS } from './operator.ts';

export interface GroupsSide {
  readonly types: readonly Type[];
  readonly keys: readonly Evaluate[];
  /** Whether its groups count that have no partner on the other side; null keys, which never have one, make groups then. */
  readonly kept: boolean;
}

/** Some complete groups: the rows of each side, group after group, each in the order in which they came. */
export interface CompleteGroups {
  readonly sides: readonly Columns[];
  readonly count: number;
}

/** Putting rows in groups holds them as they came, as one, and in their order. */
const WHILE_GROUPING = 3;

export class GroupsOnDisk {
  private readonly sides: readonly GroupsSide[];
  private readonly nameOf: (keys: readonly Vector[]) => string;
  private readonly room: Room;
  private readonly parts: readonly Partitions[];
  private position = 0;

  /** One side or two. `nameOf` tells of a group by one row of its keys. */
  constructor(sides: readonly GroupsSide[], nameOf: (keys: readonly Vector[]) => string, room: Room) {
    this.sides = sides;
    this.nameOf = nameOf;
    this.room = room;
    this.parts = sides.map(({ types }) => new Partitions([...types, LONG], 0, room));
  }

  add(side: number, batch: Batch): void {
    const start = this.position;
    this.position += batch.length;
    const values = Float64Array.from({ length: batch.length }, (_, row) => start + row);
    const vectors: readonly Vector[] = [...batch.vectors, { kind: 'number', values, nulls: null }];
    this.parts[side]?.add({ vectors, length: batch.length }, this.hashes(side, batch));
  }

  /** The groups in the order of their first rows, as many at once as fit well. */
  async *complete(): AsyncGenerator<CompleteGroups> {
    const { room, sides } = this;
    const spool = room.spool();
    const runs = sides.map((): Run[] => []);
    await this.settle(this.parts, 0, spool, runs);
    const readers = sides.map(({ types }, side) => {
      const pieces = merged(runs[side] ?? [], byNumber(types.length), room);
      return new GroupReader(pieces, [...types, LONG], (columns, bytes) => {
        if (bytes > room.claim.budget) throw groupTooLarge(this.nameOfFirst(side, columns), bytes, room.claim.budget);
      });
    });
    const most = room.claim.share / 4;
    for (;;) {
      const limits: number[] = [];
      for (const reader of readers) {
        const limit = await reader.fill(most);
        if (limit !== null) limits.push(limit);
      }
      if (limits.length === 0) break;
      const whole = Math.min(...limits);
      const given = readers.map((reader) => reader.below(whole));
      yield { sides: given.map(withoutLast), count: distinct(given.map(({ vectors }) => vectors.at(-1))) };
    }
    spool.close();
    room.claim.set(0);
  }

  private hashes(side: number, batch: Batch): Int32Array {
    return hashKeys(this.sides[side]?.keys.map((key) => key(batch)) ?? [], batch.length);
  }

  private async settle(
    parts: readonly Partitions[],
    level: number,
    spool: Spool,
    runs: readonly Run[][],
  ): Promise<void> {
    const { room } = this;
    const all = parts.map((side) => side.finish());
    for (let at = 0; at < room.parts; at += 1) {
      const part = all.flatMap((side) => side[at] ?? []);
      const isPaired = part.every(({ rows }) => rows > 0);
      if (!isPaired && !part.some(({ rows }, side) => rows > 0 && this.sides[side]?.kept === true)) continue;
      const need = part.reduce((sum, { bytes }) => sum + bytes, 0) * WHILE_GROUPING;
      if (need > room.claim.share) {
        const smaller = level < MOST_LEVELS ? await this.cut(part, level + 1) : null;
        if (smaller !== null) {
          await this.settle(smaller, level + 1, spool, runs);
          continue;
        }
        this.mustFit(part);
      }
      room.claim.set(need);
      this.group(part, spool, runs);
      await room.breathe();
    }
    for (const side of parts) side.close();
  }

  /** The part in smaller ones; null where it is all one key. */
  private async cut(part: readonly Run[], level: number): Promise<readonly Partitions[] | null> {
    const { room, sides } = this;
    const smaller = sides.map(({ types }) => new Partitions([...types, LONG], level, room));
    for (const [side, run] of part.entries()) {
      for (const columns of run.read()) {
        smaller[side]?.add(columns, this.hashes(side, batchOf(columns)));
        await room.breathe();
      }
    }
    const isCut = smaller.some((side, at) => side.finish().every(({ rows }) => rows < (part[at]?.rows ?? 0)));
    if (isCut) return smaller;
    for (const side of smaller) side.close();
    return null;
  }

  private mustFit(part: readonly Run[]): void {
    const { budget } = this.room.claim;
    const bytes = part.reduce((sum, run) => sum + run.bytes, 0);
    if (bytes <= budget) return;
    for (const [side, { blocks, spool }] of part.entries()) {
      const [block] = blocks;
      if (block !== undefined) throw groupTooLarge(this.nameOfFirst(side, spool.read(block)), bytes, budget);
    }
  }

  private nameOfFirst(side: number, { vectors }: Columns): string {
    const row = batchOf({ vectors: vectors.map((vector) => gather(vector, Int32Array.of(0))), length: 1 });
    return this.nameOf(this.sides[side]?.keys.map((key) => key(row)) ?? []);
  }

  /** Writes the rows of a part group by group, with the position of their group's first row behind them. */
  private group(part: readonly Run[], spool: Spool, runs: readonly Run[][]): void {
    const { sides, room } = this;
    const loaded = part.map((run, side) => joined([...run.read()], [...(sides[side]?.types ?? []), LONG]));
    const { groups: keyed, size } = this.keyed(loaded);
    const grouped = keyed.map((groups) => rowsByGroup([groups], size));
    const lengthOf = (side: number, group: number): number =>
      (grouped[side]?.starts[group + 1] ?? 0) - (grouped[side]?.starts[group] ?? 0);
    const has = (group: number): boolean =>
      group >= 0 && sides.every((_, side) => lengthOf(side, group) > 0 || sides[1 - side]?.kept === true);
    const firstOf = Float64Array.from({ length: size }, (_, group) => {
      const side = lengthOf(0, group) > 0 ? 0 : 1;
      const row = grouped[side]?.rows[grouped[side].starts[group] ?? 0] ?? 0;
      const positions = loaded[side]?.vectors.at(-1);
      return (positions?.kind === 'number' ? (positions.values[row] ?? 0) : 0) + (side === 0 ? 0 : BEHIND);
    });
    for (const [side, columns] of loaded.entries()) {
      const groups = keyed[side] ?? new Int32Array(0);
      const rows = (grouped[side]?.rows ?? new Int32Array(0)).filter((row) => has(groups[row] ?? -1));
      const values = Float64Array.from(rows, (row) => firstOf[groups[row] ?? 0] ?? 0);
      const types = [...(sides[side]?.types ?? []), LONG];
      const writer = room.writer(types, spool);
      for (let from = 0; from < rows.length; from += PIECE_ROWS) {
        const piece = copyRows(columns.vectors.slice(0, -1), rows.subarray(from, from + PIECE_ROWS));
        const first: Vector = { kind: 'number', values: values.slice(from, from + PIECE_ROWS), nulls: null };
        writer.add({ vectors: [...piece.vectors, first], length: piece.length });
      }
      runs[side]?.push(writer.finish());
    }
  }

  /** The group of each row, of those that the first side has and behind them those that only the second has; −1 for a row in none. */
  private keyed(loaded: readonly Columns[]): { readonly groups: readonly Int32Array[]; readonly size: number } {
    const keys = loaded.map((columns, side) => this.sides[side]?.keys.map((key) => key(batchOf(columns))) ?? []);
    const [left, right] = this.sides;
    const [first, second] = loaded;
    const width = left?.keys.length ?? 0;
    const ids = new KeyIds(width, right === undefined || left?.kept === true ? 'equal' : 'never');
    const ofFirst = ids.assign(keys[0] ?? [], first?.length ?? 0);
    if (right === undefined || second === undefined) return { groups: [ofFirst], size: ids.size };
    const [, rightKeys = []] = keys;
    const can = matchable(rightKeys, second.length);
    const found = ids.find(rightKeys, second.length).map((group, row) => (can[row] === 1 ? group : -1));
    if (!right.kept) return { groups: [ofFirst, found], size: ids.size };
    const own = new KeyIds(width, 'equal');
    const alone = own.assign(rightKeys, second.length);
    const ofSecond = found.map((group, row) => (group < 0 ? ids.size + (alone[row] ?? 0) : group));
    return { groups: [ofFirst, ofSecond], size: ids.size + own.size };
  }
}

/** More than all positions of rows, which leaves exact numbers above it. */
const BEHIND = 2 ** 51;

const PIECE_ROWS = 1024;

function withoutLast({ vectors, length }: Columns): Columns {
  return { vectors: vectors.slice(0, -1), length };
}

/** Different numbers in columns in which equal ones stand together. */
function distinct(columns: readonly (Vector | undefined)[]): number {
  const numbers = new Set<number>();
  for (const vector of columns) {
    if (vector?.kind !== 'number') continue;
    vector.values.forEach((value, row) => {
      if (row === 0 || value !== vector.values[row - 1]) numbers.add(value);
    });
  }
  return numbers.size;
}
