import type { GraphNode, JoinNode, NodeId } from '../graph.ts';
import { localRule, type View } from './match.ts';

/** So many keys are held without a thought. */
const FEW = 100_000;
/** The right side must be so many times larger to be worth reading second. */
const TIMES = 2;

/**
 * A join collects its right side. Where the left side is known to be small and the right one is not, the left one is read first, and only those right rows are collected
 * whose key it has. The answer's order stays that of the left. Not where right rows without a partner are wanted, nor where HINT(broadcast) asks for the right side as a whole.
 */
export const joinSide = localRule(
  'join-side',
  'right rows that meet no row of a small left side are not held in memory',
  (node, view) => {
    if (node.kind !== 'join' || node.build === 'left' || node.keys.length === 0 || !needsPartners(node)) return null;
    if (view.fixed.has(node.id) || node.hints.get('broadcast') === true) return null;
    const left = mostRows(node.left, view);
    const right = mostRows(node.right, view);
    if (left === null || left > FEW || (right !== null && right < left * TIMES)) return null;
    return {
      edits: { put: [{ ...node, build: 'left' }] },
      touched: [node.id],
      what: `${node.label} reads its left side first, ${rowsText(left)}, and keeps of the right side what meets it`,
    };
  },
);

/** Whether a right row without a partner is nowhere in the answer. */
function needsPartners({ type }: JoinNode): boolean {
  return type === 'inner' || type === 'left' || type === 'semi' || type === 'anti';
}

/** An upper bound of a node's rows, or what HINT(rows) expects; null where nothing is known. */
function mostRows(id: NodeId, view: View): number | null {
  const node = view.nodes.get(id);
  if (node === undefined) return null;
  const hinted = node.hints.get('rows');
  return typeof hinted === 'number' ? hinted : boundOf(node, view);
}

function boundOf(node: GraphNode, view: View): number | null {
  switch (node.kind) {
    case 'values':
      return node.rows.length;
    case 'top': {
      const input = mostRows(node.input, view);
      return input === null ? node.count : Math.min(node.count, input);
    }
    case 'aggregate':
      return node.keys.length === 0 ? 1 : mostRows(node.input, view);
    case 'filter':
    case 'project':
    case 'window':
    case 'distinct':
    case 'sort':
      return mostRows(node.input, view);
    case 'except':
    case 'intersect':
      return mostRows(node.left, view);
    case 'union': {
      const [left, right] = [mostRows(node.left, view), mostRows(node.right, view)];
      return left === null || right === null ? null : left + right;
    }
    default:
      return null;
  }
}

function rowsText(rows: number): string {
  return `at most ${rows.toLocaleString('en-US')} row${rows === 1 ? '' : 's'}`;
}
