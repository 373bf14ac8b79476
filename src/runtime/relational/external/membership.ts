/**
 * EXCEPT and INTERSECT of more rows than fit. Keys of the right side stay in memory as far as they fit, the others are cut into parts on disk; then rows of the left
 * side that are in doubt are cut into parts as well, and part by part is decided.
 */
import type { ExceptNode, IntersectNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { copyRows } from '../../spill/collect.ts';
import { hashKeys } from '../../spill/hash.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, RunWriter, Spool } from '../../spill/spool.ts';
import { gather } from '../../vectors.ts';
import { KeyIds } from '../key-ids.ts';
import { pickRows } from '../pick-rows.ts';
import { inOrder } from '../sets.ts';
import { Early } from './early.ts';
import { FirstOfEach } from './first-of-each.ts';
import { MOST_LEVELS, upTo } from './operator.ts';
import type { Spilling } from './operator.ts';
import { PLACE_TYPES, Places } from './places.ts';

export function externalMembership(
  node: ExceptNode | IntersectNode,
  left: Schema,
  right: Schema,
  room: Room,
): Spilling {
  const sides = left.map((column) => right.findIndex((other) => other.name === column.name));
  const columns = left.length;
  const types = [...left.map(({ type }) => type), ...PLACE_TYPES];
  const early = new Early(left, room);
  const places = new Places();
  const deciding = new Deciding({ wanted: node.kind === 'intersect', columns, types, room }, 0, () => early.bytes);
  let isComplete = false;
  let leftEnded = false;
  let results: Results | null = null;

  const answer = (batch: Batch): readonly Batch[] => {
    if (deciding.isCertain) {
      const rows = deciding.members(batch.vectors, batch.length);
      const members = pickRows(batch, rows);
      const late = deciding.first.overflow !== null;
      const first = deciding.first.take(members.vectors, members.length, () => places.of(members));
      return late ? [] : [pickRows(members, first)];
    }
    results ??= new Results(types, room);
    deciding.takeLeft({ vectors: [...batch.vectors, ...places.of(batch)], length: batch.length }, results.writer);
    return [];
  };
  async function* drained(): AsyncGenerator<Batch> {
    for await (const batch of early.read()) yield* answer(batch);
    if (leftEnded) yield* rest();
  }
  async function* rest(): AsyncGenerator<Batch> {
    const found = (results ??= new Results(types, room));
    const runs = await deciding.settle(found);
    yield* places.restored(merged(runs, byNumber(columns), room), columns, upTo(columns), types);
    found.spool.close();
  }
  return {
    take(side, batch) {
      if (side === 1) deciding.takeRight(inOrder(batch.vectors, sides), batch.length);
      else if (isComplete) return answer(batch);
      else early.add(batch);
      if (early.bytes > 0 && room.claim.set(early.bytes + deciding.bytes)) early.spill();
      return [];
    },
    end(side) {
      if (side === 0) {
        leftEnded = true;
        return isComplete && deciding.isPending ? rest() : [];
      }
      isComplete = true;
      return drained();
    },
  };
}

interface Task {
  /** Whether rows that are on the right stay, or those that are not. */
  readonly wanted: boolean;
  readonly columns: number;
  /** Of the left's columns and of its places. */
  readonly types: readonly Type[];
  readonly room: Room;
}

/** Where rows that were decided are written. */
class Results {
  readonly spool: Spool;
  readonly writer: RunWriter;
  private readonly types: readonly Type[];
  private readonly room: Room;

  constructor(types: readonly Type[], room: Room) {
    this.types = types;
    this.room = room;
    this.spool = room.spool();
    this.writer = this.another();
  }

  another(): RunWriter {
    return this.room.writer(this.types, this.spool);
  }
}

/** The right keys that fit, and what is in doubt for want of the others. */
class Deciding {
  readonly first: FirstOfEach;
  private readonly task: Task;
  private readonly level: number;
  private readonly beside: () => number;
  private ids: KeyIds;
  private rights: Partitions | null = null;
  private lefts: Partitions | null = null;

  constructor(task: Task, level: number, beside: () => number) {
    this.task = task;
    this.level = level;
    this.beside = beside;
    this.ids = new KeyIds(task.columns, 'equal');
    this.first = new FirstOfEach(task.columns, task.types, task.room, level, () => this.ids.bytes + beside());
  }

  get bytes(): number {
    return this.ids.bytes;
  }

  /** All right keys are in memory. */
  get isCertain(): boolean {
    return this.rights === null;
  }

  /** Something is on disk. */
  get isPending(): boolean {
    return this.rights !== null || this.first.overflow !== null;
  }

  takeRight(keys: readonly Vector[], length: number): void {
    const { task, ids, level } = this;
    if (this.rights !== null) {
      this.rights.add({ vectors: keys, length }, hashKeys(keys, length), ids.find(keys, length));
      return;
    }
    ids.assign(keys, length);
    const over = task.room.claim.set(ids.bytes + this.beside());
    if (over && ids.bytes > this.beside() && level < MOST_LEVELS)
      this.rights = new Partitions(task.types.slice(0, task.columns), level, task.room);
  }

  /** The rows that stay, as far as that is certain. */
  members(keys: readonly Vector[], length: number): Int32Array {
    const found = this.ids.find(keys, length);
    return rowsWhere(length, (row) => (found[row] ?? -1) >= 0 === this.task.wanted);
  }

  /** Writes the rows that are the first of their key and stay; those in doubt are put off. */
  takeLeft(columns: Columns, into: RunWriter): void {
    const { task, level } = this;
    const keys = columns.vectors.slice(0, task.columns);
    const more = columns.vectors.slice(task.columns);
    const found = this.ids.find(keys, columns.length);
    const certain = rowsWhere(columns.length, (row) => {
      const isMember = (found[row] ?? -1) >= 0;
      return isMember === task.wanted && (isMember || this.rights === null);
    });
    const pick = (vectors: readonly Vector[]): readonly Vector[] => vectors.map((vector) => gather(vector, certain));
    const [given, beside] = [pick(keys), pick(more)];
    const first = this.first.take(given, certain.length, () => beside);
    into.add(copyRows([...given, ...beside], first));
    if (this.rights === null) return;
    this.lefts ??= new Partitions(task.types, level, task.room);
    this.lefts.add(columns, hashKeys(keys, columns.length), found);
  }

  /** All rows that stay, as runs in order of position; the first is what was written so far. */
  async settle(results: Results): Promise<readonly Run[]> {
    const runs = [results.writer.finish(), ...(await this.rest(results))];
    this.task.room.claim.set(0);
    return runs;
  }

  private async rest(results: Results): Promise<readonly Run[]> {
    const { task, level, rights, lefts } = this;
    this.ids = new KeyIds(task.columns, 'equal');
    const runs: Run[] = [...(await this.first.settle(() => results.another()))];
    const rightParts = rights?.finish() ?? [];
    for (const [at, part] of (lefts?.finish() ?? []).entries()) {
      if (part.rows === 0) continue;
      const inner = new Deciding(task, level + 1, this.beside);
      for (const { vectors, length } of rightParts[at]?.read() ?? []) {
        inner.takeRight(vectors, length);
        await task.room.breathe();
      }
      const writer = results.another();
      for (const columns of part.read()) {
        inner.takeLeft(columns, writer);
        await task.room.breathe();
      }
      runs.push(writer.finish(), ...(await inner.rest(results)));
    }
    rights?.close();
    lefts?.close();
    return runs;
  }
}

function rowsWhere(length: number, holds: (row: number) => boolean): Int32Array {
  const rows = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    if (!holds(row)) continue;
    rows[count] = row;
    count += 1;
  }
  return rows.subarray(0, count);
}
