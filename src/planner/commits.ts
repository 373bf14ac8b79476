/**
 * Where a job's state is committed: at the nodes whose operators are costly to ask. All else is a function of the inputs and is done again on a resume, which costs less
 * than keeping it would.
 */
import { operatorsOf } from './graph.ts';
import { freedValues } from './freed.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { CommitPoint } from './plan.ts';

/** @param keepAll no value is freed while the job runs: its lineage is recorded */
export function commitsOf(graph: Graph, keepAll = false): readonly CommitPoint[] {
  const points = graph.nodes.flatMap((node) => {
    const when = whenToCommit(node);
    return when === null ? [] : [{ node: node.id, when }];
  });
  if (keepAll || points.length < 2) return points;
  const freed = freedValues(graph, points);
  return points.map((point) => {
    const values = freed.get(point.node);
    return values === undefined ? point : { ...point, freed: values };
  });
}

function whenToCommit(node: GraphNode): CommitPoint['when'] | null {
  const using = operatorsOf(node);
  if (using.length === 0) return null;
  const hint = node.hints.get('commit');
  if (typeof hint === 'boolean') return hint ? 'hinted' : null;
  if (using.some(({ signature }) => signature.costly)) return 'costly';
  return using.some(({ signature }) => signature.module !== null) ? 'slow' : null;
}
