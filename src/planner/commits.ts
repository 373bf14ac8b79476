/**
 * Where a job's state is committed: at the nodes whose operators are costly to ask. All else is a function of the inputs and is done again on a resume, which costs less
 * than keeping it would.
 */
import { operatorsOf } from './graph.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { CommitPoint } from './plan.ts';

export function commitsOf(graph: Graph): readonly CommitPoint[] {
  return graph.nodes.flatMap((node) => {
    const when = whenToCommit(node);
    return when === null ? [] : [{ node: node.id, when }];
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
