/**
 * A cross-row node inside a region: GROUP BY, DISTINCT, EXCEPT, INTERSECT and REDUCE. When its level comes, the groups whose live members changed are computed again by the
 * operator that runs outside regions too, and only those; a group's row is a new version when its set of members changed, even if its values are equal (S6, S9). A
 * row of EXCEPT or INTERSECT is made from rows of the left side; the right side says whether it is there.
 */
import type { AggregateNode, DistinctNode, ExceptNode, IntersectNode, ReduceNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { valueAt, vectorOf } from '../vectors.ts';
import { crossRow } from '../relational/index.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import type { Raised } from './act.ts';
import type { CompiledNode, Reduced } from './compiled.ts';
import { chosen } from './clause.ts';
import { dataError, evaluated, failedEnding } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import { keptBatch } from './kept.ts';
import type { RepairRung } from './ladder.ts';
import type { HiddenColumn } from './lineage.ts';
import { traceAll } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import { NO_CHAIN } from './origin.ts';
import { factsOf, isKept, raisedByFailure, raisedByOperator } from './raising.ts';
import type { Call, Consequences, Raising } from './raising.ts';
import type { RegionRun, Running } from './run.ts';
import { inOrder } from './sorted-rows.ts';
import { endVersion } from './versions.ts';

interface Group {
  /** Rows of the input with this key, dead ones too until the group is next looked at. */
  rows: number[];
  /** The live version's rows: one, but of a REDUCE any number. */
  versions: number[];
  /** Whether there is a live version. */
  made: boolean;
  /** The members of the live version, in the order of their numbers. */
  members: readonly number[];
}

type GroupNode = AggregateNode | DistinctNode | ExceptNode | IntersectNode | ReduceNode;

export class Groups {
  private readonly node: GroupNode;
  private readonly input: Schema;
  private readonly hidden: readonly HiddenColumn[];
  private readonly compile: Compile;
  private readonly keys: readonly Evaluate[];
  private readonly ids: KeyIds;
  private readonly groups: Group[] = [];
  private readonly others: OtherSide | null;
  private taken = 0;
  private begun = false;

  /** `input` is the input's schema with the hidden columns behind. */
  constructor(node: GroupNode, input: Schema, hidden: readonly HiddenColumn[], compile: Compile) {
    this.node = node;
    this.input = input;
    this.hidden = hidden;
    this.compile = compile;
    this.keys =
      node.kind === 'aggregate'
        ? node.keys.map((key) => compile(key.value, input))
        : keyPlaces(node, input).map((at) => (batch) => columnAt(batch, at));
    this.ids = new KeyIds(this.keys.length, 'equal');
    this.others = node.kind === 'except' || node.kind === 'intersect' ? new OtherSide(input, this.ids) : null;
  }

  async update(member: Running, run: RegionRun): Promise<readonly Raised[]> {
    const [input, right] = member.inputs;
    if (input === undefined) return [];
    const live = run.live(input);
    const touched = this.take(input, member, run);
    this.addLosers(touched, live);
    if (right !== undefined) this.others?.update(right, run.live(right), touched);
    if (!this.begun && this.keys.length === 0 && this.groups.length === 0) {
      this.groups.push(noGroup());
      touched.add(0);
    }
    this.begun = true;
    const changed = [...touched].filter((id) => this.refresh(id, member, live));
    return this.compute(changed, member, input, run);
  }

  private take(input: Member, member: Member, run: RegionRun): Set<number> {
    const touched = new Set<number>();
    for (const { start, batch } of input.table.since(this.taken)) {
      const rows = Int32Array.from({ length: batch.length }, (_, at) => start + at);
      const full = this.withHidden(batch, input, rows);
      const { vectors, failed } = evaluated(this.keys, full);
      for (const [at, error] of failed) run.endings.push(failedEnding(error, member.node.id, input, start + at));
      this.ids.assign(vectors, batch.length).forEach((id, at) => {
        if (failed.has(at)) return;
        (this.groups[id] ??= noGroup()).rows.push(start + at);
        touched.add(id);
      });
    }
    this.taken = input.table.length;
    return touched;
  }

  private withHidden(batch: Batch, input: Member, rows: Int32Array): Batch {
    if (this.hidden.length === 0) return batch;
    return { ...batch, vectors: [...batch.vectors, ...hiddenVectors(this.hidden, input, rows)] };
  }

  private addLosers(touched: Set<number>, live: Uint8Array): void {
    this.groups.forEach(({ members }, id) => {
      if (!touched.has(id) && members.some((row) => live[row] !== 1)) touched.add(id);
    });
  }

  /** Whether the group's members changed; its old version ends then. */
  private refresh(id: number, member: Running, live: Uint8Array): boolean {
    const group = this.groups[id];
    if (group === undefined) return false;
    group.rows = group.rows.filter((row) => live[row] === 1);
    const members = this.stands(id) ? group.rows : [];
    const same = group.made && members.length === group.members.length;
    if (same && members.every((row, at) => row === group.members[at])) return false;
    // S12: the repairs of an old version are gone with it.
    for (const version of group.versions) endVersion(member, version);
    group.versions = [];
    group.made = false;
    group.members = [...members];
    return group.members.length > 0 || (this.keys.length === 0 && this.others === null);
  }

  /** Whether the right side lets the group be. */
  private stands(id: number): boolean {
    return this.others === null || this.others.has(id) === (this.node.kind === 'intersect');
  }

  /** New versions of some groups, all in one go: fed group by group, they come out in that order. */
  private async compute(
    changed: readonly number[],
    member: Running,
    input: Running,
    run: RegionRun,
  ): Promise<readonly Raised[]> {
    if (changed.length === 0) return [];
    for (const id of changed) {
      const group = this.groups[id];
      if (group !== undefined) group.made = true;
    }
    const ordered = changed.map((id) => inOrder(input, Int32Array.from(this.groups[id]?.members ?? [])));
    const { node } = this;
    if (node.kind === 'distinct' || node.kind === 'except' || node.kind === 'intersect') {
      const firsts = Int32Array.from(ordered, (members) => members[0] ?? -1);
      this.add([input.table.batchOf(firsts)], (at) => at, changed, ordered, member);
      return [];
    }
    const rows = concatenated(ordered);
    const batch = this.withHidden(input.table.batchOf(rows), input, rows);
    if (node.kind === 'reduce') {
      const { raising, reduce } = member.compiled;
      if (reduce === null || raising === null) throw new TypeError('a REDUCE without its operator');
      const reduced = await reduce(batch);
      this.add(reduced.batches, (at) => reduced.groups[at] ?? -1, changed, ordered, member);
      const call = { run, member, input, side: 0, rows, conjecture: 0, chainAt: () => NO_CHAIN };
      return this.raised(reduced, changed, ordered, call, raising);
    }
    try {
      this.add(this.answers(node, batch), (at) => at, changed, ordered, member);
    } catch (error) {
      dataError(error);
      changed.forEach((id, at) => this.computeAlone(node, id, ordered[at] ?? new Int32Array(0), member, input, run));
    }
    return [];
  }

  private answers(node: AggregateNode, batch: Batch): readonly Batch[] {
    const operator = crossRow(node, [this.input], this.compile);
    return [...operator.take(0, batch), ...operator.end(0)];
  }

  /** Where some group fails: that group has no row, and ends the job if its members settle (S10). */
  private computeAlone(
    node: AggregateNode,
    id: number,
    members: Int32Array,
    member: Running,
    input: Member,
    run: RegionRun,
  ): void {
    try {
      const batch = this.withHidden(input.table.batchOf(members), input, members);
      this.add(this.answers(node, batch), () => 0, [id], [members], member);
    } catch (error) {
      const ending = failedEnding(dataError(error), member.node.id, input, members[0] ?? -1);
      run.endings.push({ ...ending, stands: this.standing(id) });
    }
  }

  /** Whether a group is still the version that it is now. */
  private standing(id: number): () => boolean {
    const group = this.groups[id];
    const members = group?.members;
    return () => group?.members === members;
  }

  private add(
    answers: readonly Batch[],
    groupOf: (at: number) => number,
    changed: readonly number[],
    ordered: readonly Int32Array[],
    member: Member,
  ): void {
    let next = 0;
    for (const batch of answers) {
      const start = member.table.append({ ...batch, source: null });
      for (let at = 0; at < batch.length; at += 1, next += 1) {
        const row = start + at;
        const place = groupOf(next);
        member.table.parents.push(-1);
        member.table.members.set(row, ordered[place] ?? new Int32Array(0));
        this.groups[changed[place] ?? -1]?.versions.push(row);
      }
    }
  }

  /** ON ERROR: a group fails as a whole, for all of its members, with the columns of ON. */
  private failed(
    { failures, errorOf }: Pick<Reduced, 'failures' | 'errorOf'>,
    ordered: readonly Int32Array[],
    call: Call,
    raising: Raising,
  ): readonly Consequences[] {
    if (failures.length === 0) return [];
    const { input, run, member } = call;
    const clause = raising.onError;
    const groups = failures.map(({ row }) => [...(ordered[row] ?? [])]);
    const firsts = Int32Array.from(groups, ([first]) => first ?? -1);
    const plain = input.table.batchOf(firsts);
    const full = { ...plain, vectors: [...plain.vectors, ...groupHistory(member.compiled.hidden, input, groups)] };
    const facts = factsOf(clause, full, [...firsts.keys()]);
    return failures.map((failure, at) => {
      const members = groups[at] ?? [];
      const row = members[0] ?? -1;
      const traced = ({ trail }: RepairRung): readonly Ancestor[] => traceAll(input, members, trail);
      const choice =
        clause === null
          ? { rung: { kind: 'abort', message: null, span: raising.span } as const, ancestors: [], depth: 0 }
          : chosen(clause, run, traced);
      const outcome = raisedByFailure(call, raising, at, {
        failure,
        row,
        choice: { ...choice, ownCall: null },
        facts,
        errorOf,
        aside: null,
      });
      const others = members.slice(1);
      return {
        raised: outcome.raised.map((one) => ({ ...one, others })),
        endings: outcome.endings.map((one) => ({ ...one, others })),
      };
    });
  }

  private keep(
    failed: readonly number[],
    changed: readonly number[],
    ordered: readonly Int32Array[],
    { member, input }: Call,
  ): void {
    if (failed.length === 0) return;
    const firsts = input.table.batchOf(Int32Array.from(failed, (place) => ordered[place]?.[0] ?? -1));
    this.add([keptBatch(this.node, input, firsts)], (at) => failed[at] ?? -1, changed, ordered, member);
  }

  /** What a reducer says of its groups counts while they are the versions that it saw. */
  private raised(
    { repairs, failures, errorOf }: Reduced,
    changed: readonly number[],
    ordered: readonly Int32Array[],
    call: Call,
    raising: Raising,
  ): readonly Raised[] {
    const places = ordered.flatMap((members, place) => Array.from(members, () => place));
    const standing = (place: number): (() => boolean) => this.standing(changed[place] ?? -1);
    const yielded = repairs.map((repair) => raisedByOperator(call, raising, [repair]));
    yielded.forEach(({ endings }, at) => {
      const stands = standing(places[repairs[at]?.row ?? -1] ?? -1);
      call.run.endings.push(...endings.map((ending) => ({ ...ending, stands })));
    });
    const failing = this.failed({ failures, errorOf }, ordered, call, raising);
    failing.forEach(({ endings }, at) => {
      const stands = standing(failures[at]?.row ?? -1);
      call.run.endings.push(...endings.map((ending) => ({ ...ending, stands })));
    });
    this.keep(
      failures.filter((_, at) => isKept(failing[at])).map(({ row }) => row),
      changed,
      ordered,
      call,
    );
    return [...yielded, ...failing].flatMap(({ raised }) => raised);
  }
}

/** The history of a group is that of all its members: the most attempts, the first one's original. */
function groupHistory(
  hidden: CompiledNode['hidden'],
  input: Member,
  groups: readonly (readonly number[])[],
): readonly Vector[] {
  return hidden.map((column) => {
    const values = groups.map((members) => {
      const [vector] = hiddenVectors([column], input, Int32Array.from(members));
      if (vector === undefined) return null;
      if (column.fn === 'original') return valueAt(vector, 0);
      return Math.max(0, ...members.map((_, at) => Number(valueAt(vector, at))));
    });
    return vectorOf(column.column.type, values);
  });
}

function noGroup(): Group {
  return { rows: [], versions: [], made: false, members: [] };
}

function concatenated(parts: readonly Int32Array[]): Int32Array {
  const out = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let to = 0;
  for (const part of parts) {
    out.set(part, to);
    to += part.length;
  }
  return out;
}

/** The right side of an EXCEPT or INTERSECT: which keys it has. */
class OtherSide {
  private readonly left: Schema;
  private readonly ids: KeyIds;
  private readonly rows = new Map<number, number[]>();
  private taken = 0;

  constructor(left: Schema, ids: KeyIds) {
    this.left = left;
    this.ids = ids;
  }

  has(id: number): boolean {
    return this.rows.has(id);
  }

  /** Adds the keys that came or went. */
  update(right: Member, live: Uint8Array, touched: Set<number>): void {
    const places = this.left.map(({ name }) => right.table.schema.findIndex((column) => column.name === name));
    for (const [id, rows] of this.rows) {
      const left = rows.filter((row) => live[row] === 1);
      if (left.length === rows.length) continue;
      if (left.length > 0) this.rows.set(id, left);
      else {
        this.rows.delete(id);
        touched.add(id);
      }
    }
    for (const { start, batch } of right.table.since(this.taken)) {
      const ids = this.ids.assign(
        places.map((at) => columnAt(batch, at)),
        batch.length,
      );
      ids.forEach((id, at) => {
        if (live[start + at] !== 1) return;
        const rows = this.rows.get(id);
        if (rows !== undefined) rows.push(start + at);
        else {
          this.rows.set(id, [start + at]);
          touched.add(id);
        }
      });
    }
    this.taken = right.table.length;
  }
}

/** All columns of a set operation, those of ON of a REDUCE. */
function keyPlaces(node: Exclude<GroupNode, AggregateNode>, input: Schema): readonly number[] {
  if (node.kind !== 'reduce') return [...input.keys()];
  return node.on.map((name) => input.findIndex((column) => column.name === name));
}

function columnAt(batch: Batch, at: number): ReturnType<Evaluate> {
  const vector = batch.vectors[at];
  if (vector === undefined) throw new RangeError(`the batch has no column ${at}`);
  return vector;
}
