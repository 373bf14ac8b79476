/**
 * A join inside a region (a side from outside is complete before it begins): pairs of live rows with equal keys, made once each. A null key matches nothing. A row
 * that is there because it meets some row or none (SEMI, ANTI, the sides that LEFT, RIGHT and FULL keep) is looked at again when it gains or loses a partner.
 */
import type { JoinNode } from '../../planner/graph.ts';
import { sideSchema } from '../../planner/sides.ts';
import { nullable } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import type { RowError } from '../row-error.ts';
import { isNullAt, vectorOf } from '../vectors.ts';
import { evaluated, failedEnding } from './failed.ts';
import { KeyedSide } from './keyed-side.ts';
import type { HiddenColumn } from './lineage.ts';
import { range } from '../row-numbers.ts';
import { isAlive } from './members.ts';
import type { Member } from './members.ts';
import type { Ending, RegionRun, Running } from './run.ts';
import { Standing } from './versions.ts';

export class JoinPairs {
  private readonly ids: KeyIds;
  private readonly left: KeyedSide;
  private readonly right: KeyedSide;
  private readonly residual: Evaluate | null;
  private readonly type: JoinNode['type'];
  /** Rows of a side by how they meet the other; null where the join does not ask. */
  private readonly leftRows: Meeting | null;
  private readonly rightRows: Meeting | null;

  constructor(
    node: JoinNode,
    [left, right]: readonly [Member, Member],
    [hiddenLeft, hiddenRight]: readonly [readonly HiddenColumn[], readonly HiddenColumn[]],
    compile: Compile,
  ) {
    const { type, keys } = node;
    this.type = type;
    this.ids = new KeyIds(keys.length, 'never');
    const leftKeys = keys.map((key) => key.left);
    this.left = new KeyedSide(sideSchema(left.table.schema, node.leftAlias), hiddenLeft, leftKeys, compile);
    const rightKeys = keys.map((key) => key.right);
    this.right = new KeyedSide(sideSchema(right.table.schema, node.rightAlias), hiddenRight, rightKeys, compile);
    this.residual = node.on === null ? null : compile(node.on, [...this.left.schema, ...this.right.schema]);
    const keepsLeft = type === 'left' || type === 'full' || type === 'anti' || type === 'semi';
    this.leftRows = keepsLeft ? new Meeting(type === 'semi') : null;
    this.rightRows = type === 'right' || type === 'full' ? new Meeting(false) : null;
  }

  /** New left rows meet all right rows, old left rows the new right ones. */
  update(member: Running, run: RegionRun): void {
    const [left, right] = member.inputs;
    if (left === undefined || right === undefined) return;
    const [liveLeft, liveRight] = [run.live(left), run.live(right)];
    const freshLeft = range(this.left.taken, left.table.length - this.left.taken);
    const freshRight = range(this.right.taken, right.table.length - this.right.taken);
    const fail = (input: Member, row: number, error: RowError): Ending =>
      failedEnding(error, member.node.id, input, row);
    const failedLeft = new Set<number>();
    const failedRight = new Set<number>();
    const newRight = this.right.take(right, this.ids, (row, error) => {
      failedRight.add(row);
      run.endings.push(fail(right, row, error));
    });
    const pairs: Pair[] = [];
    for (const [row, id] of newRight) for (const other of this.left.rows[id] ?? []) pairs.push([other, row]);
    const newLeft = this.left.take(left, this.ids, (row, error) => {
      failedLeft.add(row);
      run.endings.push(fail(left, row, error));
    });
    for (const [row, id] of newLeft) for (const other of this.right.rows[id] ?? []) pairs.push([row, other]);
    const live = pairs.filter(([a, b]) => liveLeft[a] === 1 && liveRight[b] === 1);
    const matching = this.matching(left, right, live, ([row, partner], error) => {
      failedLeft.add(row);
      failedRight.add(partner);
      run.endings.push({ ...fail(left, row, error), stands: () => isAlive(right, partner) });
    });
    const wantsRight = this.type !== 'semi' && this.type !== 'anti';
    if (wantsRight) add(member, left, right, matching);
    const { leftRows, rightRows } = this;
    if (leftRows !== null) {
      for (const [row, partner] of matching) leftRows.meet(row, partner);
      const kept = leftRows
        .look(freshLeft, liveLeft, liveRight, member)
        .filter((row) => leftRows.isKnown(row, failedLeft));
      const alone = kept.map((row): Pair => [row, -1]);
      leftRows.stand(kept, add(member, left, wantsRight ? right : null, alone));
    }
    if (rightRows !== null) {
      for (const [row, partner] of matching) rightRows.meet(partner, row);
      const kept = rightRows
        .look(freshRight, liveRight, liveLeft, member)
        .filter((row) => rightRows.isKnown(row, failedRight));
      const alone = kept.map((row): Pair => [-1, row]);
      rightRows.stand(kept, add(member, left, right, alone));
    }
  }

