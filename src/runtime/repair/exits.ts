/** What leaves a region when it has settled: the live rows of a member, by the Order rule, numbered by their order root (S14). */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import { pickRows } from '../relational/pick-rows.ts';
import { concat, vectorOf } from '../vectors.ts';
import { compareRows, isAlive, isUntouched, rootRow } from './members.ts';
import type { Member } from './members.ts';
import type { Ending, RegionRun } from './run.ts';
import { batchOfValues } from './table.ts';

export interface Settled {
  readonly rows: Int32Array;
  readonly batch: Batch;
}

/**
 * The settled rows of a member. `sequence` is that of the source's batch, or 0 for a region that ran over all rows. Rows of members with one root get ordinals that
 * compare: a row's ordinal is the place of its root row among the settled ones, or the one it came with from outside.
 */
export function settledRows(member: Member, sequence: number): Settled {
  const all = Int32Array.from({ length: member.table.length }, (_, row) => row);
  const sole = member.table.soleBatch();
  if (sole !== null && isUntouched(member) && isChain(member)) return { rows: all, batch: { ...sole, sequence } };
  const rows = (isUntouched(member) ? all : all.filter((row) => isAlive(member, row))).toSorted((a, b) =>
    compareRows(member, a, b),
  );
  const batch: Batch = {
    length: rows.length,
    vectors: member.table.gather(rows),
    sequence,
    ordinals: ordinalsOf(member, rows),
    source: null,
  };
  return { rows, batch };
}

/** Whether the rows came one by one from those of one source or entry, so that they already stand in order, with its ordinals. */
function isChain(member: Member): boolean {
  const [input, ...others] = member.inputs;
  return input === undefined || (others.length === 0 && member.level === 0 && isChain(input));
}

function ordinalsOf(member: Member, rows: Int32Array): Int32Array {
  const { root } = member;
  if (root === null || root.entry) return Int32Array.from(rows, (row) => entryOrdinal(member, row, root));
  const places = rootPlaces(root);
  return Int32Array.from(rows, (row) => places.get(rootRow(member, row, root).row) ?? 0);
}

/** The ordinal that the row's ancestor had when it entered the region. */
function entryOrdinal(member: Member, row: number, root: Member | null): number {
  const entered = rootRow(member, row, root);
  const { batch, at } = entered.member.table.placeOf(entered.row);
  return batch.ordinals?.[at] ?? at;
}

function rootPlaces(root: Member): ReadonlyMap<number, number> {
  const rows = Int32Array.from({ length: root.table.length }, (_, row) => row)
    .filter((row) => isAlive(root, row))
    .toSorted((a, b) => compareRows(root, a, b));
  return new Map(Array.from(rows, (row, at) => [row, at]));
}

/** The settled rows alone. */
export function exitRows(member: Member, sequence: number): Batch {
  return settledRows(member, sequence).batch;
}

/**
 * The settled rows of a region that ran over all of its rows. Where their order root lies outside, they go back into the batches that their ancestors came in,
 * so that they meet the rows that went past the region; else they are one batch.
 */
export function batchesBySequence(member: Member): readonly Batch[] {
  const { rows, batch } = settledRows(member, 0);
  const { root } = member;
  if (root !== null && !root.entry) return [batch];
  const bySequence = new Map<number, number[]>();
  rows.forEach((row, at) => {
    const entered = rootRow(member, row, root);
    const { sequence } = entered.member.table.placeOf(entered.row).batch;
    const places = bySequence.get(sequence) ?? [];
    places.push(at);
    bySequence.set(sequence, places);
  });
  return [...bySequence].map(([sequence, places]) => ({ ...pickRows(batch, Int32Array.from(places)), sequence }));
}

/** What a clause, or an operator's ON ERROR, routed and what settled with it, in row order, with the columns of the routed node. */
export function routedBatch(run: RegionRun, clause: NodeId, node: GraphNode, sequence: number): Batch {
  const rows = routedRows(run, clause);
  const values = rows.map(({ member, row, reason }) =>
    node.schema.map(({ name }): Value => {
      if (name === 'reason') return reason;
      const at = member.table.schema.findIndex((column) => column.name === name);
      return at < 0 ? null : member.table.value(row, at);
    }),
  );
  const aside = run.sideRoutes.filter((one) => one.clause === clause);
  const live = aside.flatMap(({ member, rows: from, batch }) => {
    const places = Int32Array.from(from.keys()).filter((at) => isAlive(member, from[at] ?? -1));
    return places.length === 0 ? [] : [pickRows(batch, places)];
  });
  const own = batchOfValues(node.schema, values);
  const all = [own, ...live];
  const ordinals = rows.map(({ member, row }) => ordinalsOf(member, Int32Array.of(row))[0] ?? 0);
  return {
    length: all.reduce((sum, { length }) => sum + length, 0),
    vectors: node.schema.map(({ type }, at) =>
      concat(
        all.map(({ vectors }) => vectors[at] ?? vectorOf(type, [])),
        type,
      ),
    ),
    sequence,
    ordinals: live.length === 0 ? Int32Array.from(ordinals) : null,
    source: null,
  };
}

/** What a clause routed and what settled with it, in row order. */
export function routedRows(run: RegionRun, clause: NodeId): readonly Ending[] {
  return run.endings
    .filter((ending) => ending.kind === 'route' && ending.clause === clause && isAlive(ending.member, ending.row))
    .toSorted((a, b) => compareRows(a.member, a.row, b.row));
}
