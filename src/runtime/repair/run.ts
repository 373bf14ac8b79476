/**
 * One run of a region: over one batch of its source where the region is row-local, over all its rows where it is not. Passes go on until no clause raises a repair
 * (S8); the cross-row nodes of a level see their changed groups when the levels below have none left (S9).
 */
import type { NodeId, RoutedNode } from '../../planner/graph.ts';
import type { Batch, Vector } from '../batch.ts';
import type { RunError } from '../errors.ts';
import type { Compile } from '../relational/index.ts';
import { gather } from '../vectors.ts';
import { actOn } from './act.ts';
import type { Raised, RepairEntry } from './act.ts';
import { decide } from './clause.ts';
import type { CompiledNode, CompiledRegion, Stepped } from './compiled.ts';
import type { Rung } from './ladder.ts';
import { routedValues } from './exits.ts';
import { CombinedGroups } from './combined.ts';
import { Groups } from './groups.ts';
import { evaluated, failedEnding } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import { isAlive, isUntouched } from './members.ts';
import type { Member } from './members.ts';
import type { Chain } from './origin.ts';
import { range } from '../row-numbers.ts';
import { NO_CHAIN, Origin } from './origin.ts';
import { JoinPairs } from './pairs.ts';
import { keptBatch } from './kept.ts';
import { raisedByFailures, raisedByOperator } from './raising.ts';
import { runawayEnding } from './runaway.ts';
import { SortOrder } from './sorted.ts';
import { SettledView } from './settled.ts';
import { TopRows } from './top.ts';
import { WindowRows } from './windows.ts';
import { Table } from './table.ts';

/** A row that ends in the region or goes elsewhere, by the clause that says so; it counts if the row settles (S10). */
export interface Ending {
  readonly kind: 'drop' | 'keep' | 'route' | 'abort';
  readonly clause: NodeId;
  readonly member: Member;
  readonly row: number;
  /** S15, or the ABORT's message. */
  readonly reason: string;
  readonly rung: Rung;
  /** The rung's place in the ELSE ladder; above 0 all before it could not act. */
  readonly depth: number;
  /** Of an operator: which alternative said it. It does not count once another has been asked. */
  readonly conjecture?: number;
  /** Of a group: whether it is still the version that said it. */
  readonly stands?: () => boolean;
  /** Of a group: its members behind the first. */
  readonly others?: readonly number[];
  /** What ends the job, where it is not the ABORT itself. */
  readonly error?: RunError | null;
  /** The row as it goes to the ROUTE's rowset, where it is not as it stands. */
  readonly aside?: { readonly batch: Batch; readonly at: number } | null;
}

/** A call of an operator that the next pass makes again, by its next conjecture. */
export interface Retry {
  readonly parent: number;
  readonly conjecture: number;
  readonly chain: Chain;
}

/** What an alternative of an operator was given for rows of the input, and which rows (`from` … `to`) it gave. */
export interface OperatorCall {
  readonly conjecture: number;
  readonly rows: Int32Array;
  readonly inputs: readonly Vector[];
  readonly from: number;
  readonly to: number;
}

/** A member with what a run keeps beside its rows. */
export interface Running extends Member {
  readonly compiled: CompiledNode;
  readonly inputs: readonly Running[];
  /** Rows of each input that were taken. */
  readonly cursors: number[];
  readonly retries: Retry[];
  /** Of a ROUTE's rowset: its rows that stand for groups. */
  readonly ofGroups: { readonly ending: Ending; readonly row: number }[];
  /** Conjecture of each operator call that was made again, by the input's row. */
  readonly conjectures: Map<number, number>;
  /** Calls of its operator, where the lineage is recorded. */
  readonly calls: OperatorCall[];
  /** How many rows there were before the first repair acted. */
  readonly before: { rows: number };
  /** What looks at many rows at once; null for a node that takes row by row. */
  readonly cross: CrossRowNode | null;
}

/** Takes what is new in the inputs, and what died there, since the last time. */
interface CrossRowNode {
  readonly update: (member: Running, run: RegionRun) => Promise<readonly Raised[]> | void;
}

export class RegionRun {
  readonly members: ReadonlyMap<NodeId, Running>;
  readonly endings: Ending[] = [];
  readonly log: RepairEntry[] = [];
  /** Passes that acted. */
  passes = 0;
  /** Stale repairs, by the clause that raised them. */
  readonly stale = new Map<NodeId, number>();
  /** What has settled; asked for only then. */
  readonly settled = new SettledView();
  /** Repairs that acted. */
  fired = 0;
  private readonly region: CompiledRegion;
  private view = new SettledView();

