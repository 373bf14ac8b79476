/** What leaves a region when it has settled: the live rows of a member, by the Order rule, numbered by their order root (S14). */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import { pickRows } from '../relational/pick-rows.ts';
import { valueAt } from '../vectors.ts';
import { compareRows, isUntouched, rootRow } from './members.ts';
import type { Ending, RegionRun, Running } from './run.ts';
import { isChain } from './settled.ts';
import { batchOfValues } from './table.ts';

/**
 * The settled rows of a member. `sequence` is that of the source's batch, or 0 for a region that ran over all rows. Rows of members with one root have ordinals that
 * compare.
 */
export function settledBatch(run: RegionRun, member: Running, sequence: number): Batch {
  const sole = asItCame(member);
  if (sole !== null) return { ...sole, sequence };
  const rows = run.settled.order(member);
  const ordinals = run.settled.ordinals(member);
  return {
    length: rows.length,
    vectors: member.table.gather(rows),
    sequence,
    ordinals: rows.map((row) => ordinals[row] ?? 0),
    source: null,
  };
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
  const bySequence = new Map<number, number[]>();
  run.settled.order(member).forEach((row, at) => {
    const entered = rootRow(member, row, root);
    const { sequence } = entered.member.table.placeOf(entered.row).batch;
    const places = bySequence.get(sequence) ?? [];
    places.push(at);
    bySequence.set(sequence, places);
  });
  return [...bySequence].map(([sequence, places]) => ({
    batch: { ...pickRows(batch, Int32Array.from(places)), sequence },
    rows: Int32Array.from(places, (at) => rows?.[at] ?? at),
  }));
}

/** What a clause, or an operator's ON ERROR, routed and what settled with it, in row order, with the columns of the routed node. */
export function routedBatch(run: RegionRun, clause: NodeId, node: GraphNode, sequence: number): Batch {
  const rows = routedRows(run, clause);
  const ordinals = rows.map(({ member, row }) => run.settled.ordinals(run.memberOf(member.node.id))[row] ?? 0);
  return { ...routedValues(rows, node), sequence, ordinals: Int32Array.from(ordinals) };
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
export function routedRows(run: RegionRun, clause: NodeId): readonly Ending[] {
  return run.endings
    .filter((ending) => ending.kind === 'route' && ending.clause === clause && run.counts(ending))
    .toSorted((a, b) => compareRows(a.member, a.row, b.row));
}
