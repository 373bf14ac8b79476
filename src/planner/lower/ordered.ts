/** S14 made explicit: which unions interleave, and what clauses of different sources route to one name as a union. */
import type { GraphNode, NodeId, RoutedNode, UnionNode } from '../graph.ts';
import { orderRoot } from '../order.ts';

/** `sorted` are in topological order, and so is the answer. */
export function withOrder(sorted: readonly GraphNode[]): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  const roots = new Map<NodeId, NodeId>();
  let nextId = 1 + sorted.reduce((highest, node) => Math.max(highest, node.id), -1);
  const place = (node: GraphNode): void => {
    nodes.push(node);
    roots.set(node.id, orderRoot(node, roots));
  };
  for (const node of sorted) {
    if (node.kind === 'union') {
      place({ ...node, interleave: roots.get(node.left) === roots.get(node.right) });
    } else if (node.kind === 'routed') {
      const parts = splitByRoot(node, roots, () => nextId++);
      for (const part of parts) place(part);
    } else place(node);
  }
  return nodes;
}

/**
 * A union takes its inputs from the left, so the clauses of the first source interleave and each later one follows whole. The last
 * of the nodes has the id of the routed node.
 */
function splitByRoot(
  node: RoutedNode,
  roots: ReadonlyMap<NodeId, NodeId>,
  freshId: () => NodeId,
): readonly GraphNode[] {
  const [first, ...rest] = node.from;
  const other = rest.findIndex((from) => roots.get(from) !== roots.get(first ?? -1));
  if (other === -1) return [node];
  const groups = [node.from.slice(0, other + 1), ...rest.slice(other).map((from) => [from])];
  const parts = groups.map((from, at): RoutedNode => ({
    ...node,
    id: freshId(),
    from,
    label: `${node.label}.${at + 1}`,
  }));
  const unions: UnionNode[] = [];
  for (const [at, right] of parts.entries()) {
    const left = unions.at(-1) ?? parts[0];
    if (at === 0 || left === undefined) continue;
    const last = at === parts.length - 1;
    const { schema, hints, span, label } = node;
    const id = last ? node.id : freshId();
    unions.push({
      kind: 'union',
      id,
      label: last ? label : `${label}.union`,
      left: left.id,
      right: right.id,
      interleave: false,
      schema,
      hints,
      span,
    });
  }
  return [...parts, ...unions];
}
