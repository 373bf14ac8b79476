/** What became of a source row: the outputs it reached, and where and by which clause it ended on every other way. */
import type { NodeId } from '../../planner/graph.ts';
import type { NodeFacts, OutputFacts } from './manifest.ts';
import type { Lineage, RowRef, SourcePlace } from './reader.ts';
import type { RecordedRepair } from './region.ts';
import { readOf, repairStep } from './story.ts';
import type { NamedValue, Step } from './story.ts';

export interface Reached {
  readonly kind: 'reached';
  /** The row of the output's input. */
  readonly ref: RowRef;
  readonly output: OutputFacts;
  /** From 0. */
  readonly position: number;
}

export interface EndedAt {
  readonly kind: 'ended';
  /** The last row version there was. */
  readonly ref: RowRef;
  readonly label: string;
  /** The clause that ended it, in the script's words. */
  readonly clause: string;
  readonly script: SourcePlace;
  readonly how: string;
  /** What the clause read of the row. */
  readonly read: readonly NamedValue[];
  /** Nothing ended it: the rowset is not read any further. */
  readonly unread: boolean;
}

export type Fate = Reached | EndedAt;

/** Row versions that are followed; a source line of a CROSS JOIN may have any number. */
const MOST = 20_000;

export interface Fates {
  readonly fates: readonly Fate[];
  /** The repairs that it went through on its ways, as steps that go back to none. */
  readonly repairs: readonly Step[];
  /** There were more ways than were followed. */
  readonly cut: boolean;
}

export function fatesOf(lineage: Lineage, ref: RowRef): Fates {
  return new Walk(lineage).from(ref);
}

class Walk {
  private readonly lineage: Lineage;
  private readonly seen = new Set<string>();
  private readonly waiting: RowRef[] = [];
  private readonly fates: Fate[] = [];
  private readonly repairs: Step[] = [];

  constructor(lineage: Lineage) {
    this.lineage = lineage;
  }

  from(ref: RowRef): Fates {
    this.follow([ref]);
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.visit(next);
    return { fates: this.fates, repairs: this.repairs, cut: this.seen.size >= MOST };
  }

  private follow(refs: readonly RowRef[]): boolean {
    for (const ref of refs) {
      const key = `${ref.node} ${ref.row}`;
      if (this.seen.has(key) || this.seen.size >= MOST) continue;
      this.seen.add(key);
      this.waiting.push(ref);
    }
    return refs.length > 0;
  }

  private visit(ref: RowRef): void {
    const { lineage } = this;
    const repairs = lineage.repairsOf(ref);
    this.repairs.push(...repairs.map((repair) => repairStep(lineage, ref, repair, [])));
    this.follow(
      repairs.flatMap(({ kind, copy }) => (kind === 'append' && copy >= 0 ? [{ node: ref.node, row: copy }] : [])),
    );
    if (lineage.isDead(ref)) {
      this.visitDead(ref, repairs);
      return;
    }
    const takers = lineage.takersOf(ref.node).filter(({ node }) => node.kind !== 'routed');
    if (takers.length === 0) this.unread(ref);
    for (const { node, side } of takers) this.take(ref, node, side);
  }

  /** A row that a repair ended; one that died with a row it was made from has its story there. */
  private visitDead(ref: RowRef, repairs: readonly RecordedRepair[]): void {
    for (const repair of repairs) {
      switch (repair.kind) {
        case 'edit':
          this.follow([{ node: ref.node, row: repair.copy }]);
          break;
        case 'delete':
          this.deleted(ref, repair);
          break;
        case 'retry':
        case 'append':
          // The answers of the next alternative are rows of the same call, and are found from there.
          break;
      }
    }
  }

  private deleted(ref: RowRef, { clause, by, reason }: RecordedRepair): void {
    const node = this.lineage.node(clause);
    const read = node.kind === 'handle' ? readOf(this.lineage, node, 0, by) : [];
    this.end(ref, node, reason === '' ? 'deleted' : `deleted: ${reason}`, read);
  }

