/**
 * A cross-row node inside a region: GROUP BY, DISTINCT and REDUCE. When its level comes, the groups whose live members changed are computed again by the operator that runs
 * outside regions too, and only those; a group's row is a new version when its set of members changed, even if its values are equal (S6, S9).
 */
import type { AggregateNode, DistinctNode, ReduceNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { valueAt, vectorOf } from '../vectors.ts';
import { crossRow } from '../relational/index.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import type { Raised } from './act.ts';
import type { CompiledNode, Reduced } from './compiled.ts';
import { chosen } from './clause.ts';
import { hiddenVectors } from './hidden.ts';
import { keptBatch } from './kept.ts';
import type { RepairRung } from './ladder.ts';
import { compareRows, isAlive, traceAll } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import { NO_CHAIN } from './origin.ts';
import { factsOf, isKept, raisedByFailure, raisedBy, raisedByOperator } from './raising.ts';
import type { Call, Consequences, Raising } from './raising.ts';
import type { RegionRun, Running } from './run.ts';

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

export class Groups {
  private readonly node: AggregateNode | DistinctNode | ReduceNode;
  private readonly input: Schema;
  private readonly compile: Compile;
  private readonly keys: readonly Evaluate[];
  private readonly ids: KeyIds;
  private readonly groups: Group[] = [];
  private taken = 0;
  private begun = false;

  private constructor(node: AggregateNode | DistinctNode | ReduceNode, input: Schema, compile: Compile) {
    this.node = node;
    this.input = input;
    this.compile = compile;
    this.keys =
      node.kind === 'aggregate'
        ? node.keys.map((key) => compile(key.value, input))
        : keyPlaces(node, input).map((at) => (batch) => columnAt(batch, at));
    this.ids = new KeyIds(this.keys.length, 'equal');
  }

  /** null for a node that is no such one. */
  static of({ node }: CompiledNode, inputs: readonly Member[], compile: Compile): Groups | null {
    const [input] = inputs;
    if (input === undefined || (node.kind !== 'aggregate' && node.kind !== 'distinct' && node.kind !== 'reduce'))
      return null;
    return new Groups(node, input.table.schema, compile);
  }

  /** Takes what is new and what died in the input since the last time. */
  async update(member: Running, input: Member | undefined, run: RegionRun): Promise<readonly Raised[]> {
    if (input === undefined) return [];
    const touched = this.take(input);
    this.addLosers(touched, input);
    if (!this.begun && this.keys.length === 0 && this.groups.length === 0) {
      this.groups.push({ rows: [], versions: [], made: false, members: [] });
      touched.add(0);
    }
    this.begun = true;
    const changed = [...touched].filter((id) => this.refresh(id, member, input));
    return this.compute(changed, member, input, run);
  }

  private take(input: Member): Set<number> {
    const touched = new Set<number>();
    for (const { start, batch } of input.table.since(this.taken)) {
      const ids = this.ids.assign(
        this.keys.map((key) => key(batch)),
        batch.length,
      );
      ids.forEach((id, at) => {
        (this.groups[id] ??= { rows: [], versions: [], made: false, members: [] }).rows.push(start + at);
        touched.add(id);
      });
    }
    this.taken = input.table.length;
    return touched;
  }

  private addLosers(touched: Set<number>, input: Member): void {
    this.groups.forEach(({ members }, id) => {
      if (!touched.has(id) && members.some((row) => !isAlive(input, row))) touched.add(id);
    });
  }

  /** Whether the group's members changed; its old version ends then. */
  private refresh(id: number, member: Member, input: Member): boolean {
    const group = this.groups[id];
    if (group === undefined) return false;
    group.rows = group.rows.filter((row) => isAlive(input, row));
    const same = group.made && group.rows.length === group.members.length;
    if (same && group.rows.every((row, at) => row === group.members[at])) return false;
    // S12: the repairs of an old version are gone with it.
    for (const version of group.versions) {
      if (member.origin === null) member.table.ended.set(version);
      else member.origin.deleteAll(version);
    }
    group.versions = [];
    group.made = false;
    group.members = [...group.rows];
    return group.members.length > 0 || this.keys.length === 0;
  }

  /** New versions of some groups, all in one go: fed group by group, they come out in that order. */
  private async compute(
    changed: readonly number[],
    member: Running,
    input: Member,
    run: RegionRun,
  ): Promise<readonly Raised[]> {
    if (changed.length === 0) return [];
    for (const id of changed) {
      const group = this.groups[id];
      if (group !== undefined) group.made = true;
    }
    const ordered = changed.map((id) => (this.groups[id]?.members ?? []).toSorted((a, b) => compareRows(input, a, b)));
    const rows = Int32Array.from(ordered.flat());
    const { raising, reduce } = member.compiled;
    if (this.node.kind === 'reduce') {
      if (reduce === null || raising === null) throw new TypeError('a REDUCE without its operator');
      const plain = input.table.batchOf(rows);
      const hidden = hiddenVectors(member.compiled.hidden, input, rows);
      const reduced = await reduce({ ...plain, vectors: [...plain.vectors, ...hidden] });
      this.add(reduced.batches, (at) => reduced.groups[at] ?? -1, changed, ordered, member);
      return this.raised(
        reduced,
        changed,
        ordered,
        { run, member, input, rows, conjecture: 0, chainAt: () => NO_CHAIN },
        raising,
      );
    }
    const operator = crossRow(this.node, [this.input], this.compile);
    const answers = [...operator.take(0, input.table.batchOf(rows)), ...operator.end(0)];
    this.add(answers, (at) => at, changed, ordered, member);
    return [];
  }

  private add(
    answers: readonly Batch[],
    groupOf: (at: number) => number,
    changed: readonly number[],
    ordered: readonly (readonly number[])[],
    member: Member,
  ): void {
    // Rows of one group share what they were made from.
    const members = ordered.map((rows) => Int32Array.from(rows));
    let next = 0;
    for (const batch of answers) {
      const start = member.table.append({ ...batch, source: null });
      for (let at = 0; at < batch.length; at += 1, next += 1) {
        const row = start + at;
        const place = groupOf(next);
        member.table.parents.push(-1);
        member.table.members.set(row, members[place] ?? new Int32Array(0));
        this.groups[changed[place] ?? -1]?.versions.push(row);
      }
    }
  }

  /** ON ERROR: a group fails as a whole, for all of its members, with the columns of ON. */
  private failed(
    { failures, errorOf }: Pick<Reduced, 'failures' | 'errorOf'>,
    ordered: readonly (readonly number[])[],
    call: Call,
    raising: Raising,
  ): readonly Consequences[] {
    if (failures.length === 0) return [];
    const { input, run, member } = call;
    const clause = raising.onError;
    const groups = failures.map(({ row }) => ordered[row] ?? []);
    const firsts = Int32Array.from(groups, ([first]) => first ?? -1);
    const plain = input.table.batchOf(firsts);
    const full = { ...plain, vectors: [...plain.vectors, ...groupHistory(member.compiled.hidden, input, groups)] };
    const facts = factsOf(clause, full, [...firsts.keys()]);
    return failures.map((failure, at) => {
      const members = groups[at] ?? [];
      const row = members[0] ?? -1;
      const traced = ({ origins }: RepairRung): readonly Ancestor[] => traceAll(input, members, origins);
      const choice =
        clause === null
          ? { rung: { kind: 'abort', message: null, span: raising.span } as const, ancestors: [], depth: 0 }
          : chosen(clause, run, raisedBy(call, members), traced);
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
    ordered: readonly (readonly number[])[],
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
    ordered: readonly (readonly number[])[],
    call: Call,
    raising: Raising,
  ): readonly Raised[] {
    const places = ordered.flatMap((members, place) => members.map(() => place));
    const standing = (place: number): (() => boolean) => {
      const group = this.groups[changed[place] ?? -1];
      const members = group?.members;
      return () => group?.members === members;
    };
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

/** All columns of a DISTINCT, those of ON of a REDUCE. */
function keyPlaces(node: DistinctNode | ReduceNode, input: Schema): readonly number[] {
  if (node.kind === 'distinct') return [...input.keys()];
  return node.on.map((name) => input.findIndex((column) => column.name === name));
}

function columnAt(batch: Batch, at: number): ReturnType<Evaluate> {
  const vector = batch.vectors[at];
  if (vector === undefined) throw new RangeError(`the batch has no column ${at}`);
  return vector;
}
