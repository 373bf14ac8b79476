/**
 * COMBINE inside a region: pairs of groups with equal keys, as outside one. When its level comes, the pairs whose members changed on either side are given to the operator again,
 * and only those (S6, S9). A row is made from all members of both groups; each side's rows are traced and repaired through their own input.
 */
import type { CombineNode } from '../../planner/graph.ts';
import { sideSchema } from '../../planner/sides.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import type { RowRepair } from '../operators/runner.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import type { RowError } from '../row-error.ts';
import { gather, isNullAt } from '../vectors.ts';
import type { Raised } from './act.ts';
import { chosenOrAbort } from './clause.ts';
import type { Reduced } from './compiled.ts';
import { evaluated, failedEnding } from './failed.ts';
import { KeyedSide } from './keyed-side.ts';
import type { RepairRung } from './ladder.ts';
import type { HiddenColumn } from './lineage.ts';
import { isAlive, traceAll } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import { NO_CHAIN } from './origin.ts';
import { factsOf, isKept, raisedByFailure, raisedByOperator } from './raising.ts';
import type { Call, Consequences, Raising } from './raising.ts';
import type { RegionRun, Running } from './run.ts';
import { inOrder } from './sorted-rows.ts';
import { batchOfValues } from './table.ts';
import type { Table } from './table.ts';
import { endVersion } from './versions.ts';

/** The live rows of both sides with one key that are in its groups, in order. */
interface Pair {
  readonly members: readonly [left: Int32Array, right: Int32Array];
  /** The first row of the left side with the key, in a group or not: where the pair stands. */
  readonly lead: number;
}

const NO_PAIR: Pair = { members: [new Int32Array(0), new Int32Array(0)], lead: -1 };

type PairFailed = (left: number, right: number, error: RowError) => void;

interface Version extends Pair {
  readonly rows: number[];
}

export class CombinedGroups {
  private readonly ids: KeyIds;
  private readonly sides: readonly [left: KeyedSide, right: KeyedSide];
  private readonly residual: Evaluate | null;
  private readonly versions = new Map<number, Version>();

  constructor(
    node: CombineNode,
    [left, right]: readonly [Member, Member],
    [hiddenLeft, hiddenRight]: readonly [readonly HiddenColumn[], readonly HiddenColumn[]],
    compile: Compile,
  ) {
    const { keys, leftAlias, rightAlias, on } = node;
    this.ids = new KeyIds(keys.length, 'never');
    const leftKeys = keys.map((key) => key.left);
    const rightKeys = keys.map((key) => key.right);
    this.sides = [
      new KeyedSide(sideSchema(left.table.schema, leftAlias), hiddenLeft, leftKeys, compile),
      new KeyedSide(sideSchema(right.table.schema, rightAlias), hiddenRight, rightKeys, compile),
    ];
    this.residual =
      on === null
        ? null
        : compile(
            on,
            this.sides.flatMap(({ schema }) => schema),
          );
  }

  async update(member: Running, run: RegionRun): Promise<readonly Raised[]> {
    const [left, right] = member.inputs;
    if (left === undefined || right === undefined) return [];
    const live = [run.live(left), run.live(right)] as const;
    const touched = new Set<number>();
    for (const [side, input] of [left, right].entries()) {
      const fail = (row: number, error: RowError): void =>
        void run.endings.push(failedEnding(error, member.node.id, input, row));
      for (const [, id] of this.sides[side === 0 ? 0 : 1].take(input, this.ids, fail)) touched.add(id);
    }
    for (const [id, { members, lead }] of this.versions) {
      const lost = members.some((rows, side) => rows.some((row) => live[side === 0 ? 0 : 1][row] !== 1));
      if (lost || live[0][lead] !== 1) touched.add(id);
    }
    const changed = [...touched].flatMap((id) => this.refresh(id, member, [left, right], live, run));
    return changed.length === 0 ? [] : this.compute(changed, member, [left, right], run);
  }

  /** The pair, where it is another than before: its old version ends then. */
  private refresh(
    id: number,
    member: Running,
    inputs: readonly [Running, Running],
    live: readonly [Uint8Array, Uint8Array],
    run: RegionRun,
  ): readonly (Pair & { readonly id: number })[] {
    const fail = (left: number, right: number, error: RowError): void => {
      const ending = failedEnding(error, member.node.id, inputs[0], left);
      run.endings.push({ ...ending, stands: () => isAlive(inputs[1], right) });
    };
    const pair = this.pairOf(id, inputs, live, fail);
    const before = this.versions.get(id);
    const is = before ?? NO_PAIR;
    const same = pair.lead === is.lead && pair.members.every((rows, side) => sameRows(rows, is.members[side]));
    if (same) return [];
    for (const row of before?.rows ?? []) endVersion(member, row);
    this.versions.delete(id);
    return pair.lead < 0 ? [] : [{ ...pair, id }];
  }

