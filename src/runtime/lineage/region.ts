/** Recording of a region when it has settled: all row versions of its nodes with their parents, which of them died, what was repaired, and what ended. */
import type { NodeId } from '../../planner/graph.ts';
import type { Batch } from '../batch.ts';
import { gathersGroups } from '../repair/members.ts';
import type { Member } from '../repair/members.ts';
import type { Ending, RegionRun, Running } from '../repair/run.ts';
import type { Table } from '../repair/table.ts';
import { listed, RowList } from './ids.ts';
import type { LineageRecorder } from './recorder.ts';
import { taggedJson } from './values.ts';

/** A repair as it is kept: rows by node and number. */
export interface RecordedRepair {
  readonly clause: NodeId;
  readonly kind: 'edit' | 'append' | 'delete' | 'retry';
  readonly origin: NodeId;
  /** Of the origin; of a call that gave no row, of its input. */
  readonly row: number;
  /** The call itself failed: `row` is the row it was made on. */
  readonly ofCall: boolean;
  /** −1 where it made none. */
  readonly copy: number;
  readonly changes: readonly { readonly column: string; readonly before: string; readonly after: string }[];
  readonly reason: string;
  readonly attempt: number;
  readonly by: { readonly node: NodeId; readonly row: number };
}

/** Rows that entered a region from outside, and the numbers of its own once it has settled. */
export class RegionRecording {
  private readonly recorder: LineageRecorder;
  private readonly entries = new Map<NodeId, RowList>();
  private readonly firsts = new Map<NodeId, number>();

  constructor(recorder: LineageRecorder) {
    this.recorder = recorder;
  }

  /** Rows that are fed to a member: those of a source inside the region are recorded when it has settled. */
  entered({ entry, node: { id: node } }: Member, batch: Batch): void {
    if (!entry) return;
    const rows = this.entries.get(node) ?? new RowList();
    this.entries.set(node, rows);
    rows.add(this.recorder.rowsOf(node, batch), batch.length);
  }

  /** The number of a row of a member's table; −1 for none. */
  rowOf(member: Member, row: number): number {
    if (row < 0) return -1;
    if (member.entry) return this.entries.get(member.node.id)?.at(row) ?? -1;
    return (this.firsts.get(member.node.id) ?? 0) + row;
  }

  settled(run: RegionRun): void {
    for (const member of run.members.values()) {
      if (member.entry) continue;
      const { node, table } = member;
      const first = this.recorder.allocate(node.id, table.length);
      this.firsts.set(node.id, first);
      for (const { start, batch } of table.since(0)) {
        this.recorder.values(node.id, first + start, batch.vectors, batch.length);
        if (member.inputs.length === 0) this.recorder.place(node.id, first + start, batch);
      }
      this.parentsOf(member, first);
      this.callsOf(member);
      const live = run.settled.live(member);
      this.recorder.dead(
        node.id,
        listed(first, table.length).filter((_, row) => live[row] === 0),
      );
    }
    this.endingsOf(run);
    this.repairsOf(run);
  }

  /** Rows that leave the region; null for all of the member's, as they came. */
  left(member: Member, batch: Batch, rows: Int32Array | null): void {
    const numbers = rows === null ? this.rowOf(member, 0) : Float64Array.from(rows, (row) => this.rowOf(member, row));
    this.recorder.register(member.node.id, batch, numbers);
  }

  /** What a clause routed out of the region. */
  routed(clause: NodeId, batch: Batch, rows: readonly Ending[]): void {
    this.recorder.registerRouted(
      clause,
      batch,
      Float64Array.from(rows, ({ member, row }) => this.rowOf(member, row)),
    );
  }

  private parentsOf(member: Running, first: number): void {
    const { node, table, inputs } = member;
    if (inputs.length === 0) return;
    if (gathersGroups(node)) {
      this.groupsOf(member, first);
      return;
    }
    if (node.kind === 'union' || node.kind === 'routed') {
      const parents = numbers(table, (row) => {
        const side = Math.max(0, table.sides.at(row));
        const input = inputs[side];
        return input === undefined ? -1 : this.rowOf(input, table.parents.at(row)) * inputs.length + side;
      });
      this.recorder.parents(node.id, 0, first, parents);
      return;
    }
    const [left, right] = inputs;
    if (left === undefined) return;
    this.recorder.parents(
      node.id,
      0,
      first,
      numbers(table, (row) => this.rowOf(left, table.parents.at(row))),
    );
    if (right === undefined || node.kind !== 'join') return;
    this.recorder.parents(
      node.id,
      1,
      first,
      numbers(table, (row) => this.rowOf(right, table.partners.at(row))),
    );
  }

