/** The end of a pass: what was raised acts, in the order of the clauses in the script, then in row order; what died meanwhile is stale (S8). */
import type { Span } from '../../diagnostics/span.ts';
import type { NodeId } from '../../planner/graph.ts';
import type { Trail } from '../../planner/trails.ts';
import type { Value } from '../../typecheck/types.ts';
import { Copies } from './copies.ts';
import type { RepairRung } from './ladder.ts';
import { compareRows, isAlive, parentMember } from './members.ts';
import type { Ancestor, Member } from './members.ts';
import type { Chain } from './origin.ts';
import { fired } from './origin.ts';
import type { RegionRun, Running } from './run.ts';
import { COPIES_PER_FIRING } from './runaway.ts';
import type { Table } from './table.ts';

export interface Raised {
  /** The clause or operator, and its place in the script. */
  readonly node: NodeId;
  readonly span: Span;
  readonly rung: RepairRung;
  /** The member and row that raised it. */
  readonly input: Member;
  readonly row: number;
  /** Of a group that failed: its other members. */
  readonly others?: readonly number[];
  /** Of a pair of groups that failed: the members of the other side. */
  readonly partners?: readonly Ancestor[];
  /** Of a COMBINE: which of its inputs has the row; those of the left one come first. */
  readonly side?: number;
  readonly ancestors: readonly Ancestor[];
  /** A call that failed on the row and is to be made again by the next alternative, in place of ancestors. */
  readonly ownCall: { readonly member: Running; readonly chain: Chain } | null;
  readonly changes: readonly { readonly node: NodeId; readonly column: string; readonly value: Value }[];
  readonly reason: string;
  readonly run: RegionRun;
}

/** One repair that acted, for the repair log. */
export interface RepairEntry {
  /** One firing of a clause may change several rows (through a group): they share the number. */
  readonly firing: number;
  readonly clause: NodeId;
  readonly kind: RepairRung['kind'];
  readonly origin: NodeId;
  /** The way there from the row that raised it. */
  readonly trail: Trail | null;
  /** Of an EDIT or APPEND each column it sets; of a DELETE or RETRY the column it names, with nothing behind it. */
  readonly changes: readonly Change[];
  readonly reason: string;
  /** How many repairs the row has behind it now. */
  readonly attempt: number;
  readonly member: Member;
  readonly row: number;
  /** The row that an EDIT or APPEND made; −1 for other repairs. */
  readonly copy: number;
  /** The row that raised it. */
  readonly by: Ancestor;
}

export interface Change {
  readonly column: string;
  readonly before: Value;
  readonly after: Value;
}

/** Gives the number of firings so far, the clause of each repair that was stale, and the one that went too far, behind which none acted. */
export function actOn(
  raised: readonly Raised[],
  firedBefore: number,
  log: (entry: RepairEntry) => void,
): { readonly fired: number; readonly stale: readonly NodeId[]; readonly runaway: Raised | null } {
  const copies = new Copies();
  const counted = new Map<string, () => void>();
  const stale: NodeId[] = [];
  let firings = firedBefore;
  for (const one of inOrder(raised)) {
    if (isStale(one)) {
      stale.push(one.node);
      continue;
    }
    const calls = one.rung.kind === 'retry' ? new Set<number>() : NO_CALLS;
    for (const ancestor of one.ancestors) {
      // A copy among the ancestors may have died with the one before it.
      if (!isAlive(ancestor.member, ancestor.row)) continue;
      repair(one, firings, ancestor, copies, calls, log);
      if (!countsOnRow(one, ancestor)) continue;
      const { origin } = ancestor.member;
      counted.set(`${one.rung.key} ${ancestor.member.node.id} ${ancestor.row}`, () =>
        origin?.countCopy(ancestor.row, one.rung.key),
      );
      if (origin !== null && origin.copiesOfCopies(ancestor.row) > COPIES_PER_FIRING * one.rung.limit)
        return { fired: firings, stale, runaway: one };
    }
    if (one.ownCall !== null) askOwn(one, one.ownCall, firings, log);
    firings += 1;
  }
  copies.flush();
  for (const count of counted.values()) count();
  return { fired: firings, stale, runaway: null };
}

const NO_CALLS = new Set<number>();

/** Whether its row, or one that it would act on, has died meanwhile. */
function isStale({ input, row, others, partners, ancestors }: Raised): boolean {
  if (!isAlive(input, row)) return true;
  if (others?.some((other) => !isAlive(input, other)) === true) return true;
  if (partners?.some((one) => !isAlive(one.member, one.row)) === true) return true;
  for (const one of ancestors) if (!isAlive(one.member, one.row)) return true;
  return false;
}

/** S13: an APPEND from above a cross-row node, once a pass. */
function countsOnRow({ rung, run, node }: Raised, { member }: Ancestor): boolean {
  return rung.kind === 'append' && run.memberOf(node).level > member.level;
}

