/** The regions of a graph: its strongly connected components with the back edges. */
import { repairTargets } from './back-edges.ts';
import { type Graph, type GraphNode, inputsOf, type JoinNode, type NodeId } from './graph.ts';
import { lineageUses } from './lineage.ts';
import type { LineageUse } from './lineage.ts';
import type { Region } from './plan.ts';

export function regionsOf(graph: Graph): readonly Region[] {
  if (graph.backEdges.length === 0) return [];
  const targets = repairTargets(graph.backEdges);
  const loops = components(graph, []).filter((nodes) => nodes.length > 1 || loopsOnItself(graph, nodes));
  return components(graph, lineageUses(graph))
    .filter((nodes) => nodes.length > 1 || loopsOnItself(graph, nodes))
    .map((nodes, id) => {
      const inside = new Set(nodes);
      const members = graph.nodes.filter((node) => inside.has(node.id));
      return {
        id,
        nodes: members.map((node) => node.id),
        loops: loops.filter(([first]) => first !== undefined && inside.has(first)),
        rowLocal: members.every((node) => isRowWise(node, inside)),
        origins: members.filter((node) => targets.has(node.id)).map((node) => node.id),
      };
    });
}

/** Nodes of regions, for rules: inside one nothing is moved. */
export function nodesInRegions(graph: Graph): ReadonlySet<NodeId> {
  return new Set(regionsOf(graph).flatMap((region) => region.nodes));
}

/**
 * Each row of its output comes from one row of the input of `inside`. A join is row-wise where the other side comes from outside and no row that it keeps waits for
 * what is inside.
 */
export function isRowWise(node: GraphNode, inside: ReadonlySet<NodeId>): boolean {
  switch (node.kind) {
    case 'extract':
    case 'values':
    case 'filter':
    case 'project':
    case 'explode':
    case 'process':
    case 'union':
    case 'handle':
    case 'routed':
    case 'output':
      return true;
    case 'join':
      return !joinsAcross(node, inside);
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'sort':
    case 'top':
    case 'reduce':
    case 'combine':
      return false;
  }
}

/** Whether a row of the join depends on several rows of `inside`: on one of each side, or on all that could meet a row that is kept or taken by itself. */
function joinsAcross({ type, left, right }: JoinNode, inside: ReadonlySet<NodeId>): boolean {
  switch (type) {
    case 'inner':
    case 'cross':
      return inside.has(left) && inside.has(right);
    case 'left':
    case 'semi':
    case 'anti':
      return inside.has(right);
    case 'right':
      return inside.has(left);
    case 'full':
      return inside.has(left) || inside.has(right);
  }
}

function loopsOnItself(graph: Graph, nodes: readonly NodeId[]): boolean {
  return graph.backEdges.some((edge) => edge.from === edge.to && nodes.includes(edge.from));
}

/** Tarjan's strongly connected components (SIAM J. Comput. 1, 1972), with a stack of its own; in order of their first node. */
function components(graph: Graph, uses: readonly LineageUse[]): readonly (readonly NodeId[])[] {
  const successors = successorsOf(graph, uses);
  const index = new Map<NodeId, number>();
  const low = new Map<NodeId, number>();
  const open: NodeId[] = [];
  const isOpen = new Set<NodeId>();
  const found: NodeId[][] = [];
  const lower = (node: NodeId, to: number): void => void low.set(node, Math.min(low.get(node) ?? to, to));
  for (const { id: root } of graph.nodes) {
    if (index.has(root)) continue;
    const path: { readonly node: NodeId; next: number }[] = [];
    const enter = (node: NodeId): void => {
      low.set(node, index.size);
      index.set(node, index.size);
      open.push(node);
      isOpen.add(node);
      path.push({ node, next: 0 });
    };
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const successor = successors.get(top.node)?.[top.next];
      top.next += 1;
      if (successor !== undefined) {
        if (!index.has(successor)) enter(successor);
        else if (isOpen.has(successor)) lower(top.node, index.get(successor) ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lower(parent.node, low.get(top.node) ?? 0);
      if (low.get(top.node) === index.get(top.node)) {
        const component = open.splice(open.indexOf(top.node));
        for (const node of component) isOpen.delete(node);
        found.push(component);
      }
    }
  }
  const first = (component: readonly NodeId[]): number => Math.min(...component.map((node) => index.get(node) ?? 0));
  return found.toSorted((a, b) => first(a) - first(b));
}

function successorsOf(graph: Graph, uses: readonly LineageUse[]): ReadonlyMap<NodeId, readonly NodeId[]> {
  const successors = new Map<NodeId, NodeId[]>(graph.nodes.map((node) => [node.id, []]));
  for (const node of graph.nodes) for (const input of inputsOf(node)) successors.get(input)?.push(node.id);
  for (const edge of graph.backEdges) successors.get(edge.from)?.push(edge.to);
  for (const use of uses) successors.get(use.from)?.push(use.to);
  return successors;
}
