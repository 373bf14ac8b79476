import { canRepair, isEffect } from '../actions.ts';
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { type Applied, type Rule, unchanged } from './rule.ts';

/** Removes what neither an output nor an effect (S11) depends on. */
export const deadNodes: Rule = {
  name: 'dead-nodes',
  why: 'what no output and no effect needs is not computed',
  apply,
};

function apply(graph: Graph): Applied {
  const alive = liveNodes(graph);
  const dead = graph.nodes.filter((node) => !alive.has(node.id));
  if (dead.length === 0) return unchanged(graph);
  const nodes = graph.nodes.filter((node) => alive.has(node.id));
  return {
    graph: { ...graph, nodes },
    firings: dead.map((node) => ({
      rule: deadNodes.name,
      what: `removed ${node.label}: no output and no effect needs it`,
      span: node.span,
    })),
  };
}

/** The nodes that an output or an effect (S11) depends on: only those run, whether or not this rule does. */
export function liveNodes(graph: Graph): ReadonlySet<NodeId> {
  const byId = new Map(graph.nodes.map((node) => [node.id, node]));
  const raises = new Set(graph.backEdges.map((edge) => edge.from));
  const alive = new Set<NodeId>();
  const waiting = graph.nodes.filter((node) => isRoot(node) || raises.has(node.id)).map((node) => node.id);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (alive.has(id)) continue;
    alive.add(id);
    const node = byId.get(id);
    if (node !== undefined) waiting.push(...inputsOf(node));
  }
  return alive;
}

/** What is routed is counted in the report even where nothing reads it, so routed nodes stay with the clauses that feed them. */
function isRoot(node: GraphNode): boolean {
  switch (node.kind) {
    case 'output':
    case 'routed':
      return true;
    case 'handle':
      return isEffect(node.action);
    case 'process':
      return node.using.some(canRepair) || (node.onError !== null && isEffect(node.onError));
    case 'reduce':
    case 'combine':
      return canRepair(node.using) || (node.onError !== null && isEffect(node.onError));
    case 'extract':
    case 'filter':
    case 'project':
      return node.onError !== undefined && node.onError !== null && isEffect(node.onError);
    default:
      return false;
  }
}
