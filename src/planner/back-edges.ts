/** The back edges of a graph: from each clause or operator that can raise a repair to the nodes that computed the column (S3). */
import type { BoundOperator, Origin, Schema, TypedExpr } from '../typecheck/typed.ts';
import { type Repair, repairsAt, repairsOf } from './actions.ts';
import type { BackEdge, GraphNode, NodeId } from './graph.ts';
import { sideSchema } from './sides.ts';
import { type Draft, findColumn } from './lower/draft.ts';

export function backEdges(draft: Draft): readonly BackEdge[] {
  const edges = new Map<string, BackEdge>();
  for (const node of draft.nodes) {
    for (const { repair, origin } of raisedBy(draft, node)) {
      const to = draft.lowered.get(origin.rowset)?.core;
      if (to === undefined) throw new Error(`a repair goes to rowset ${origin.rowset}, which is not in the graph`);
      const edge: BackEdge = { from: node.id, to, column: origin.column, repair };
      edges.set(JSON.stringify([edge.from, edge.to, edge.column, edge.repair]), edge);
    }
  }
  return [...edges.values()];
}

function raisedBy(draft: Draft, node: GraphNode): readonly Repair[] {
  switch (node.kind) {
    case 'handle':
      return repairsOf(node.action);
    case 'extract':
      return node.onError === null ? [] : repairsOf(node.onError);
    case 'filter':
    case 'project':
      return node.onError === undefined ? [] : repairsOf(node.onError);
    case 'process':
      return raisedByOperators(node.using, draft.schemaOf(node.input), node);
    case 'reduce':
      return raisedByOperators([node.using], draft.schemaOf(node.input), node);
    case 'combine':
      return raisedByOperators([node.using], bothSides(draft, node), node);
    default:
      return [];
  }
}

function bothSides(draft: Draft, node: Extract<GraphNode, { kind: 'combine' }>): Schema {
  return [
    ...sideSchema(draft.schemaOf(node.left), node.leftAlias),
    ...sideSchema(draft.schemaOf(node.right), node.rightAlias),
  ];
}

/** What ON ERROR raises, and what the operators declare they may do to the columns bound to their inputs. */
function raisedByOperators(
  using: readonly BoundOperator[],
  input: Schema,
  { onError }: { readonly onError: Parameters<typeof repairsOf>[0] | null },
): readonly Repair[] {
  return [...(onError === null ? [] : repairsOf(onError)), ...using.flatMap((operator) => declared(operator, input))];
}

function declared(operator: BoundOperator, input: Schema): readonly Repair[] {
  const { edits, appends, deletes, fails } = operator.signature;
  const repairs: readonly (readonly [BackEdge['repair'], readonly string[]])[] = [
    ['edit', edits],
    ['append', appends],
    ['delete', deletes],
    ['retry', fails],
  ];
  return repairs.flatMap(([repair, names]) =>
    names.flatMap((name) => repairsAt(repair, originsBehind(operator, name, input))),
  );
}

/** Where the column was computed that one of the operator's inputs is bound to as it is. */
export function originsBehind({ inputs }: BoundOperator, name: string, input: Schema): readonly Origin[] {
  const bound = inputs.find((candidate) => candidate.name === name);
  const column = bound === undefined ? null : columnOf(bound.value);
  return column === null ? [] : (findColumn(input, column.qualifier, column.name)?.origins ?? []);
}

/** The column an operator's input is bound to as it is. */
export function columnOf(expr: TypedExpr): Extract<TypedExpr, { kind: 'column' }> | null {
  if (expr.kind === 'convert') return columnOf(expr.value);
  return expr.kind === 'column' ? expr : null;
}

/** The nodes repairs go to. */
export function repairTargets(edges: readonly BackEdge[]): ReadonlySet<NodeId> {
  return new Set(edges.map((edge) => edge.to));
}