  constructor(region: CompiledRegion) {
    this.region = region;
    const members = new Map<NodeId, Running>();
    for (const compiled of region.nodes) {
      members.set(compiled.node.id, this.member(compiled, members));
    }
    this.members = members;
  }

  /** Rows of a source of the region, or from outside; before `settle`. */
  feed(node: NodeId, batch: Batch): void {
    const { table } = this.memberOf(node);
    table.append(batch);
    table.parents.pushAll(new Int32Array(batch.length).fill(-1));
  }

  /** Runs passes until nothing is left to raise, or an ABORT counts: then its ending. */
  async settle(beforePass: () => Promise<void> = async () => {}): Promise<Ending | null> {
    let level = 0;
    for (;;) {
      await beforePass();
      const raised = await this.pass(level);
      if (raised.length > 0) {
        if (this.passes === 0) this.noteRows();
        this.passes += 1;
        const acted = actOn(raised, this.fired, (entry) => void this.log.push(entry));
        this.fired = acted.fired;
        if (acted.runaway !== null) return runawayEnding(this, acted.runaway);
        for (const clause of acted.stale) this.stale.set(clause, (this.stale.get(clause) ?? 0) + 1);
        level = 0;
        continue;
      }
      const abort = this.abortAt(level);
      if (abort !== null || level === this.region.levels) {
        if (this.passes === 0) this.noteRows();
        return abort;
      }
      level += 1;
    }
  }

  /** 1 for each row that lives, as this pass finds it; asked for when the member has been taken further. */
  live(member: Member): Uint8Array {
    return this.view.live(member);
  }

  private noteRows(): void {
    for (const { before, table } of this.members.values()) before.rows = table.length;
  }

  memberOf(node: NodeId): Running {
    const member = this.members.get(node);
    if (member === undefined) throw new RangeError(`node ${node} is not of this region`);
    return member;
  }

  /** Takes what is new through the nodes up to a level; gives what their clauses raise. */
  private async pass(level: number): Promise<readonly Raised[]> {
    const raised: Raised[] = [];
    this.view = new SettledView();
    for (const member of this.members.values()) {
      if (member.level > level || member.inputs.length === 0) continue;
      addAll(raised, await this.advance(member));
    }
    return raised;
  }

  private async advance(member: Running): Promise<readonly Raised[]> {
    if (member.cross !== null) return (await member.cross.update(member, this)) ?? [];
    if (member.node.kind === 'routed') {
      this.takeRouted(member, member.node);
      return [];
    }
    const raised: Raised[] = [];
    for (const [side, input] of member.inputs.entries()) {
      const fresh = [...input.table.since(member.cursors[side] ?? 0)];
      member.cursors[side] = input.table.length;
      for (const { start, batch } of fresh) {
        const rows = liveRows(input, start, batch.length);
        if (rows.length === 0) continue;
        const live = rows.length === batch.length ? batch : input.table.batchOf(rows);
        addAll(raised, await this.take(member, side, input, rows, live));
      }
    }
    if (member.retries.length > 0) addAll(raised, await this.callAgain(member));
    return raised;
  }

  /** Live rows of an input's batch: through the node's step, or before its clause. */
  private async take(
    member: Running,
    side: number,
    input: Running,
    rows: Int32Array,
    batch: Batch,
  ): Promise<readonly Raised[]> {
    const { node, step, hidden } = member.compiled;
    const full = hidden.length === 0 ? batch : withHidden(batch, hiddenVectors(hidden, input, rows));
    if (step !== null) {
      return this.stepped(member, input, rows, await step(full, 0), full);
    }
    switch (node.kind) {
      case 'handle': {
        const decisions = decide(member.compiled.clause, this, input, rows, full);
        addAll(this.endings, decisions.endings);
        addRows(member, side, decisions.passing, batch, rows);
        return decisions.raised;
      }
      case 'sort': {
        const { failed } = evaluated(member.compiled.sort?.failing ?? [], full);
        for (const [at, error] of failed) this.endings.push(failedEnding(error, node.id, input, rows[at] ?? -1));
        const sorted = failed.size === 0 ? null : range(0, rows.length).filter((at) => !failed.has(at));
        addRows(member, side, sorted, batch, rows);
        return [];
      }
      case 'union':
        addRows(member, side, null, batch, rows);
        return [];
      default:
        throw new TypeError(`a ${node.kind} does not run inside a region`);
    }
  }

