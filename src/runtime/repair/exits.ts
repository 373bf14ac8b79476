/** What leaves a region when it has settled: the live rows of a member, by the Order rule, numbered by their order root (S14). */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import { pickRows } from '../relational/pick-rows.ts';
import { valueAt } from '../vectors.ts';
import { compareRows, isChain, isUntouched, rootRow, unrooted } from './members.ts';
import type { Member } from './members.ts';
import type { Ending, RegionRun, Running } from './run.ts';
import { batchOfValues } from './table.ts';

/**
 * The settled rows of a member. `sequence` is that of the source's batch, or 0 for a region that ran over all rows. Rows of members with one root have ordinals that
 * compare.
 */
export function settledBatch(run: RegionRun, member: Running, sequence: number): Batch {
  const sole = asItCame(member);
  if (sole !== null) return { ...sole, sequence };
  const line = run.settled.line(member);
  const vectors = line === null ? member.table.gather(run.settled.order(member)) : member.table.lined(line);
  const length = line === null ? run.settled.order(member).length : line.count;
  return { length, vectors, sequence, ordinals: ordinalsOf(run, member, length), source: null };
}

function ordinalsOf(run: RegionRun, member: Running, length: number): Int32Array | null {
  // All rows of the order root, one for each: they are numbered 0, 1, 2 …
  if (standsForRoot(member) && member.root !== null && run.settled.count(run.memberOf(member.root.node.id)) === length)
    return null;
  const ordinals = run.settled.ordinals(member);
  return run.settled.order(member).map((row) => ordinals[row] ?? 0);
}

/** Whether each row was made from a row of the order root inside the region, and no two from one. */
function standsForRoot(member: Running): boolean {
  if (member === member.root) return !member.entry;
  const { kind } = member.node;
  const [input] = member.inputs;
  return (
    (kind === 'handle' || kind === 'filter' || kind === 'project') &&
    member.origin === null &&
    input !== undefined &&
    standsForRoot(input)
  );
}

/** The rows of {@link settledBatch}; null for all that the member has, as they came. */
export function settledRows(run: RegionRun, member: Running): Int32Array | null {
  return asItCame(member) === null ? run.settled.order(member) : null;
}

/** The only batch of a member that nothing was done to. */
function asItCame(member: Running): Batch | null {
  const sole = member.table.soleBatch();
  return sole !== null && isUntouched(member) && isChain(member) ? sole : null;
}

/** A batch that leaves a region, with its rows in the member's table; null for all, as they came. */
export interface ExitBatch {
  readonly batch: Batch;
  readonly rows: Int32Array | null;
}

/**
 * The settled rows of a region that ran over all of its rows. Where their order root lies outside, they go back into the batches that their ancestors came in,
 * so that they meet the rows that went past the region; else they are one batch.
 */
export function batchesBySequence(run: RegionRun, member: Running): readonly ExitBatch[] {
  const batch = settledBatch(run, member, 0);
  const rows = settledRows(run, member);
  const { root } = member;
  if (root !== null && !root.entry) return [{ batch, rows }];
  const places = bySequence(run.settled.order(member), (row) => sequenceOf(member, row));
  return places.map(([sequence, at]) => ({
    batch: { ...pickRows(batch, at), sequence },
    rows: at.map((place) => rows?.[place] ?? place),
  }));
}

/** The places of rows by their sequence, in its order. */
function bySequence<R>(rows: Iterable<R>, sequenceOf: (row: R) => number): readonly (readonly [number, Int32Array])[] {
  const places = new Map<number, number[]>();
  let at = 0;
  for (const row of rows) {
    const sequence = sequenceOf(row);
    const list = places.get(sequence) ?? [];
    places.set(sequence, list);
    list.push(at);
    at += 1;
  }
  return [...places].toSorted(([a], [b]) => a - b).map(([sequence, list]) => [sequence, Int32Array.from(list)]);
}

/** The batch in which a row's ancestor came; 0 where its order root is of the region. */
function sequenceOf(member: Member, row: number): number {
  const { root } = member;
  if (root !== null && !root.entry) return 0;
  const entered = rootRow(member, row, root);
  const behind = unrooted(entered);
  if (behind > 0) return lastSequence(member) + behind;
  return entered.member.table.placeOf(entered.row).batch.sequence;
}

/** The last batch of the order root outside. */
function lastSequence(member: Member): number {
  const [input] = member.inputs;
  if (input !== undefined) return lastSequence(input);
  return Math.max(-1, ...[...member.table.since(0)].map(({ batch }) => batch.sequence));
}

/** What a clause, or an operator's ON ERROR, routed and what settled with it: its rows, and they with the columns of the routed node. */
export interface RoutedBatch {
  readonly batch: Batch;
  readonly rows: readonly Ending[];
}

/** In row order. `sequence` is that of the source's batch. */
export function routedBatch(run: RegionRun, clause: NodeId, node: GraphNode, sequence: number): RoutedBatch {
  const rows = routedRows(run, clause);
  const ordinals = rows.map(({ member, row }) => run.settled.ordinals(run.memberOf(member.node.id))[row] ?? 0);
  return { batch: { ...routedValues(rows, node), sequence, ordinals: Int32Array.from(ordinals) }, rows };
}

/** Of a region that ran over all of its rows, as {@link batchesBySequence} has them. */
export function routedBySequence(run: RegionRun, clause: NodeId, node: GraphNode): readonly RoutedBatch[] {
  const { batch, rows } = routedBatch(run, clause, node, 0);
  const places = bySequence(rows, ({ member, row }) => sequenceOf(member, row));
  return places.map(([sequence, at]) => ({
    batch: { ...pickRows(batch, at), sequence },
    rows: Array.from(at, (place) => rows[place]).filter((row) => row !== undefined),
  }));
}

/** Routed rows with the columns of the routed node. */
export function routedValues(rows: readonly Ending[], { schema }: GraphNode): Batch {
  const values = rows.map(({ member, row, reason, aside }) =>
    schema.map(({ name }, column): Value => {
      const beside = aside?.batch.vectors[column];
      if (beside !== undefined) return valueAt(beside, aside?.at ?? 0);
      if (name === 'reason') return reason;
      const at = member.table.schema.findIndex((candidate) => candidate.name === name);
      return at < 0 ? null : member.table.value(row, at);
    }),
  );
  return batchOfValues(schema, values);
}

/** What a clause routed and what settled with it, in row order. */
function routedRows(run: RegionRun, clause: NodeId): readonly Ending[] {
  return run.endings
    .filter((ending) => ending.kind === 'route' && ending.clause === clause && run.counts(ending))
    .toSorted((a, b) => compareRows(a.member, a.row, b.row));
}