  /** The pairs on which the rest of ON holds. */
  private matching(
    left: Member,
    right: Member,
    pairs: readonly Pair[],
    fail: (pair: Pair, error: RowError) => void,
  ): readonly Pair[] {
    if (this.residual === null || pairs.length === 0) return pairs;
    const rows = Int32Array.from(pairs, ([row]) => row);
    const partners = Int32Array.from(pairs, ([, row]) => row);
    const ofLeft = this.left.batchOf(left, rows);
    const vectors = [...ofLeft.vectors, ...this.right.batchOf(right, partners).vectors];
    const { vectors: answers, failed } = evaluated([this.residual], { ...ofLeft, vectors });
    const [holds] = answers;
    return pairs.filter((pair, at) => {
      const error = failed.get(at);
      if (error !== undefined) fail(pair, error);
      return error === undefined && holds?.kind === 'bool' && holds.values[at] === 1 && !isNullAt(holds, at);
    });
  }
}

/** The rows of one side that stand by themselves: those that meet some row of the other side, or those that meet none. */
class Meeting {
  private readonly wantsPartner: boolean;
  private readonly partners = new Map<number, number[]>();
  /** By row of the other side: whom it meets. */
  private readonly met = new Map<number, number[]>();
  private readonly gained = new Set<number>();
  private readonly standing = new Standing();

  constructor(wantsPartner: boolean) {
    this.wantsPartner = wantsPartner;
  }

  meet(row: number, partner: number): void {
    push(this.partners, row, partner);
    push(this.met, partner, row);
    this.gained.add(row);
  }

  /** Ends the versions of rows that no longer stand by themselves; gives the rows that do now and did not. */
  look(fresh: Int32Array, live: Uint8Array, liveOthers: Uint8Array, member: Member): readonly number[] {
    const touched = new Set([...fresh, ...this.gained]);
    this.gained.clear();
    for (const [other, rows] of this.met) {
      if (liveOthers[other] === 1) continue;
      for (const row of rows) touched.add(row);
      this.met.delete(other);
    }
    const kept: number[] = [];
    for (const row of touched) {
      if (live[row] !== 1) continue;
      const partners = (this.partners.get(row) ?? []).filter((other) => liveOthers[other] === 1);
      if (this.partners.has(row)) this.partners.set(row, partners);
      const wanted = partners.length > 0 === this.wantsPartner;
      if (!wanted) this.standing.end(row, member);
      else if (!this.standing.has(row)) kept.push(row);
    }
    return kept;
  }

  /** Whether it is known that a row has no partner, or that it has one: where its ON failed it is not. */
  isKnown(row: number, failed: ReadonlySet<number>): boolean {
    return this.wantsPartner || !failed.has(row);
  }

  stand(rows: readonly number[], start: number): void {
    rows.forEach((row, at) => this.standing.put(row, start + at));
  }
}

function push(map: Map<number, number[]>, key: number, value: number): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** −1 is none. */
type Pair = readonly [row: number, partner: number];

/** Gives the number of the first. `right` is null where its columns are not wanted. */
function add({ table }: Member, left: Member, right: Member | null, pairs: readonly Pair[]): number {
  if (pairs.length === 0) return table.length;
  const start = table.append(pairBatch(left, right, pairs));
  table.parents.pushAll(Int32Array.from(pairs, ([row]) => row));
  table.partners.pushAll(Int32Array.from(pairs, ([, row]) => row));
  return start;
}

function pairBatch(left: Member, right: Member | null, pairs: readonly Pair[]): Batch {
  const rows = Int32Array.from(pairs, ([row]) => row);
  const partners = Int32Array.from(pairs, ([, row]) => row);
  return {
    length: pairs.length,
    vectors: [...sideVectors(left, rows), ...(right === null ? [] : sideVectors(right, partners))],
    sequence: 0,
    ordinals: null,
    source: null,
  };
}

function sideVectors({ table }: Member, rows: Int32Array): readonly Vector[] {
  if (rows.every((row) => row >= 0)) return table.gather(rows);
  return table.schema.map(({ type }, column) =>
    vectorOf(
      nullable(type),
      Array.from(rows, (row) => (row < 0 ? null : table.value(row, column))),
    ),
  );
}