  private stepped(
    member: Running,
    input: Running,
    rows: Int32Array,
    answer: Stepped,
    full: Batch,
    /** Of calls made again: one for each row of `full`. */
    retries: readonly Retry[] | null = null,
  ): readonly Raised[] {
    const { table, compiled } = member;
    const batch = withoutHidden(answer.batch, compiled, input);
    const start = table.append({ ...batch, ordinals: ordinalsThrough(full, answer.parents) });
    const parents = answer.parents === null ? rows : answer.parents.map((at) => rows[at] ?? -1);
    table.parents.pushAll(parents);
    const chainAt = (place: number): Chain => retries?.[place]?.chain ?? NO_CHAIN;
    if (retries !== null)
      for (let row = start; row < table.length; row += 1)
        member.origin?.continueChain(row, chainAt(answer.parents?.[row - start] ?? row - start));
    const conjecture = retries?.[0]?.conjecture ?? 0;
    const { inputs } = answer;
    if (inputs !== undefined) member.calls.push({ conjecture, rows, inputs, from: start, to: table.length });
    const { raising } = compiled;
    if (raising === null) return [];
    const call = { run: this, member, input, side: 0, rows, conjecture, chainAt };
    const yielded = raisedByOperator(call, raising, answer.repairs);
    const failed = raisedByFailures(call, raising, answer.failed, full);
    addAll(this.endings, yielded.endings);
    addAll(this.endings, failed.endings);
    if (failed.kept.length > 0) {
      const places = Int32Array.from(failed.kept);
      const from = table.append(keptBatch(compiled.node, input, withoutHidden(rowsAt(full, places), compiled, input)));
      table.parents.pushAll(places.map((at) => rows[at] ?? -1));
      if (retries !== null) places.forEach((at, n) => member.origin?.continueChain(from + n, chainAt(at)));
    }
    return [...yielded.raised, ...failed.raised];
  }

  /** Asks the next alternatives: rows that ask the same one go to it in batches. What died since it was raised is not asked for (S8). */
  private async callAgain(member: Running): Promise<readonly Raised[]> {
    const [input] = member.inputs;
    const { step, hidden } = member.compiled;
    if (input === undefined || step === null) return [];
    const raised: Raised[] = [];
    for (const retries of batchesOf(member.retries.splice(0).filter(({ parent }) => isAlive(input, parent)))) {
      const rows = Int32Array.from(retries, ({ parent }) => parent);
      const batch = input.table.batchOf(rows);
      const full = hidden.length === 0 ? batch : withHidden(batch, hiddenVectors(hidden, input, rows));
      const answer = await step(full, retries[0]?.conjecture ?? 0);
      addAll(raised, this.stepped(member, input, rows, answer, full, retries));
    }
    return raised;
  }

  /** What clauses have routed since the last time. A routed row lives while the row it was does (S10). */
  private takeRouted(member: Running, node: RoutedNode): void {
    const taken = member.cursors[0] ?? 0;
    member.cursors[0] = this.endings.length;
    const { table } = member;
    // Another version of a group has its own row.
    for (const { ending, row } of member.ofGroups) if (!this.counts(ending)) table.ended.set(row);
    for (const [side, clause] of node.from.entries()) {
      const fresh = this.endings
        .slice(taken)
        .filter((ending) => ending.kind === 'route' && ending.clause === clause && this.counts(ending));
      if (fresh.length === 0) continue;
      const ordinals = fresh.map((ending) => {
        const { batch, at } = ending.member.table.placeOf(ending.row);
        return batch.ordinals?.[at] ?? at;
      });
      const start = table.append({ ...routedValues(fresh, node), ordinals: Int32Array.from(ordinals) });
      fresh.forEach((ending, at) => {
        if (ending.stands === undefined) return;
        member.ofGroups.push({ ending, row: start + at });
        table.members.set(start + at, Int32Array.of(ending.row, ...(ending.others ?? [])));
      });
      table.parents.pushAll(Int32Array.from(fresh, ({ row }) => row));
      table.sides.pushAll(new Int32Array(fresh.length).fill(side));
    }
  }

  private abortAt(level: number): Ending | null {
    const found = this.endings.find(
      (ending) => ending.kind === 'abort' && this.memberOf(ending.clause).level === level && this.counts(ending),
    );
    return found ?? null;
  }

  /** S10: its row lives, and what said it is still what counts. */
  counts({ member, row, clause, conjecture, stands }: Ending): boolean {
    return (
      stands?.() !== false &&
      (conjecture === undefined || conjecture === (this.memberOf(clause).conjectures.get(row) ?? 0)) &&
      isAlive(member, row)
    );
  }