  private take(ref: RowRef, node: NodeFacts, side: number): void {
    const { lineage } = this;
    if (node.kind === 'output') {
      this.reach(ref, node);
      return;
    }
    const routed = this.routedBy(node, ref.row);
    const children = lineage.childrenOf(node.id, side, ref.row);
    const live = children.filter((child) => !lineage.isDead(child));
    // Of a group only its last version counts.
    const isGroup = live.length > 0 && lineage.listsWith(node.id, side, ref.row).length > 0;
    const repaired = isGroup
      ? []
      : children.filter((child) => lineage.isDead(child) && acted(lineage.repairsOf(child)));
    if (this.follow([...live, ...repaired, ...routed])) return;
    const told = lineage.endedText(node.id, ref.row);
    this.end(ref, node, told ?? this.reason(ref, node, side), readOf(lineage, node, side, ref));
  }

  private reason(ref: RowRef, node: NodeFacts, side: number): string {
    if (side === 1 && node.rightDecides) return 'rows of the right side only decide which rows of the left stay';
    if (node.kind === 'combine' && this.lineage.listsWith(node.id, side, ref.row).length === 0) {
      return 'COMBINE: the other side has no group for it';
    }
    return node.loses;
  }

  /** Rows of what the clauses of a node routed. */
  private routedBy({ id }: NodeFacts, row: number): readonly RowRef[] {
    return this.lineage
      .takersOf(id)
      .filter(({ node }) => node.kind === 'routed')
      .flatMap(({ node, side }) => this.lineage.childrenOf(node.id, side, row))
      .filter((child) => !this.lineage.isDead(child));
  }

  private reach(ref: RowRef, node: NodeFacts): void {
    for (const { part, position } of this.lineage.writtenAt(node.id, ref.row)) {
      const output = this.lineage.manifest.outputs.find((one) => one.node === node.id && one.part === part);
      if (output !== undefined) this.fates.push({ kind: 'reached', ref, output, position });
    }
  }

  private unread(ref: RowRef): void {
    const node = this.lineage.node(ref.node);
    this.end(ref, node, `no output and no clause reads ${node.label} any further`, [], true);
  }

  private end(ref: RowRef, node: NodeFacts, how: string, read: readonly NamedValue[], unread = false): void {
    const { label, text, place } = node;
    this.fates.push({ kind: 'ended', ref, label, clause: text, script: place, how, read, unread });
  }
}

function acted(repairs: readonly RecordedRepair[]): boolean {
  return repairs.some(({ kind }) => kind !== 'retry');
}

/** Rows that the clause of a reader's ON ERROR ROUTE TO made of a line. */
export function routedLine(lineage: Lineage, extract: NodeId, number: number): readonly RowRef[] {
  return lineage
    .takersOf(extract)
    .filter(({ node }) => node.kind === 'routed')
    .flatMap(({ node, side }) => lineage.childrenOf(node.id, side, number));
}

/** The fates of a line that the reader did not take. */
export function rejectedFates(lineage: Lineage, extract: NodeId, number: number, reason: string): Fates {
  const rows = routedLine(lineage, extract, number);
  if (rows.length > 0) {
    const all = rows.map((row) => fatesOf(lineage, row));
    return joined(all);
  }
  const { label, text, place } = lineage.node(extract);
  const ref = { node: extract, row: -1 };
  return {
    fates: [{ kind: 'ended', ref, label, clause: text, script: place, how: reason, read: [], unread: false }],
    repairs: [],
    cut: false,
  };
}

/** What became of several rows. */
export function joined(all: readonly Fates[]): Fates {
  return {
    fates: all.flatMap(({ fates }) => fates),
    repairs: all.flatMap(({ repairs }) => repairs),
    cut: all.some(({ cut }) => cut),
  };
}
