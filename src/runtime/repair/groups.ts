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
import { range } from '../row-numbers.ts';
import type { Raised } from './act.ts';
import type { CompiledNode, Reduced } from './compiled.ts';
import { chosenOrAbort } from './clause.ts';
import { dataError, evaluated, failedEnding } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import { keptBatch } from './kept.ts';
import type { RepairRung } from './ladder.ts';
import type { HiddenColumn } from './lineage.ts';
import { IntList } from './lists.ts';
import { isChain, isUntouched, traceAll } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import { NO_CHAIN } from './origin.ts';
import { factsOf, isKept, raisedByFailure, raisedByOperator } from './raising.ts';
import type { Call, Consequences, Raising } from './raising.ts';
import type { RegionRun, Running } from './run.ts';
import { columnAt, OtherSide, Touched } from './other-side.ts';
import { putInOrder } from './sorted-rows.ts';
import { endVersion } from './versions.ts';

interface Group {
  /** Rows of the input with this key, dead ones too until the group is next looked at. */
  rows: number[];
  /** The live version's rows: one, but of a REDUCE any number. */
  versions: number[];
  /** How many of `rows`, the first ones, are the members of the live version; −1 where there is none. */
  made: number;
  /** Counts its sets of members. */
  sets: number;
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
  /** The group of each row of the input; −1 for none. */
  private readonly groupOf = new IntList();
  /** Who lived when last looked at. */
  private lived: Uint8Array = new Uint8Array(0);
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
    const touched = new Touched();
    // Rows that all live, in order, are fed as they came: the groups come out as they first appear, which is how they are numbered.
    const inOrder = !this.begun && isChain(input) && isUntouched(input);
    const whole = this.take(touched, input, member, run) && inOrder;
    this.addLosers(touched, live);
    if (right !== undefined) this.others?.update(right, run.live(right), touched);
    if (!this.begun && this.keys.length === 0 && this.groups.length === 0) {
      this.groups.push(noGroup());
      touched.add(0);
    }
    this.begun = true;
    const changed = touched.ids.filter((id) => this.refresh(id, member, live));
    return this.compute(changed, whole, member, input, run);
  }

  /** Gives whether no key failed. */
  private take(touched: Touched, input: Member, member: Member, run: RegionRun): boolean {
    const endings = run.endings.length;
    for (const { start, batch } of input.table.since(this.taken)) {
      const full = this.withHidden(batch, input, range(start, batch.length));
      const { vectors, failed } = evaluated(this.keys, full);
      for (const [at, error] of failed) run.endings.push(failedEnding(error, member.node.id, input, start + at));
      const ids = this.ids.assign(vectors, batch.length);
      for (let at = 0; at < batch.length; at += 1) {
        const id = failed.has(at) ? -1 : (ids[at] ?? -1);
        this.groupOf.push(id);
        if (id < 0) continue;
        this.groupAt(id).rows.push(start + at);
        touched.add(id);
      }
    }
    this.taken = input.table.length;
    return run.endings.length === endings;
  }

  private groupAt(id: number): Group {
    const known = this.groups[id];
    if (known !== undefined) return known;
    const group = noGroup();
    this.groups[id] = group;
    return group;
  }

  private withHidden(batch: Batch, input: Member, rows: Int32Array): Batch {
    if (this.hidden.length === 0) return batch;
    return { ...batch, vectors: [...batch.vectors, ...hiddenVectors(this.hidden, input, rows)] };
  }

  /** The groups of the rows that died since they were last looked at. */
  private addLosers(touched: Touched, live: Uint8Array): void {
    const { lived } = this;
    const losers: number[] = [];
    for (let row = 0; row < lived.length; row += 1) {
      if (lived[row] === 1 && live[row] !== 1) losers.push(this.groupOf.at(row));
    }
    for (const id of Int32Array.from(losers).toSorted()) if (id >= 0) touched.add(id);
    this.lived = live;
  }

  /** Whether the group's members changed; its old version ends then. */
  private refresh(id: number, member: Running, live: Uint8Array): boolean {
    const group = this.groups[id];
    if (group === undefined) return false;
    const before = group.rows;
    group.rows = liveOf(before, live);
    const count = this.stands(id) ? group.rows.length : 0;
    // What came is behind what there was: as many, and the same first ones, are the same.
    if (count === group.made && (group.rows === before || sameRows(group.rows, before, count))) return false;
    // S12: the repairs of an old version are gone with it.
    for (const version of group.versions) endVersion(member, version);
    group.versions = [];
    group.made = -1;
    group.sets += 1;
    return count > 0 || (this.keys.length === 0 && this.others === null);
  }

  /** Whether the right side lets the group be. */
  private stands(id: number): boolean {
    return this.others === null || this.others.has(id) === (this.node.kind === 'intersect');
  }

  /** New versions of some groups, all in one go: fed group by group, they come out in that order. */
  private async compute(
    changed: readonly number[],
    whole: boolean,
    member: Running,
    input: Running,
    run: RegionRun,
  ): Promise<readonly Raised[]> {
    if (changed.length === 0) return [];
    const ordered = changed.map((id) => {
      const group = this.groupAt(id);
      group.made = group.rows.length;
      return Int32Array.from(group.rows);
    });
    putInOrder(input, ordered);
    const { node } = this;
    if (node.kind === 'distinct' || node.kind === 'except' || node.kind === 'intersect') {
      const firsts = Int32Array.from(ordered, (members) => members[0] ?? -1);
      this.add([input.table.batchOf(firsts)], (at) => at, changed, ordered, member);
      return [];
    }
    if (node.kind === 'reduce') {
      const { rows, batch } = this.fed(ordered, input);
      const { raising, reduce } = member.compiled;
      if (reduce === null || raising === null) throw new TypeError('a REDUCE without its operator');
      const reduced = await reduce(batch);
      this.add(reduced.batches, (at) => reduced.groups[at] ?? -1, changed, ordered, member);
      const call = { run, member, input, side: 0, rows, conjecture: 0, chainAt: () => NO_CHAIN };
      return this.raised(reduced, changed, ordered, call, raising);
    }
    try {
      const batches = whole ? this.asTheyCame(input) : [this.fed(ordered, input).batch];
      this.add(this.answers(node, batches), (at) => at, changed, ordered, member);
    } catch (error) {
      dataError(error);
      changed.forEach((id, at) => this.computeAlone(node, id, ordered[at] ?? new Int32Array(0), member, input, run));
    }
    return [];
  }

  private fed(ordered: readonly Int32Array[], input: Member): { readonly rows: Int32Array; readonly batch: Batch } {
    const rows = concatenated(ordered);
    return { rows, batch: this.withHidden(input.table.batchOf(rows), input, rows) };
  }

  private *asTheyCame(input: Member): Iterable<Batch> {
    for (const { start, batch } of input.table.since(0))
      yield this.withHidden(batch, input, range(start, batch.length));
  }

  private answers(node: AggregateNode, batches: Iterable<Batch>): readonly Batch[] {
    const operator = crossRow(node, [this.input], this.compile);
    const answers: Batch[] = [];
    for (const batch of batches) answers.push(...operator.take(0, batch));
    return [...answers, ...operator.end(0)];
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
      this.add(this.answers(node, [batch]), () => 0, [id], [members], member);
    } catch (error) {
      const ending = failedEnding(dataError(error), member.node.id, input, members[0] ?? -1);
      run.endings.push({ ...ending, stands: this.standing(id) });
    }
  }

  /** Whether a group is still the version that it is now. */
  private standing(id: number): () => boolean {
    const group = this.groups[id];
    const sets = group?.sets;
    return () => group?.sets === sets;
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
      const choice = chosenOrAbort(clause, run, traced, raising.span);
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
  return { rows: [], versions: [], made: -1, sets: 0 };
}

/** The rows that live; the same list where all do. */
function liveOf(rows: number[], live: Uint8Array): number[] {
  for (const row of rows) if (live[row] !== 1) return rows.filter((one) => live[one] === 1);
  return rows;
}

function sameRows(a: readonly number[], b: readonly number[], count: number): boolean {
  for (let at = 0; at < count; at += 1) if (a[at] !== b[at]) return false;
  return true;
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

/** All columns of a set operation, those of ON of a REDUCE. */
function keyPlaces(node: Exclude<GroupNode, AggregateNode>, input: Schema): readonly number[] {
  if (node.kind !== 'reduce') return [...input.keys()];
  return node.on.map((name) => input.findIndex((column) => column.name === name));
}