  private pairOf(
    id: number,
    inputs: readonly [Running, Running],
    live: readonly [Uint8Array, Uint8Array],
    fail: PairFailed,
  ): Pair {
    const [left, right] = this.sides.map(({ rows }, side) => {
      const alive = (rows[id] ?? []).filter((row) => live[side === 0 ? 0 : 1][row] === 1);
      rows[id] = alive;
      return inOrder(inputs[side === 0 ? 0 : 1], Int32Array.from(alive));
    });
    if (left === undefined || right === undefined) return NO_PAIR;
    const members = this.meeting(left, right, inputs, fail);
    const [lead = -1] = left;
    return members.some((rows) => rows.length === 0) ? NO_PAIR : { members, lead };
  }

  /** The rows that meet some row of the other group; one left row at a time, so that a giant pair needs no giant product. */
  private meeting(
    left: Int32Array,
    right: Int32Array,
    [leftInput, rightInput]: readonly [Member, Member],
    fail: PairFailed,
  ): Pair['members'] {
    const { residual } = this;
    if (residual === null || left.length === 0 || right.length === 0) return [left, right];
    const lefts = this.sides[0].batchOf(leftInput, left);
    const rights = this.sides[1].batchOf(rightInput, right);
    const met = new Uint8Array(right.length);
    const kept = left.filter((row, place) => {
      const same = new Int32Array(right.length).fill(place);
      const vectors = [...lefts.vectors.map((vector) => gather(vector, same)), ...rights.vectors];
      const { vectors: answers, failed } = evaluated([residual], { ...rights, vectors });
      for (const [at, error] of failed) fail(row, right[at] ?? -1, error);
      const [holds] = answers;
      let any = false;
      for (let at = 0; at < right.length; at += 1) {
        if (failed.has(at) || holds?.kind !== 'bool' || holds.values[at] !== 1 || isNullAt(holds, at)) continue;
        met[at] = 1;
        any = true;
      }
      return any;
    });
    return [kept, right.filter((_, at) => met[at] === 1)];
  }

  /** New versions of some pairs, all in one go: fed pair by pair, they come out in that order. */
  private async compute(
    changed: readonly (Pair & { readonly id: number })[],
    member: Running,
    inputs: readonly [Running, Running],
    run: RegionRun,
  ): Promise<readonly Raised[]> {
    const { raising, combine } = member.compiled;
    if (combine === null || raising === null) throw new TypeError('a COMBINE without its operator');
    const rows = [0, 1].map((side) => Int32Array.from(changed.flatMap(({ members }) => [...(members[side] ?? [])])));
    const batches = rows.map((of, side) => this.sides[side === 0 ? 0 : 1].batchOf(inputs[side === 0 ? 0 : 1], of));
    const [left, right] = batches;
    if (left === undefined || right === undefined) return [];
    const answer = await combine(left, right);
    this.add(answer.batches, answer.groups, changed, member);
    const calls = inputs.map((input, side): Call => {
      const of = rows[side] ?? new Int32Array(0);
      return { run, member, input, side, rows: of, conjecture: 0, chainAt: () => NO_CHAIN };
    });
    return this.raised(answer, changed, calls, raising);
  }

  private add(
    batches: readonly Batch[],
    pairs: Int32Array,
    changed: readonly (Pair & { readonly id: number })[],
    { table }: Member,
  ): void {
    const versions = changed.map(({ members, lead }): Version => ({ members, lead, rows: [] }));
    changed.forEach(({ id }, place) => {
      const version = versions[place];
      if (version !== undefined) this.versions.set(id, version);
    });
    let next = 0;
    for (const batch of batches) {
      const start = table.append({ ...batch, source: null });
      for (let at = 0; at < batch.length; at += 1, next += 1) {
        const version = versions[pairs[next] ?? -1];
        if (version === undefined) throw new RangeError('an answer of no pair');
        this.made(start + at, version, table);
      }
    }
  }

