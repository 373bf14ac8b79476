/** What of a plan runs: a rowset that neither an output nor an effect needs is not computed, whatever the optimiser was told to leave out. */
import type { NodeId } from '../../planner/graph.ts';
import type { Plan } from '../../planner/plan.ts';
import { liveNodes } from '../../planner/rules/dead-nodes.ts';

export function livePlan(plan: Plan): Plan {
  const live = liveNodes(plan.graph);
  if (live.size === plan.graph.nodes.length) return plan;
  const stages = plan.stages
    .map((stage) => ({ ...stage, nodes: stage.nodes.filter((node) => live.has(node)) }))
    .filter(({ nodes }) => nodes.length > 0);
  // A rowset that only asks for a lineage may be of a region, and read by nothing.
  const alive = (nodes: readonly NodeId[]): readonly NodeId[] => nodes.filter((node) => live.has(node));
  const regions = plan.regions.map((region) => ({
    ...region,
    nodes: alive(region.nodes),
    loops: region.loops.map(alive).filter((loop) => loop.length > 0),
  }));
  return {
    ...plan,
    graph: { ...plan.graph, nodes: plan.graph.nodes.filter(({ id }) => live.has(id)) },
    stages,
    regions,
  };
}
