/** The columns of nodes that pass columns on, made from those of their inputs. */
import type { Column, Schema } from '../typecheck/typed.ts';
import { columnKey } from './expressions/key.ts';
import type { GraphNode, NodeId } from './graph.ts';
import { joinedColumns } from '../typecheck/rowsets/joined.ts';
import { sideSchema } from './sides.ts';

/** Recomputes the schemas of nodes that pass columns on; `sorted` is in topological order. */
export function withSchemas(sorted: readonly GraphNode[]): readonly GraphNode[] {
  const schemas = new Map<NodeId, Schema>();
  return sorted.map((node) => {
    const schema = passedOn(node, (id) => schemas.get(id) ?? []);
    schemas.set(node.id, schema);
    return { ...node, schema };
  });
}

/** A node's columns; of those it passes on only what its inputs have. */
export function passedOn(node: GraphNode, schemaOf: (id: NodeId) => Schema): Schema {
  switch (node.kind) {
    case 'extract':
    case 'values':
    case 'project':
    case 'aggregate':
    case 'reduce':
    case 'routed':
      return node.schema;
    case 'combine': {
      const sides = [...schemaOf(node.left), ...schemaOf(node.right)];
      const present = new Set([...sides, ...node.produce].map(({ name }) => name));
      return node.schema.filter(({ name }) => present.has(name));
    }
    case 'filter':
    case 'handle':
    case 'distinct':
    case 'sort':
    case 'top':
    case 'output':
      return known(node, schemaOf(node.input));
    case 'explode': {
      // Columns that nothing reads may have been left out of it.
      const passed = new Set(node.schema.map(keyOf));
      const input = schemaOf(node.input).filter((column) => passed.has(keyOf(column)));
      return known(node, [...input, ...computed(node.schema, 1)]);
    }
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
      return known(node, joinedColumns(node.type, left, sideSchema(schemaOf(node.right), node.rightAlias)));
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
