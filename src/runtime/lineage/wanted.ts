/** Which columns of which rows made one column of a row: what `why FILE:LINE column` tells of. */
import type { NodeId } from '../../planner/graph.ts';
import type { Lineage, RowRef } from './reader.ts';

/** The columns that matter of a row, by place; null where the row does not matter. */
export type Wanted = (node: NodeId, row: number) => ReadonlySet<number> | 'all' | null;

/** @param column of `ref`; null: all that made the row */
export function columnsWanted(lineage: Lineage, ref: RowRef, column: number | null): Wanted {
  if (column === null) return () => 'all';
  const wanted = new Map<string, Set<number>>();
  const waiting: (readonly [RowRef, number])[] = [[ref, column]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [at, index] = next;
    const key = `${at.node} ${at.row}`;
    const columns = wanted.get(key) ?? new Set<number>();
    wanted.set(key, columns);
    if (columns.has(index)) continue;
    columns.add(index);
    waiting.push(...madeFrom(lineage, at, index));
  }
  return (node, row) => wanted.get(`${node} ${row}`) ?? null;
}

function madeFrom(lineage: Lineage, ref: RowRef, column: number): readonly (readonly [RowRef, number])[] {
  const node = lineage.node(ref.node);
  const facts = node.columns[column];
  if (facts === undefined) return [];
  const repair = lineage.repairMaking(ref);
  if (repair !== null) {
    const before = [{ node: ref.node, row: repair.row }, column] as const;
    if (!repair.changes.some((change) => change.column === facts.name)) return [before];
    // The new value was computed from the row that raised the repair: all of it may matter.
    const raising = lineage.node(repair.by.node).columns.map((_, at) => [repair.by, at] as const);
    return [before, ...raising];
  }
  const { sides } = lineage.made(ref, 1);
  const parents = sides.flat();
  if (facts.place.kind === 'either') {
    return parents.flatMap((parent) => {
      const at = lineage.columnNamed(parent.node, facts.name);
      return at < 0 ? [] : [[parent, at] as const];
    });
  }
  const reads = facts.reads.flatMap(({ side, column: at }) => {
    const [parent] = sides[side] ?? [];
    return parent === undefined ? [] : [[parent, at] as const];
  });
  // COUNT(*), or an operator without inputs: the rows matter, whatever is in them.
  return reads.length > 0
    ? reads
    : parents.flatMap((parent) => (lineage.node(parent.node).columns.length > 0 ? [[parent, 0] as const] : []));
}
