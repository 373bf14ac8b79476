/** Where expressions ask for the lineage of a column: `attempts(c)` and `original(c)` are read from rows that still know their ancestors. */
import type { TypedAction, TypedExpr, TypedLineage } from '../typecheck/typed.ts';
import { contains, operandsOf } from '../typecheck/visit.ts';
import { ladderOf } from './actions.ts';
import type { Graph, GraphNode, NodeId } from './graph.ts';
import { inputsOf } from './graph.ts';

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
        const inputs = inputsOf(from).flatMap((id) => nodes.get(id)?.schema ?? []);
        const found = inputs.find(({ qualifier, name }) => qualifier === column.qualifier && name === column.name);
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
  switch (node.kind) {
    case 'filter':
      return [node.predicate, ...onError(node.onError)];
    case 'project':
      return [...node.items.map(({ value }) => value), ...onError(node.onError)];
    case 'explode':
      return [node.value];
    case 'process':
      return [
        ...node.using.flatMap(({ inputs }) => inputs.map(({ value }) => value)),
        ...onError(node.onError ?? undefined),
      ];
    case 'aggregate':
      return [...node.keys, ...node.aggregates].map(({ value }) => value);
    case 'window':
      return node.windows.map(({ value }) => value);
    case 'sort':
    case 'top':
      return node.by.map(({ value }) => value);
    case 'reduce':
      return [...node.using.inputs, ...node.presort]
        .map(({ value }) => value)
        .concat(onError(node.onError ?? undefined));
    case 'handle':
      return [node.condition, node.message, ...actionExpressions(node.action)].filter((expr) => expr !== null);
    default:
      return [];
  }
}

function onError(action: TypedAction | undefined): readonly TypedExpr[] {
  return action === undefined ? [] : actionExpressions(action).filter((expr) => expr !== null);
}

function actionExpressions(action: TypedAction): readonly (TypedExpr | null)[] {
  return ladderOf(action).flatMap((step): readonly (TypedExpr | null)[] => {
    if (step.kind === 'edit' || step.kind === 'append') return step.changes.map(({ value }) => value);
    return step.kind === 'abort' ? [step.message] : [];
  });
}
