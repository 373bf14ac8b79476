/** What of a plan runs: a rowset that neither an output nor an effect needs is not computed, whatever the optimiser was told to leave out. */
import type { Plan } from '../../planner/plan.ts';
import { liveNodes } from '../../planner/rules/dead-nodes.ts';

export function livePlan(plan: Plan): Plan {
  const live = liveNodes(plan.graph);
  if (live.size === plan.graph.nodes.length) return plan;
  const stages = plan.stages
    .map((stage) => ({ ...stage, nodes: stage.nodes.filter((node) => live.has(node)) }))
    .filter(({ nodes }) => nodes.length > 0);
  return { ...plan, graph: { ...plan.graph, nodes: plan.graph.nodes.filter(({ id }) => live.has(id)) }, stages };
}
