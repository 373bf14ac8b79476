/** Topological order of the forward edges, and S14's order roots. */
import { type GraphNode, inputsOf, type NodeId } from './graph.ts';

/**
 * The nodes so that each follows its inputs, otherwise in the order given; null where the forward edges go in a circle (a depth-first
 * post-order, without recursion: chains are as long as scripts).
 */
export function topological(nodes: readonly GraphNode[]): readonly GraphNode[] | null {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const state = new Map<NodeId, 'open' | 'done'>();
  const sorted: GraphNode[] = [];
  for (const root of nodes) {
    const stack: GraphNode[] = [root];
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      if (state.get(node.id) === 'done') {
        stack.pop();
        continue;
      }
      const waiting = inputsOf(node).filter((input) => state.get(input) !== 'done');
      if (waiting.length === 0) {
        state.set(node.id, 'done');
        sorted.push(node);
        stack.pop();
        continue;
      }
      if (state.get(node.id) === 'open' && waiting.some((input) => state.get(input) === 'open')) return null;
      state.set(node.id, 'open');
      for (const input of waiting.toReversed()) {
        const next = byId.get(input);
        if (next === undefined) throw new Error(`node ${node.id} reads node ${input}, which is not in the graph`);
        stack.push(next);
      }
    }
  }
  return sorted;
}

/**
 * S14: the nearest source or cross-row node upstream, going to a join's left input; a union of different roots is its own.
 * Rows of two nodes with one root have a common order. `roots` has those of the node's inputs.
 */
export function orderRoot(node: GraphNode, roots: ReadonlyMap<NodeId, NodeId>): NodeId {
  const rootOf = (id: NodeId): NodeId => roots.get(id) ?? id;
  switch (node.kind) {
    case 'project':
      return node.gathers === true ? node.id : rootOf(node.input);
    case 'filter':
    case 'explode':
    case 'process':
    case 'handle':
    case 'output':
      return rootOf(node.input);
    case 'join':
      return rootOf(node.left);
    case 'union':
      return node.interleave ? rootOf(node.left) : node.id;
    case 'routed': {
      const first = node.from[0];
      return first === undefined ? node.id : rootOf(first);
    }
    case 'extract':
    case 'values':
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'sort':
    case 'top':
    case 'reduce':
    case 'combine':
      return node.id;
  }
}
