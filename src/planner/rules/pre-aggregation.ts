import { isDivisible, isOurs, isRowByRow } from '../divide.ts';
import type { AggregateNode, ExtractNode, NodeId } from '../graph.ts';
import { localRule } from './match.ts';
import type { View } from './match.ts';

/**
 * Marks a GROUP BY whose rows come from a file through steps that look at one row: each part of the file is grouped where it is read, and only groups are
 * handed on. Every aggregate but one over DISTINCT values can be put together from those of parts, and says the same.
 */
export const preAggregation = localRule(
  'pre-aggregation',
  'threads that read parts of a file hand on groups, not rows',
  (node, view) => {
    if (node.kind !== 'aggregate' || node.inParts === true || !canMerge(node) || view.fixed.has(node.id)) return null;
    const found = sourceOf(node.input, view);
    if (found === null) return null;
    return {
      edits: { put: [{ ...node, inParts: true }] },
      touched: [node.id, ...found.passed],
      what: `parts of ${found.source.label} are grouped for ${node.label} where they are read`,
    };
  },
);

function canMerge(node: AggregateNode): boolean {
  return isOurs(node) && node.aggregates.every(({ value }) => !value.distinct);
}

/** The file that the rows of a node come from, past nodes that nothing else reads. */
function sourceOf(
  input: NodeId,
  view: View,
): { readonly source: ExtractNode; readonly passed: readonly NodeId[] } | null {
  const passed: NodeId[] = [];
  for (let node = view.nodes.get(input); node !== undefined && !view.fixed.has(node.id);) {
    passed.push(node.id);
    if (node.kind === 'extract') return isDivisible(node) ? { source: node, passed } : null;
    if (!isRowByRow(node) || !('input' in node)) return null;
    node = view.nodes.get(node.input);
    if (node !== undefined && view.readers.get(node.id)?.length !== 1) return null;
  }
  return null;
}