  /** What a combiner says of its groups counts while they are the versions that it saw. */
  private raised(
    { repairs, failures, errorOf }: Reduced,
    changed: readonly (Pair & { readonly id: number })[],
    calls: readonly Call[],
    raising: Raising,
  ): readonly Raised[] {
    const [left, right] = calls;
    if (left === undefined || right === undefined) return [];
    const standing = (place: number): (() => boolean) => {
      const id = changed[place]?.id ?? -1;
      const version = this.versions.get(id);
      return () => this.versions.get(id) === version;
    };
    const placesOf = [0, 1].map((side) =>
      changed.flatMap(({ members }, place) => Array.from(members[side] ?? [], () => place)),
    );
    const yielded = repairs.map((repair): Consequences & { readonly stands: () => boolean } => {
      const side = repair.row < left.rows.length ? 0 : 1;
      const own: RowRepair = side === 0 ? repair : { ...repair, row: repair.row - left.rows.length };
      const said = raisedByOperator(side === 0 ? left : right, raising, [own]);
      const raised = said.raised.map((one) => ({ ...one, side }));
      return { ...said, raised, stands: standing(placesOf[side]?.[own.row] ?? -1) };
    });
    const failing = this.failed({ failures, errorOf }, changed, [left, right], raising);
    const said = failing.map((outcome, at) => ({ ...outcome, stands: standing(failures[at]?.row ?? -1) }));
    for (const { endings, stands } of [...yielded, ...said])
      left.run.endings.push(...endings.map((ending) => ({ ...ending, stands })));
    const kept = failures.filter((_, at) => isKept(failing[at]));
    for (const { row } of kept) this.keep(changed[row] ?? null, left.member, [left.input, right.input]);
    return [...yielded, ...said].flatMap(({ raised }) => raised);
  }

  /** ON ERROR: a pair of groups fails as a whole, for all members of both. */
  private failed(
    { failures, errorOf }: Pick<Reduced, 'failures' | 'errorOf'>,
    changed: readonly Pair[],
    [left, right]: readonly [Call, Call],
    raising: Raising,
  ): readonly Consequences[] {
    const clause = raising.onError;
    const rowless: Batch = { length: changed.length, vectors: [], sequence: 0, ordinals: null, source: null };
    const facts = factsOf(
      clause,
      rowless,
      failures.map(({ row }) => row),
    );
    return failures.map((failure, at) => {
      const { members, lead: row } = changed[failure.row] ?? NO_PAIR;
      const [lefts, rights] = members;
      const others = [...lefts];
      const traced = ({ trail }: RepairRung): readonly Ancestor[] => [
        ...traceAll(left.input, others, trail?.behind[0] ?? null),
        ...traceAll(right.input, [...rights], trail?.behind[1] ?? null),
      ];
      const choice = chosenOrAbort(clause, left.run, traced, raising.span);
      const outcome = raisedByFailure(left, raising, at, {
        failure,
        row,
        choice: { ...choice, ownCall: null },
        facts,
        errorOf,
        aside: null,
      });
      const partners = Array.from(rights, (one): Ancestor => ({ member: right.input, row: one }));
      return { ...outcome, raised: outcome.raised.map((one) => ({ ...one, others, partners })) };
    });
  }

  /** ON ERROR KEEP: the first members of both groups, with null for what would have been produced. */
  private keep(pair: (Pair & { readonly id: number }) | null, member: Running, inputs: readonly Member[]): void {
    const version = pair === null ? undefined : this.versions.get(pair.id);
    if (pair === null || version === undefined) return;
    const firsts = inputs.map(({ table }, side) => {
      const [first = -1] = pair.members[side === 0 ? 0 : 1];
      return new Map(table.schema.map(({ name }, at) => [name, table.value(first, at)]));
    });
    const { table, node } = member;
    const produced = new Set('produce' in node ? node.produce.map(({ name }) => name) : []);
    const values = node.schema.map(({ name }): Value => {
      if (produced.has(name)) return null;
      return firsts.find((row) => row.has(name))?.get(name) ?? null;
    });
    this.made(table.append(batchOfValues(node.schema, [values])), version, table);
  }

  private made(row: number, { members, lead, rows }: Version, table: Table): void {
    table.parents.push(lead);
    table.members.set(row, members[0]);
    table.partnerMembers.set(row, members[1]);
    rows.push(row);
  }
}

function sameRows(a: Int32Array, b: Int32Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((row, at) => row === b[at]);
}
