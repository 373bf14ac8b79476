/** Changing graphs: what every rule that moves nodes needs. A graph in, a graph out. */
import type { Column, Schema } from '../../typecheck/typed.ts';
import { columnKey } from '../expressions/key.ts';
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { topological } from '../order.ts';
import { joinSchema, sideSchema } from '../sides.ts';

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
  return { ...graph, nodes: withSchemas(sorted) };
}

/** Recomputes the schemas of nodes that pass columns on; `sorted` is in topological order. */
function withSchemas(sorted: readonly GraphNode[]): readonly GraphNode[] {
  const schemas = new Map<NodeId, Schema>();
  return sorted.map((node) => {
    const schema = passedOn(node, (id) => schemas.get(id) ?? []);
    schemas.set(node.id, schema);
    return { ...node, schema };
  });
}

function passedOn(node: GraphNode, schemaOf: (id: NodeId) => Schema): Schema {
  switch (node.kind) {
    case 'extract':
    case 'values':
    case 'project':
    case 'aggregate':
    case 'reduce':
    case 'combine':
    case 'routed':
      return node.schema;
    case 'filter':
    case 'handle':
    case 'distinct':
    case 'sort':
    case 'top':
    case 'output':
      return known(node, schemaOf(node.input));
    case 'explode':
      return known(node, [...schemaOf(node.input), ...computed(node.schema, 1)]);
    case 'process':
      return known(node, [...schemaOf(node.input), ...computed(node.schema, node.produce.length)]);
    case 'window':
      return known(node, [...schemaOf(node.input), ...computed(node.schema, node.windows.length)]);
    case 'union':
    case 'except':
    case 'intersect':
      return known(node, schemaOf(node.left));
    case 'join': {
      const left = sideSchema(schemaOf(node.left), node.leftAlias);
      return known(node, joinSchema(node.type, left, sideSchema(schemaOf(node.right), node.rightAlias)));
    }
  }
}

/** The columns as the node had them (its types may be narrower, its origins more), in their new order. */
function known(node: GraphNode, columns: Schema): Schema {
  const before = new Map(node.schema.map((column) => [keyOf(column), column]));
  return columns.map((column) => before.get(keyOf(column)) ?? column);
}

/** Computed columns stand behind those passed on. */
function computed(schema: Schema, count: number): Schema {
  return schema.slice(schema.length - count);
}

export function keyOf(column: Pick<Column, 'qualifier' | 'name'>): string {
  return columnKey(column.qualifier, column.name);
}
