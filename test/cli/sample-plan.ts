import { compile } from '../../src/api/compile.ts';
import type { NodeId } from '../../src/planner/graph.ts';
import type { Plan } from '../../src/planner/plan.ts';

/** A plan of a source, a filter and an output, and the ids of its nodes by label. */
export async function samplePlan(): Promise<{ readonly plan: Plan; readonly id: (label: string) => NodeId }> {
  const text = `
    lines = EXTRACT line: string FROM "reviews.txt" USING LineReader();
    kept = lines WHERE line != "";
    OUTPUT kept TO "out/kept.csv";
  `;
  const { plan } = await compile({ text, name: 'job.scope', folder: '.' });
  if (plan === null) throw new Error('the sample has a mistake');
  const ids = new Map(plan.graph.nodes.map((node) => [node.label, node.id]));
  return {
    plan,
    id(label) {
      const found = ids.get(label);
      if (found === undefined) throw new Error(`no node ${label}: ${[...ids.keys()].join(', ')}`);
      return found;
    },
  };
}
