/** Changing graphs: what every rule that moves nodes needs. A graph in, a graph out. */
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { topological } from '../order.ts';
import { withSchemas } from '../schemas.ts';

export type NodeMap = ReadonlyMap<NodeId, GraphNode>;

export function nodesById(graph: Graph): NodeMap {
  return new Map(graph.nodes.map((node) => [node.id, node]));
}

/** The nodes that read each node, once for every time they do. */
export function readersOf(graph: Graph): ReadonlyMap<NodeId, readonly GraphNode[]> {
  const readers = new Map<NodeId, GraphNode[]>(graph.nodes.map((node) => [node.id, []]));
  for (const node of graph.nodes) for (const input of inputsOf(node)) readers.get(input)?.push(node);
  return readers;
}

/** The node with each forward input mapped. */
export function withInputs(node: GraphNode, map: (id: NodeId) => NodeId): GraphNode {
  switch (node.kind) {
    case 'extract':
    case 'values':
      return node;
    case 'union':
    case 'join':
    case 'except':
    case 'intersect':
    case 'combine':
      return { ...node, left: map(node.left), right: map(node.right) };
    case 'routed':
      return { ...node, from: node.from.map(map) };
    case 'filter':
    case 'project':
    case 'explode':
    case 'process':
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'sort':
    case 'top':
    case 'reduce':
    case 'handle':
    case 'output':
      return { ...node, input: map(node.input) };
  }
}

export interface Edits {
  /** Nodes that take the place of those with their ids, or are new. */
  readonly put?: readonly GraphNode[];
  readonly remove?: readonly NodeId[];
  /** What read the first reads the second; `put` nodes are as they are given. */
  readonly redirect?: ReadonlyMap<NodeId, NodeId>;
}

/** Applies the edits, sorts the nodes again and passes changed columns on to the schemas behind. */
export function edited(graph: Graph, { put = [], remove = [], redirect = new Map() }: Edits): Graph {
  const removed = new Set(remove);
  const given = new Map(put.map((node) => [node.id, node]));
  const known = new Set(graph.nodes.map((node) => node.id));
  const to = (id: NodeId): NodeId => redirect.get(id) ?? id;
  const kept = graph.nodes
    .filter((node) => !removed.has(node.id))
    .map((node) => given.get(node.id) ?? withInputs(node, to));
  const added = put.filter((node) => !known.has(node.id));
  const sorted = topological([...kept, ...added]);
  if (sorted === null) throw new Error('a rule made the graph go in a circle');
  const computedBy = new Map(
    [...graph.computedBy].map(([rowset, id]) => [rowset, removed.has(id) ? to(id) : id] as const),
  );
  return { ...graph, nodes: withSchemas(sorted), computedBy };
}
