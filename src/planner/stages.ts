/** Cuts a graph into stages: row-wise chains are melded, all else begins and ends at a queue. So does a region: only settled rows leave it. */
import { type Graph, type GraphNode, inputsOf, type NodeId } from './graph.ts';
import type { Region, Stage, StageId } from './plan.ts';

export function stagesOf(graph: Graph, regions: readonly Region[]): readonly Stage[] {
  const consumers = consumersOf(graph);
  const regionOf = new Map(regions.flatMap(({ id, nodes }) => nodes.map((node) => [node, id] as const)));
  const stages: { id: StageId; kind: Stage['kind']; nodes: NodeId[]; inputs: readonly StageId[] }[] = [];
  const stageOf = new Map<NodeId, StageId>();
  for (const node of graph.nodes) {
    const inputs = inputsOf(node).map((input) => stageOf.get(input) ?? -1);
    const open = stages[inputs[0] ?? -1];
    const last = open?.nodes.at(-1) ?? -1;
    const together = consumers.get(last) === 1 && regionOf.get(last) === regionOf.get(node.id);
    if (open !== undefined && together && canFollow(node, open.kind)) {
      open.nodes.push(node.id);
      stageOf.set(node.id, open.id);
      continue;
    }
    stageOf.set(node.id, stages.length);
    stages.push({ id: stages.length, kind: kindOf(node), nodes: [node.id], inputs });
  }
  return stages;
}

/** How many nodes read each node's rows. What it routes goes out at its side, from wherever it stands in a stage. */
function consumersOf(graph: Graph): ReadonlyMap<NodeId, number> {
  const count = new Map<NodeId, number>(graph.nodes.map((node) => [node.id, 0]));
  for (const node of graph.nodes) {
    if (node.kind === 'routed') continue;
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
