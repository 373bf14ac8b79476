/**
 * One run of a region: over one batch of its source where the region is row-local, over all its rows where it is not. Passes go on until no clause raises a repair
 * (S8); the cross-row nodes of a level see their changed groups when the levels below have none left (S9).
 */
import type { NodeId } from '../../planner/graph.ts';
import type { Batch, Vector } from '../batch.ts';
import type { RunError } from '../errors.ts';
import type { Compile } from '../relational/index.ts';
import { actOn } from './act.ts';
import type { Raised, RepairEntry } from './act.ts';
import type { CompiledNode, CompiledRegion } from './compiled.ts';
import type { Rung } from './ladder.ts';
import { CombinedGroups } from './combined.ts';
import { Groups } from './groups.ts';
import { isAlive } from './members.ts';
import type { Member } from './members.ts';
import type { Chain } from './origin.ts';
import { Origin } from './origin.ts';
import { JoinPairs } from './pairs.ts';
import { advanceRowByRow } from './row-wise.ts';
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

/** What an alternative of an operator was given for rows of the input, and which rows it gave. */
export interface OperatorCall {
  readonly conjecture: number;
  readonly rows: Int32Array;
  readonly inputs: readonly Vector[];
  readonly gave: Int32Array;
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
    table.parents.pushNone(batch.length);
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
    const parts: (readonly Raised[])[] = [];
    this.view = new SettledView();
    for (const member of this.members.values()) {
      if (member.level <= level && member.inputs.length > 0) parts.push(await this.advance(member));
    }
    return parts.flat();
  }

  private async advance(member: Running): Promise<readonly Raised[]> {
    if (member.cross !== null) return (await member.cross.update(member, this)) ?? [];
    return advanceRowByRow(this, member);
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
