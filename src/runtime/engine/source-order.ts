/** In which order the sources of a job are read, one after the other: what has to be complete first comes first, so that least has to be kept. */
import type { Graph, GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';

/** The sides of a node in the order in which it wants them: a join collects its right side, a union hands its left side on. */
function wantedOrder(node: GraphNode): readonly NodeId[] {
  const { kind } = node;
  const inputs = inputsOf(node);
  if (kind === 'join' && node.build === 'left') return inputs;
  return kind === 'join' || kind === 'combine' || kind === 'except' || kind === 'intersect'
    ? inputs.toReversed()
    : inputs;
}

export function sourceOrder(graph: Graph): readonly NodeId[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const seen = new Set<NodeId>();
  const order: NodeId[] = [];
  // A script may be thousands of statements deep: no recursion.
  const stack = graph.nodes
    .filter(({ kind }) => kind === 'output')
    .map(({ id }) => id)
    .toReversed();
  stack.unshift(...graph.nodes.map(({ id }) => id).toReversed());
  for (let id = stack.pop(); id !== undefined; id = stack.pop()) {
    const node = nodes.get(id);
    if (node === undefined || seen.has(id)) continue;
    seen.add(id);
    if (node.kind === 'extract' || node.kind === 'values') order.push(id);
    stack.push(...wantedOrder(node).toReversed());
  }
  return order;
}
