/**
 * A declared column that nothing uses is not converted (language.md), so it is in no schema either: what only passes it on loses it here.
 * Afterwards a node's columns are its inputs' as its kind says, and both sides of a set operation have the same.
 */
import type { Schema } from '../../typecheck/typed.ts';
import type { GraphNode, NodeId, ProjectNode, RoutedNode } from '../graph.ts';
import { keyOf, passedOn } from '../schemas.ts';

/** `sorted` are in topological order, and so is the answer; a side that has more columns than the other gets a project. */
export function withUsedColumns(sorted: readonly GraphNode[]): readonly GraphNode[] {
  const nodes = new Map<NodeId, GraphNode>();
  const schemaOf = (id: NodeId): Schema => nodes.get(id)?.schema ?? [];
  let nextId = 1 + sorted.reduce((highest, node) => Math.max(highest, node.id), -1);
  const placed: GraphNode[] = [];
  const place = (node: GraphNode): void => {
    nodes.set(node.id, node);
    placed.push(node);
  };
  const narrowed = (input: NodeId, to: Schema, node: GraphNode, side: string): NodeId => {
    const columns = schemaOf(input).filter(({ name }) => to.some((column) => column.name === name));
    if (columns.length === schemaOf(input).length) return input;
    const project = narrowing(nextId, input, columns, `${node.label}.${side}`, node);
    nextId += 1;
    place(project);
    return project.id;
  };
  for (const node of sorted) {
    switch (node.kind) {
      case 'project':
        place(withoutMissing(node, schemaOf(node.input)));
        break;
      case 'union':
      case 'except':
      case 'intersect': {
        const left = narrowed(node.left, schemaOf(node.right), node, 'left');
        const right = narrowed(node.right, schemaOf(node.left), node, 'right');
        place({ ...node, left, right, schema: passedOn({ ...node, left, right }, schemaOf) });
        break;
      }
      case 'routed':
        place({ ...node, schema: routedColumns(node, nodes) });
        break;
      default:
        place({ ...node, schema: passedOn(node, schemaOf) });
    }
  }
  return placed;
}

/** Only items that pass a column on can miss it: one that computes with it uses it. */
function withoutMissing(node: ProjectNode, input: Schema): ProjectNode {
  const present = new Set(input.map(keyOf));
  const stays = node.items.map(({ value }) => value.kind !== 'column' || present.has(keyOf(value)));
  if (!stays.includes(false)) return node;
  return {
    ...node,
    items: node.items.filter((_, at) => stays[at]),
    schema: node.schema.filter((_, at) => stays[at]),
  };
}

/** Columns that every clause has to give; what an operator's failed rows give is made where it runs. */
function routedColumns(node: RoutedNode, nodes: ReadonlyMap<NodeId, GraphNode>): Schema {
  const sources = node.from.flatMap((id) => {
    const from = nodes.get(id);
    if (from === undefined || !('input' in from)) return [];
    return [nodes.get(from.input)?.schema ?? []];
  });
  return node.schema.filter(
    ({ name }) => name === 'reason' || sources.every((schema) => schema.some((column) => column.name === name)),
  );
}

/** The input's columns that are named, as they are. */
export function narrowing(
  id: NodeId,
  input: NodeId,
  columns: Schema,
  label: string,
  { span }: Pick<GraphNode, 'span'>,
): ProjectNode {
  const items = columns.map(({ qualifier, name, type }) => ({
    name,
    value: { kind: 'column', qualifier, name, type, span } as const,
  }));
  return { kind: 'project', id, label, input, items, schema: columns, hints: new Map(), span };
}