function inOrder(raised: readonly Raised[]): readonly Raised[] {
  for (let at = 1; at < raised.length; at += 1) {
    const [before, one] = [raised[at - 1], raised[at]];
    // What one clause raised stands in order most of the time.
    if (before !== undefined && one !== undefined && compare(before, one) > 0) return raised.toSorted(compare);
  }
  return raised;
}

function compare(a: Raised, b: Raised): number {
  const places = a.span.source - b.span.source || a.span.start - b.span.start || (a.side ?? 0) - (b.side ?? 0);
  return places || compareAcross(a, b) || a.node - b.node;
}

/** The steps of one statement that share an ON ERROR: rows of the later one stand where those that they were made from do. */
function compareAcross(a: Raised, b: Raised): number {
  if (a.input === b.input) return compareRows(a.input, a.row, b.row);
  const order = [...a.run.members.keys()];
  const placeOf = ({ member }: Ancestor): number => order.indexOf(member.node.id);
  let one: Ancestor | null = { member: a.input, row: a.row };
  let other: Ancestor | null = { member: b.input, row: b.row };
  while (one !== null && other !== null && one.member !== other.member) {
    if (placeOf(one) > placeOf(other)) one = firstParent(one);
    else other = firstParent(other);
  }
  return one === null || other === null ? 0 : compareRows(one.member, one.row, other.row);
}

function firstParent({ member, row }: Ancestor): Ancestor | null {
  const parent = parentMember(member, row);
  const first = member.table.members.get(row)?.[0] ?? member.table.parents.at(row);
  return parent === null || first < 0 ? null : { member: parent, row: first };
}

function repair(
  { rung, run, changes, node: clause, reason, input, row: raising }: Raised,
  firing: number,
  { member, row }: Ancestor,
  copies: Copies,
  calls: Set<number>,
  log: (entry: RepairEntry) => void,
): void {
  const at = run.memberOf(member.node.id);
  const { origin, table } = at;
  if (origin === null) throw new TypeError('a repair goes to a node that is no origin');
  const here = changes.length === 1 ? changes : changes.filter(({ node }) => node === member.node.id);
  const copy = rung.kind === 'edit' || rung.kind === 'append' ? copies.add(at, row, here) : -1;
  log({
    firing,
    clause,
    kind: rung.kind,
    origin: member.node.id,
    trail: rung.trail,
    changes:
      here.length === 0
        ? [changed(table, row, rung.column, null)]
        : here.map(({ column, value }) => changed(table, row, column, value)),
    reason,
    attempt: origin.repairsOf(row) + 1,
    member,
    row,
    copy,
    by: { member: input, row: raising },
  });
  switch (rung.kind) {
    case 'edit':
      origin.edit(row, copy, rung.key);
      break;
    case 'append':
      origin.append(row, copy, rung.key);
      break;
    case 'delete':
      origin.delete(row);
      break;
    case 'retry': {
      const call = table.parents.at(row);
      if (calls.has(call)) break;
      calls.add(call);
      askAgain(at, row, call, rung.key);
      break;
    }
  }
}

function changed(table: Table, row: number, column: string, after: Value): Change {
  const index = table.schema.findIndex(({ name }) => name === column);
  return { column, before: index < 0 ? null : table.value(row, index), after };
}

/** A call that gave no row: nothing dies with it. */
function askOwn(
  { rung, row, node, reason, input }: Raised,
  { member, chain }: NonNullable<Raised['ownCall']>,
  firing: number,
  log: (entry: RepairEntry) => void,
): void {
  const next = fired(chain, rung.key);
  callNext(member, row, next);
  const entry = { firing, clause: node, kind: rung.kind, origin: member.node.id, trail: rung.trail, reason };
  const changes = [{ column: rung.column, before: null, after: null }];
  log({ ...entry, changes, attempt: next.repairs, member: input, row, copy: -1, by: { member: input, row } });
}

function callNext(at: Running, call: number, chain: Chain): void {
  const conjecture = (at.conjectures.get(call) ?? 0) + 1;
  at.conjectures.set(call, conjecture);
  at.retries.push({ parent: call, conjecture, chain });
}

/** S5: all rows of the operator's call die; the next conjecture answers in the next pass. */
function askAgain(at: Running, row: number, call: number, key: string): void {
  const { origin, table } = at;
  if (origin === null) return;
  const chain = origin.fired(row, key);
  callNext(at, call, chain);
  // The computed rows of one call stand side by side.
  const base = origin.baseOf(row);
  for (let other = base; other >= 0 && table.parents.at(other) === call; other -= 1) origin.deleteAll(other);
  for (let other = base + 1; other < table.length && table.parents.at(other) === call; other += 1)
    origin.deleteAll(other);
}
