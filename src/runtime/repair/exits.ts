/** What leaves a region when it has settled: the live rows of a member, by the Order rule, numbered by their order root (S14). */
import type { NodeId } from '../../planner/graph.ts';
import type { Batch } from '../batch.ts';
import { compareRows, isAlive, isUntouched, rootRow } from './members.ts';
import type { Member } from './members.ts';
import type { Ending, RegionRun } from './run.ts';

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

/** What a clause routed and what settled with it, in row order. */
export function routedRows(run: RegionRun, clause: NodeId): readonly Ending[] {
  return run.endings
    .filter((ending) => ending.kind === 'route' && ending.clause === clause && isAlive(ending.member, ending.row))
    .toSorted((a, b) => compareRows(a.member, a.row, b.row));
}