  private member(compiled: CompiledNode, members: ReadonlyMap<NodeId, Running>): Running {
    const table = new Table(compiled.node.schema);
    const inputs = compiled.inputs.map((id) => {
      const input = members.get(id);
      if (input === undefined) throw new RangeError(`node ${id} is missing from its region`);
      return input;
    });
    const [first] = inputs;
    const running: Omit<Running, 'root'> & { root: Member | null } = {
      node: compiled.node,
      compiled,
      entry: compiled.entry,
      table,
      origin: compiled.isOrigin ? new Origin(table) : null,
      inputs,
      level: compiled.level,
      root: members.get(compiled.root) ?? null,
      cursors: inputs.map(() => 0),
      sort: compiled.sort === null || first === undefined ? null : new SortOrder(compiled.sort, table, first),
      retries: [],
      ofGroups: [],
      conjectures: new Map(),
      calls: [],
      before: { rows: Infinity },
      cross: compiled.entry ? null : crossRowNode(compiled, inputs, this.region.compile),
    };
    // A source, union or group is the root of its own rows.
    if (compiled.root === compiled.node.id) running.root = running;
    return running;
  }
}

/** As many as a source's batch has. */
const CALLS_AT_ONCE = 4096;

/** By alternative, in the order of their rows. */
function batchesOf(retries: readonly Retry[]): readonly (readonly Retry[])[] {
  const byConjecture = new Map<number, Retry[]>();
  for (const retry of retries) {
    const same = byConjecture.get(retry.conjecture) ?? [];
    byConjecture.set(retry.conjecture, same);
    same.push(retry);
  }
  return [...byConjecture.values()].flatMap((same) => {
    const sorted = same.toSorted((a, b) => a.parent - b.parent);
    const starts = Array.from({ length: Math.ceil(sorted.length / CALLS_AT_ONCE) }, (_, at) => at * CALLS_AT_ONCE);
    return starts.map((start) => sorted.slice(start, start + CALLS_AT_ONCE));
  });
}

function crossRowNode(compiled: CompiledNode, inputs: readonly Running[], compile: Compile): CrossRowNode | null {
  const [left, right] = inputs;
  if (left === undefined) return null;
  const { gathers: node, hidden } = compiled;
  const schema = [...left.table.schema, ...hidden.map(({ column }) => column)];
  switch (node.kind) {
    case 'aggregate':
    case 'distinct':
    case 'reduce':
    case 'except':
    case 'intersect':
      return new Groups(node, schema, hidden, compile);
    case 'window':
      return new WindowRows(node, schema, hidden, compile);
    case 'top':
      return new TopRows(node);
    case 'combine':
      return right === undefined
        ? null
        : new CombinedGroups(node, [left, right], [hidden, compiled.hiddenRight], compile);
    case 'join':
      return right === undefined ? null : new JoinPairs(node, [left, right], [hidden, compiled.hiddenRight], compile);
    default:
      return null;
  }
}

/** There may be more of them than a call takes arguments. */
function addAll<T>(list: T[], more: readonly T[]): void {
  for (const one of more) list.push(one);
}

/** The rows start … start + length − 1 that live. */
function liveRows(member: Member, start: number, length: number): Int32Array {
  const rows = range(start, length);
  return isUntouched(member) ? rows : rows.filter((row) => isAlive(member, row));
}

/** Appends the rows at some places of `batch` (whose rows are `rows` of the input) as they are; null for all. */
function addRows(member: Running, side: number, places: Int32Array | null, batch: Batch, rows: Int32Array): void {
  const { table } = member;
  table.append(places === null ? batch : rowsAt(batch, places));
  const parents = places === null ? rows : places.map((at) => rows[at] ?? -1);
  table.parents.pushAll(parents);
  if (member.inputs.length > 1) table.sides.pushAll(new Int32Array(parents.length).fill(side));
}

function rowsAt(batch: Batch, places: Int32Array): Batch {
  return {
    ...batch,
    length: places.length,
    vectors: batch.vectors.map((vector) => gather(vector, places)),
    ordinals: ordinalsThrough(batch, places),
  };
}

/** The ordinals of rows made from these places of a batch. */
function ordinalsThrough({ ordinals }: Batch, places: Int32Array | null): Int32Array | null {
  if (places === null || ordinals === null) return places ?? ordinals;
  return places.map((at) => ordinals[at] ?? at);
}

function withHidden(batch: Batch, vectors: readonly Vector[]): Batch {
  return { ...batch, vectors: [...batch.vectors, ...vectors] };
}

/** A step that hands its input's columns on as they are hands on the hidden ones too. */
function withoutHidden(batch: Batch, { node, hidden }: CompiledNode, input: Member): Batch {
  if (batch.vectors.length === node.schema.length) return batch;
  const from = input.table.schema.length;
  return { ...batch, vectors: batch.vectors.filter((_, at) => at < from || at >= from + hidden.length) };
}