  /** Versions of one group that were made together, and their copies, share their list of members. */
  private groupsOf({ node, table, inputs }: Running, first: number): void {
    const [input, right] = inputs;
    if (input === undefined) return;
    const partners = new Map<Int32Array, Int32Array>();
    const lists = new Map<Int32Array, number>();
    const none = new Int32Array();
    const own = numbers(table, (row) => {
      const members = table.members.get(row) ?? none;
      const list = lists.get(members) ?? lists.size;
      lists.set(members, list);
      partners.set(members, table.partnerMembers.get(row) ?? none);
      return list;
    });
    const list = this.recorder.allocateLists(node.id, lists.size);
    this.recorder.lists(
      node.id,
      first,
      own.map((at) => list + at),
    );
    const members = [...lists.keys()].map((rows) => Float64Array.from(rows, (row) => this.rowOf(input, row)));
    this.recorder.members(node.id, 0, list, members);
    if (right === undefined || node.kind !== 'combine') return;
    const others = [...lists.keys()].map((rows) =>
      Float64Array.from(partners.get(rows) ?? none, (row) => this.rowOf(right, row)),
    );
    this.recorder.members(node.id, 1, list, others);
  }

  private callsOf(member: Running): void {
    const [input] = member.inputs;
    if (input === undefined) return;
    const { id } = member.node;
    for (const { rows, conjecture, inputs, gave } of member.calls) {
      const given = Float64Array.from(rows, (row) => this.rowOf(input, row));
      this.recorder.inputs(id, conjecture, given, inputs, given.length);
      if (conjecture === 0) continue;
      const answered = Float64Array.from(gave, (row) => this.rowOf(member, row));
      this.recorder.answered(id, conjecture, answered);
    }
  }

  private endingsOf(run: RegionRun): void {
    const byClause = new Map<NodeId, { row: number; text: string }[]>();
    for (const ending of run.endings) {
      if (ending.kind === 'keep' || ending.kind === 'abort' || !run.counts(ending)) continue;
      const rows = byClause.get(ending.clause) ?? [];
      byClause.set(ending.clause, rows);
      // Of a group all of its rows end.
      for (const row of [ending.row, ...(ending.others ?? [])]) {
        rows.push({ row: this.rowOf(ending.member, row), text: endingText(ending) });
      }
    }
    for (const [clause, rows] of byClause) this.recorder.ended(clause, rows);
  }

  private repairsOf(run: RegionRun): void {
    const byOrigin = new Map<NodeId, RecordedRepair[]>();
    for (const { clause, kind, origin, member, row, copy, changes, reason, attempt, by } of run.log) {
      const repairs = byOrigin.get(origin) ?? [];
      byOrigin.set(origin, repairs);
      repairs.push({
        clause,
        kind,
        origin,
        row: this.rowOf(member, row),
        ofCall: member.node.id !== origin,
        copy: this.rowOf(member, copy),
        changes: changes.map(({ column, before, after }) => ({
          column,
          before: taggedJson(before),
          after: taggedJson(after),
        })),
        reason,
        attempt,
        by: { node: by.member.node.id, row: this.rowOf(by.member, by.row) },
      });
    }
    for (const [origin, repairs] of byOrigin) {
      this.recorder.repairs(
        origin,
        JSON.stringify(repairs),
        repairs.map(({ row }) => row),
        repairs.map(({ copy }) => copy),
      );
    }
  }
}

function numbers(table: Table, of: (row: number) => number): Float64Array {
  return Float64Array.from({ length: table.length }, (_, row) => of(row));
}

function endingText({ kind, rung, reason, depth }: Ending): string {
  const what = rung.kind === 'route' ? `ROUTE TO ${rung.name}` : kind.toUpperCase();
  return `${what}: ${reason}${depth > 0 ? ', and no repair was left' : ''}`;
}
