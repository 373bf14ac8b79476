/** Typed script → dataflow graph: every rowset becomes a few nodes of the kinds the runtime knows. */
import type { TypedExpr, TypedOutput, TypedRouted, TypedRowset, TypedScript } from '../typecheck/typed.ts';
import { backEdges } from './back-edges.ts';
import { mapExpressions } from './expressions/of-node.ts';
import { rewrite } from './expressions/walk.ts';
import type { Graph, GraphNode, RoutedNode } from './graph.ts';
import { lowerFilter, lowerHandler, lowerRouted, lowerSetOperation } from './lower/clauses.ts';
import { Draft, type Lowered } from './lower/draft.ts';
import { lowerCombine, lowerExtract, lowerProcess, lowerReduce, lowerValues } from './lower/operators.ts';
import { lowerSelect } from './lower/select.ts';
import { withOrder } from './lower/ordered.ts';
import { freshName } from './names.ts';
import { topological } from './order.ts';
import { withUsedColumns } from './lower/used.ts';

/** Thrown where clauses route rows in a circle: what is routed to `name` would have to be known before it is. */
export class CircularRoute extends Error {
  override readonly name = 'CircularRoute';
  readonly node: RoutedNode;

  constructor(node: RoutedNode) {
    super(`rows routed to ${node.name} are routed to ${node.name} again`);
    this.node = node;
  }
}

/** @throws CircularRoute */
export function buildGraph(script: TypedScript): Graph {
  const rowsets = new Map(script.rowsets.map((rowset) => [rowset.id, rowset]));
  const draft = new Draft(rowsets);
  for (const rowset of script.rowsets) {
    const before = draft.nodes.length;
    const lowered = lowerRowset(draft, rowset);
    draft.settle(rowset.id, lowered, before);
    hint(draft, lowered, rowset);
  }
  for (const rowset of script.rowsets) if (rowset.kind === 'routed') collect(draft, rowset);
  for (const output of script.outputs) lowerOutput(draft, output);
  const sorted = topological(draft.nodes);
  if (sorted === null) throw new CircularRoute(firstRouted(draft.nodes));
  const edges = backEdges(draft);
  const nodes = withUniqueLabels(withOrder(withUsedColumns(sorted)));
  return {
    kind: 'graph',
    nodes: edges.length === 0 ? nodes.map(withoutLineage) : nodes,
    backEdges: edges,
    computedBy: new Map([...draft.lowered].map(([rowset, { core }]) => [rowset, core])),
  };
}

/** Where nothing repairs, no row was ever repaired: `attempts` is 0, `original` the column itself. */
function withoutLineage(node: GraphNode): GraphNode {
  return mapExpressions(node, (expr) => rewrite(expr, neverRepaired));
}

function neverRepaired(expr: TypedExpr): TypedExpr | null {
  if (expr.kind !== 'lineage') return null;
  if (expr.fn === 'original') return expr.column;
  return { kind: 'literal', value: 0, parameter: null, type: expr.type, span: expr.span };
}

function lowerRowset(draft: Draft, rowset: TypedRowset): Lowered {
  switch (rowset.kind) {
    case 'extract':
      return lowerExtract(draft, rowset);
    case 'values':
      return lowerValues(draft, rowset);
    case 'select':
      return lowerSelect(draft, rowset);
    case 'process':
      return lowerProcess(draft, rowset);
    case 'reduce':
      return lowerReduce(draft, rowset);
    case 'combine':
      return lowerCombine(draft, rowset);
    case 'set-operation':
      return lowerSetOperation(draft, rowset);
    case 'filter':
      return lowerFilter(draft, rowset);
    case 'handler':
      return lowerHandler(draft, rowset);
    case 'routed':
      return lowerRouted(draft, rowset);
  }
}

/** Hints belong to the step that computes the rowset's columns. */
function hint(draft: Draft, { core }: Lowered, { hints }: TypedRowset): void {
  if (hints.length > 0) draft.update(core, (node) => ({ ...node, hints: new Map([...node.hints, ...hints]) }));
}

function collect(draft: Draft, routed: TypedRouted): void {
  const from = new Set(routed.from.flatMap((clause) => draft.routing.get(clause) ?? []));
  draft.update(draft.resultOf(routed.id), (node) => (node.kind === 'routed' ? { ...node, from: [...from] } : node));
}

function lowerOutput(draft: Draft, output: TypedOutput): void {
  const { path, pathText, partitionBy, writer, orderBy, expect, span } = output;
  const source = draft.resultOf(output.input);
  const schema = draft.schemaOf(source);
  const sort = { kind: 'sort', label: `${pathText}.sort`, input: source, by: orderBy, schema, span } as const;
  const input = orderBy.length === 0 ? source : draft.add(sort);
  draft.add({ kind: 'output', label: pathText, input, path, pathText, partitionBy, writer, expect, schema, span });
}

function withUniqueLabels(nodes: readonly GraphNode[]): readonly GraphNode[] {
  const taken = new Set<string>();
  const labels = new Map(
    nodes.toSorted((a, b) => a.id - b.id).map((node) => [node.id, freshName(node.label, taken)] as const),
  );
  return nodes.map((node) => ({ ...node, label: labels.get(node.id) ?? node.label }));
}

function firstRouted(nodes: readonly GraphNode[]): RoutedNode {
  const routed = nodes.find((node) => node.kind === 'routed');
  if (routed === undefined) throw new Error('the graph goes in a circle without a ROUTE');
  return routed;
}
