/**
 * A join whose right side does not fit: both sides are cut into parts by the hash of their keys, each pair of parts is joined by itself (Grace hash join: M. Kitsuregawa,
 * H. Tanaka, T. Moto-oka, Application of Hash to Data Base Machine and Its Architecture, New Generation Computing 1, 1983), and what they give is merged by the left rows'
 * positions, so that the answer has the left's order. A part that stays too large whatever the hash is large of one key: it is joined piece by piece of its right rows.
 */
import type { JoinNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import { hashKeys } from '../../spill/hash.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run } from '../../spill/spool.ts';
import { Weight } from '../../spill/weight.ts';
import type { Compile, Evaluate } from '../cross-row.ts';
import { join } from '../join.ts';
import type { Join } from '../join.ts';
import { Early } from './early.ts';
import { joinInPieces } from './join-in-pieces.ts';
import { batchOf, MOST_LEVELS } from './operator.ts';
import type { Spilling } from './operator.ts';
import { partPlan, writeAll } from './part-plan.ts';
import type { PartPlan, Results } from './part-plan.ts';
import { PLACE_TYPES, Places } from './places.ts';

/** The right side is held as it came and as one, for a while. */
const WHILE_BUILDING = 1.5;

export function externalJoin(node: JoinNode, left: Schema, right: Schema, compile: Compile, room: Room): Spilling {
  const early = new Early(left, room);
  const weight = new Weight();
  let inner: Join = join(node, left, right, compile);
  let rights: Batch[] = [];
  let parts: Parts | null = null;
  let isComplete = false;
  let leftEnded = false;

  const takeRight = (batch: Batch): void => {
    if (parts !== null) {
      parts.addRight(batch);
      return;
    }
    inner.take(1, batch);
    rights.push(batch);
    weight.add(batch.vectors);
    const own = weight.bytes * WHILE_BUILDING + inner.keyBytes;
    if (!room.claim.set(own + early.bytes)) return;
    if (early.bytes > own) {
      early.spill();
      return;
    }
    parts = new Parts(node, left, right, compile, room);
    for (const each of rights) parts.addRight(each);
    rights = [];
    weight.clear();
    inner = join(node, left, right, compile);
    room.claim.set(early.bytes);
  };
  const answer = (batch: Batch): readonly Batch[] => {
    if (parts === null) return inner.take(0, batch);
    parts.addLeft(batch);
    return [];
  };
  const rest = (): readonly Batch[] | AsyncIterable<Batch> => (parts === null ? inner.end(0) : parts.joined());
  async function* drained(): AsyncGenerator<Batch> {
    for await (const batch of early.read()) yield* answer(batch);
    if (leftEnded) yield* rest();
  }
  return {
    take(side, batch) {
      if (side === 1) takeRight(batch);
      else if (isComplete) return answer(batch);
      else {
        early.add(batch);
        if (room.claim.set(weight.bytes * WHILE_BUILDING + inner.keyBytes + early.bytes)) early.spill();
      }
      return [];
    },
    end(side) {
      if (side === 0) {
        leftEnded = true;
        return isComplete ? rest() : [];
      }
      isComplete = true;
      if (parts === null) inner.end(1);
      rights = [];
      return drained();
    },
  };
}

/** Both sides on disk. */
class Parts {
  private readonly plan: PartPlan;
  private readonly places = new Places();
  private readonly lefts: Partitions;
  private readonly rights: Partitions;
  private position = 0;
  private lastSequence = -1;

  constructor(node: JoinNode, left: Schema, right: Schema, compile: Compile, room: Room) {
    this.plan = partPlan(node, left, right, compile, room);
    this.lefts = new Partitions(this.plan.leftTypes, 0, room);
    this.rights = new Partitions(this.plan.rightTypes, 0, room);
  }

  addRight(batch: Batch): void {
    const start = this.position;
    this.position += batch.length;
    const positions = Float64Array.from({ length: batch.length }, (_, row) => start + row);
    const vectors: readonly Vector[] = [...batch.vectors, { kind: 'number', values: positions, nulls: null }];
    this.rights.add({ vectors, length: batch.length }, this.hashes(this.plan.rightKeys, batch));
  }

  addLeft(batch: Batch): void {
    this.lastSequence = batch.sequence;
    const vectors = [...batch.vectors, ...this.places.of(batch)];
    this.lefts.add({ vectors, length: batch.length }, this.hashes(this.plan.leftKeys, batch));
  }

  async *joined(): AsyncGenerator<Batch> {
    const { plan, places } = this;
    const { room, leftColumns, rightColumns, outTypes } = plan;
    const results: Results = { spool: room.spool(), matched: [], unmatched: [] };
    await joinParts(plan, this.lefts, this.rights, 0, results);
    const behind = leftColumns + PLACE_TYPES.length;
    const keep = [...range(0, leftColumns), ...(plan.hasRight ? range(behind, behind + rightColumns) : [])];
    const matched = merged(results.matched, byNumber(leftColumns), room);
    yield* places.restored(matched, leftColumns, keep, outTypes);
    let sequence = this.lastSequence;
    for await (const { vectors, length } of merged(results.unmatched, byNumber(behind + rightColumns), room)) {
      sequence += 1;
      const ordinals = new Int32Array(length);
      yield { length, vectors: keep.flatMap((at) => vectors[at] ?? []), sequence, ordinals, source: null };
    }
    results.spool.close();
    room.claim.set(0);
  }

  private hashes(keys: readonly Evaluate[], batch: Batch): Int32Array {
    return hashKeys(
      keys.map((key) => key(batch)),
      batch.length,
    );
  }
}

/** Joins each pair of parts; pairs that are still too large are cut again. */
async function joinParts(
  plan: PartPlan,
  lefts: Partitions,
  rights: Partitions,
  level: number,
  results: Results,
): Promise<void> {
  const rightParts = rights.finish();
  for (const [at, left] of lefts.finish().entries()) {
    const right = rightParts[at];
    if (right === undefined || (left.rows === 0 && right.rows === 0)) continue;
    await joinPair(plan, left, right, level, results);
  }
  lefts.close();
  rights.close();
}

async function joinPair(plan: PartPlan, left: Run, right: Run, level: number, results: Results): Promise<void> {
  const { room, node } = plan;
  const most = room.claim.share / 3;
  if (right.bytes <= most) return joinWhole(plan, left, right, results);
  if (node.keys.length === 0 || level + 1 >= MOST_LEVELS) return joinInPieces(plan, left, right, most, results);
  const lefts = await cutAgain(left, plan.leftTypes, plan.leftKeys, level + 1, room);
  const rights = await cutAgain(right, plan.rightTypes, plan.rightKeys, level + 1, room);
  const largest = Math.max(...rights.finish().map(({ rows }) => rows));
  if (largest < right.rows) return joinParts(plan, lefts, rights, level + 1, results);
  lefts.close();
  rights.close();
  return joinInPieces(plan, left, right, most, results);
}

async function cutAgain(
  run: Run,
  types: readonly Type[],
  keys: readonly Evaluate[],
  level: number,
  room: Room,
): Promise<Partitions> {
  const parts = new Partitions(types, level, room);
  for (const columns of run.read()) {
    const batch = batchOf(columns);
    parts.add(
      columns,
      hashKeys(
        keys.map((key) => key(batch)),
        batch.length,
      ),
    );
    await room.breathe();
  }
  return parts;
}

async function joinWhole(plan: PartPlan, left: Run, right: Run, results: Results): Promise<void> {
  const { node, room } = plan;
  const kernel = join(node, plan.left, plan.right, plan.compile);
  room.claim.set(right.bytes * 2);
  for (const columns of right.read()) kernel.take(1, batchOf(columns));
  kernel.end(1);
  const matched = room.writer(plan.outTypes, results.spool);
  for (const columns of left.read()) {
    writeAll(kernel.take(0, batchOf(columns)), matched);
    await room.breathe();
  }
  results.matched.push(matched.finish());
  const unmatched = room.writer(plan.outTypes, results.spool);
  writeAll(kernel.end(0), unmatched);
  results.unmatched.push(unmatched.finish());
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
