/** Cuts a graph into stages: row-wise chains are melded, all else begins and ends at a queue. */
import { type Graph, type GraphNode, inputsOf, type NodeId } from './graph.ts';
import type { Stage, StageId } from './plan.ts';

export function stagesOf(graph: Graph): readonly Stage[] {
  const consumers = consumersOf(graph);
  const stages: { id: StageId; kind: Stage['kind']; nodes: NodeId[]; inputs: readonly StageId[] }[] = [];
  const stageOf = new Map<NodeId, StageId>();
  for (const node of graph.nodes) {
    const inputs = inputsOf(node).map((input) => stageOf.get(input) ?? -1);
    const open = stages[inputs[0] ?? -1];
    if (open !== undefined && canFollow(node, open.kind) && consumers.get(open.nodes.at(-1) ?? -1) === 1) {
      open.nodes.push(node.id);
      stageOf.set(node.id, open.id);
      continue;
    }
    stageOf.set(node.id, stages.length);
    stages.push({ id: stages.length, kind: kindOf(node), nodes: [node.id], inputs });
  }
  return stages;
}

/** How many nodes read each node; a clause that collects what a node routes reads it too. */
export function consumersOf(graph: Graph): ReadonlyMap<NodeId, number> {
  const count = new Map<NodeId, number>(graph.nodes.map((node) => [node.id, 0]));
  for (const node of graph.nodes) {
    for (const input of inputsOf(node)) count.set(input, (count.get(input) ?? 0) + 1);
  }
  return count;
}

/** Only row-wise nodes meld, and only with what hands its rows on batch by batch in their order. */
function canFollow(node: GraphNode, open: Stage['kind']): boolean {
  return kindOf(node) === 'rows' && (open === 'source' || open === 'rows' || open === 'model');
}

function kindOf(node: GraphNode): Stage['kind'] {
  switch (node.kind) {
    case 'extract':
    case 'values':
      return 'source';
    case 'filter':
    case 'project':
    case 'explode':
    case 'handle':
      return 'rows';
    case 'process':
      return node.using.some((operator) => operator.signature.costly) ? 'model' : 'rows';
    case 'union':
    case 'routed':
      return 'merge';
    case 'join':
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'sort':
    case 'top':
    case 'reduce':
    case 'combine':
      return 'cross';
    case 'output':
      return 'sink';
  }
}
