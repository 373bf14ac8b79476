/**
 * Whole groups of more rows than fit, for operators that are called on groups: the rows of each side are cut into parts by the hash of their keys, put in groups part by
 * part, and the groups merged by the position of their first row (on the first side), so that they come in the order of first appearance.
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
import { KeyIds } from '../key-ids.ts';
import type { NullKeys } from '../key-ids.ts';
import { GroupReader } from './group-reader.ts';
import { batchOf, MOST_LEVELS } from './operator.ts';

export interface GroupsSide {
  readonly types: readonly Type[];
  readonly keys: readonly Evaluate[];
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
  private readonly nulls: NullKeys;
  private readonly nameOf: (keys: readonly Vector[]) => string;
  private readonly room: Room;
  private readonly parts: readonly Partitions[];
  private position = 0;

  /** `nameOf` tells of a group by one row of its keys. With two sides only groups that both have count. */
  constructor(sides: readonly GroupsSide[], nulls: NullKeys, nameOf: (keys: readonly Vector[]) => string, room: Room) {
    this.sides = sides;
    this.nulls = nulls;
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
      const [first, ...others] = readers;
      const limit = (await first?.fill(most)) ?? null;
      if (first === undefined || limit === null) break;
      const given = first.below(limit);
      const rest: Columns[] = [];
      for (const other of others) {
        await other.fillTo(limit);
        rest.push(other.below(limit));
      }
      yield { sides: [given, ...rest].map(withoutLast), count: distinct(given.vectors.at(-1)) };
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
      if (part.some(({ rows }) => rows === 0)) continue;
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
    const [run] = part;
    const [block] = run?.blocks ?? [];
    if (bytes <= budget || run === undefined || block === undefined) return;
    throw groupTooLarge(this.nameOfFirst(0, run.spool.read(block)), bytes, budget);
  }

  private nameOfFirst(side: number, { vectors }: Columns): string {
    const row = batchOf({ vectors: vectors.map((vector) => gather(vector, Int32Array.of(0))), length: 1 });
    return this.nameOf(this.sides[side]?.keys.map((key) => key(row)) ?? []);
  }

  /** Writes the rows of a part group by group, with the position of their group's first row behind them. */
  private group(part: readonly Run[], spool: Spool, runs: readonly Run[][]): void {
    const { sides, nulls, room } = this;
    const ids = new KeyIds(sides[0]?.keys.length ?? 0, nulls);
    const loaded = part.map((run, side) => joined([...run.read()], [...(sides[side]?.types ?? []), LONG]));
    const keyed = loaded.map((columns, side) => {
      const keys = sides[side]?.keys.map((key) => key(batchOf(columns))) ?? [];
      return side === 0 ? ids.assign(keys, columns.length) : ids.find(keys, columns.length);
    });
    const grouped = keyed.map((groups) => rowsByGroup([groups], ids.size));
    const has = (group: number): boolean =>
      grouped.every(({ starts }) => (starts[group + 1] ?? 0) > (starts[group] ?? 0));
    const [firstSide] = loaded;
    const positions = firstSide?.vectors.at(-1);
    const firstOf = Float64Array.from({ length: ids.size }, (_, group) => {
      const row = grouped[0]?.rows[grouped[0].starts[group] ?? 0] ?? 0;
      return positions?.kind === 'number' ? (positions.values[row] ?? 0) : 0;
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
}

const PIECE_ROWS = 1024;

function withoutLast({ vectors, length }: Columns): Columns {
  return { vectors: vectors.slice(0, -1), length };
}

/** Different numbers in a column in which equal ones stand together. */
function distinct(vector: Vector | undefined): number {
  if (vector?.kind !== 'number') return 0;
  return vector.values.reduce(
    (count, value, row) => (row > 0 && value === vector.values[row - 1] ? count : count + 1),
    0,
  );
}
