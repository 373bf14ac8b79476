/** Where expressions ask for the lineage of a column: `attempts(c)` and `original(c)` are read from rows that still know their ancestors. */
import type { Schema, TypedExpr, TypedLineage } from '../typecheck/typed.ts';
import { contains, operandsOf } from '../typecheck/visit.ts';
import { mapExpressions } from './expressions/of-node.ts';
import type { Graph, GraphNode, NodeId } from './graph.ts';
import { inputsOf } from './graph.ts';
import { sideSchema } from './sides.ts';

export interface LineageUse {
  readonly from: NodeId;
  /** The node that computed the column, and makes its chains. */
  readonly to: NodeId;
}

/**
 * The uses of lineage whose column can have been repaired: its origin is the target of a back edge. Such a node belongs to the origin's region, although it
 * repairs nothing itself. Anywhere else no row has a history.
 */
export function lineageUses(graph: Graph): readonly LineageUse[] {
  const repaired = new Set(graph.backEdges.map((edge) => edge.to));
  if (repaired.size === 0) return [];
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  return graph.nodes.flatMap((from) =>
    expressionsOf(from)
      .flatMap(lineagesIn)
      .flatMap(({ column }) => {
        const found = visible(from, nodes).find(
          ({ qualifier, name }) => qualifier === column.qualifier && name === column.name,
        );
        return (found?.origins ?? []).flatMap(({ rowset }) => {
          const to = graph.computedBy.get(rowset);
          return to !== undefined && repaired.has(to) ? [{ from: from.id, to }] : [];
        });
      }),
  );
}

function lineagesIn(expr: TypedExpr): readonly TypedLineage[] {
  if (expr.kind === 'lineage') return [expr];
  return contains(expr, (part) => part.kind === 'lineage') ? operandsOf(expr).flatMap(lineagesIn) : [];
}

function expressionsOf(node: GraphNode): readonly TypedExpr[] {
  const found: TypedExpr[] = [];
  mapExpressions(node, (expr) => {
    found.push(expr);
    return expr;
  });
  return found;
}

/** The columns that the node's expressions see. */
function visible(node: GraphNode, nodes: ReadonlyMap<NodeId, GraphNode>): Schema {
  const schemas = inputsOf(node).map((id) => nodes.get(id)?.schema ?? []);
  if (node.kind !== 'join' && node.kind !== 'combine') return schemas.flat();
  const [left = [], right = []] = schemas;
  return [...sideSchema(left, node.leftAlias), ...sideSchema(right, node.rightAlias)];
}
