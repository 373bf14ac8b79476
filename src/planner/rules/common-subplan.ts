import { typeText } from '../../typecheck/types.ts';
import type { BoundOperator, NamedExpr, Produce, TypedExpr } from '../../typecheck/typed.ts';
import { contains } from '../../typecheck/visit.ts';
import { exprKey, sortsKey, valueKey } from '../expressions/key.ts';
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { nodesInRegions } from '../regions.ts';
import { keyOf } from '../schemas.ts';
import { edited } from './edit.ts';
import { isGuarded } from './match.ts';
import { type Applied, type Rule, unchanged } from './rule.ts';

/**
 * Computes equal steps over equal inputs once. Not where the two then meet in a step that takes one side whole before the other: the
 * shared rows would have to wait in memory. Operators must be deterministic; handlers and regions are left as they are.
 */
export const commonSubplan: Rule = {
  name: 'common-subplan',
  why: 'what the script computes twice is computed once',
  apply,
};

function apply(graph: Graph): Applied {
  const fixed = nodesInRegions(graph);
  const first = new Map<string, GraphNode>();
  const same = new Map<NodeId, NodeId>();
  const firings = [];
  for (const node of graph.nodes) {
    const key = fixed.has(node.id) || isGuarded(node) ? null : nodeKey(node);
    if (key === null) continue;
    const place = JSON.stringify([key, inputsOf(node).map((id) => same.get(id) ?? id), hintsKey(node)]);
    const other = first.get(place);
    if (other === undefined) first.set(place, node);
    else if (!meetOutOfStep(graph, same, node, other)) {
      same.set(node.id, other.id);
      firings.push({ rule: commonSubplan.name, what: `shared ${other.label} with ${node.label}`, span: node.span });
    }
  }
  if (firings.length === 0) return unchanged(graph);
  return { graph: edited(graph, { remove: [...same.keys()], redirect: same }), firings };
}

/** Whether some step behind both reads all of one before it reads the other. */
function meetOutOfStep(graph: Graph, same: ReadonlyMap<NodeId, NodeId>, a: GraphNode, b: GraphNode): boolean {
  const fromA = reachedFrom(graph, same, a.id);
  const fromB = reachedFrom(graph, same, b.id);
  return graph.nodes.some((node) => {
    if (!takesSidesInTurn(node)) return false;
    const [left, right] = inputsOf(node);
    const meets = (x: ReadonlySet<NodeId>, y: ReadonlySet<NodeId>): boolean =>
      left !== undefined && right !== undefined && x.has(left) && y.has(right);
    return meets(fromA, fromB) || meets(fromB, fromA);
  });
}

function takesSidesInTurn(node: GraphNode): boolean {
  switch (node.kind) {
    case 'union':
      return !node.interleave;
    case 'join':
    case 'except':
    case 'intersect':
    case 'combine':
      return true;
    default:
      return false;
  }
}

function reachedFrom(graph: Graph, same: ReadonlyMap<NodeId, NodeId>, start: NodeId): ReadonlySet<NodeId> {
  const reached = new Set([start]);
  for (const node of graph.nodes) {
    if (inputsOf(node).some((input) => reached.has(input) || reached.has(same.get(input) ?? input)))
      reached.add(node.id);
  }
  return reached;
}

/** What a node computes of its inputs, as a text; null for what is not shared. */
function nodeKey(node: GraphNode): string | null {
  const parts = partsOf(node);
  return parts === null ? null : JSON.stringify([node.kind, node.schema.map(keyOf), ...parts]);
}

function partsOf(node: GraphNode): readonly string[] | null {
  switch (node.kind) {
    case 'extract':
      return extractParts(node);
    case 'values':
      return node.rows.map(valueKey);
    case 'filter':
      return isPure(node.predicate) ? [exprKey(node.predicate)] : null;
    case 'project':
      return node.items.every(({ value }) => isPure(value)) ? node.items.map(itemKey) : null;
    case 'explode':
      return isPure(node.value) ? [node.name, exprKey(node.value)] : null;
    case 'process':
      return node.using.every(isDeterministic)
        ? [...node.using.map(operatorKey), ...node.produce.map(produceKey)]
        : null;
    case 'union':
      return [String(node.interleave)];
    case 'join': {
      const keys = node.keys.map(({ left, right }) => `${exprKey(left)}=${exprKey(right)}`);
      return [
        node.type,
        node.leftAlias ?? '',
        node.rightAlias ?? '',
        node.on === null ? '' : exprKey(node.on),
        ...keys,
      ];
    }
    case 'aggregate':
      return [...node.keys.map(itemKey), '|', ...node.aggregates.map(itemKey)];
    case 'window':
      return node.windows.map(itemKey);
    case 'distinct':
    case 'except':
    case 'intersect':
      return [];
    case 'sort':
      return [sortsKey(node.by)];
    case 'top':
      return [String(node.count), sortsKey(node.by)];
    case 'reduce':
    case 'combine':
    case 'handle':
    case 'routed':
    case 'output':
      return null;
  }
}

function extractParts(node: Extract<GraphNode, { kind: 'extract' }>): readonly string[] {
  return [
    operatorKey(node.reader),
    ...node.files.map(({ pattern }) => pattern),
    ...node.declared.map(({ name, type }) => `${name}: ${typeText(type)}`),
    node.keepsFile === undefined ? 'all' : exprKey(node.keepsFile),
  ];
}

function isDeterministic({ signature, inputs }: BoundOperator): boolean {
  return signature.deterministic && inputs.every(({ value }) => isPure(value));
}

/** An imported function may answer differently each time. */
function isPure(expr: TypedExpr): boolean {
  return !contains(expr, (part) => part.kind === 'module-call');
}

function operatorKey({ signature, inputs, options }: BoundOperator): string {
  const given = options.map(([name, value]) => [name, valueKey(value)]);
  return JSON.stringify([signature.module, signature.name, inputs.map(itemKey), given]);
}

function itemKey({ name, value }: NamedExpr): string {
  return JSON.stringify([name, exprKey(value)]);
}

function produceKey({ from, name }: Produce): string {
  return JSON.stringify([from, name]);
}

function hintsKey({ hints }: GraphNode): readonly string[] {
  return [...hints].map(([name, value]) => `${name} ${valueKey(value)}`);
}
