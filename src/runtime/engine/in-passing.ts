/** Whether the batches of a source are used up as they come, so that the memory they look into can take what is read next. */
import type { ExtractNode, GraphNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Stage } from '../../planner/plan.ts';
import type { Compiler } from './compile.ts';
import { nodeOf } from './compile.ts';

/**
 * How many batches of the source may be looked into at one time; null where that is not known. It is known where they pass row-wise nodes of the source's own
 * stage and then only groups, which copy what they keep, and outputs, which write at once: those that wait in an inbox (it takes one more than it holds), the
 * one that is at work behind it, and the one on its way there. Whatever else looks at rows (repairs, routes, lineage, expectations) may keep them.
 */
export function batchesInPassing(node: ExtractNode, stage: Stage, compiling: Compiler): number | null {
  const { environment, graph } = compiling;
  if (environment.lineageFolder !== undefined && environment.lineageFolder !== null) return null;
  const own = new Set(stage.nodes);
  const passing: GraphNode[] = [node];
  for (let next = passing.pop(); next !== undefined; next = passing.pop()) {
    const { id } = next;
    for (const reader of graph.nodes.filter((one) => inputsOf(one).includes(id))) {
      if (endsRows(reader)) continue;
      if (!own.has(reader.id) || !passesRows(reader)) return null;
      passing.push(nodeOf(compiling, reader.id));
    }
  }
  return environment.queueBatches + 3;
}

function endsRows(node: GraphNode): boolean {
  if (node.kind === 'aggregate') return true;
  return node.kind === 'output' && node.expect === null && node.writer.signature.module === null;
}

function passesRows(node: GraphNode): boolean {
  switch (node.kind) {
    case 'filter':
    case 'project':
      return node.onError === undefined;
    case 'explode':
      return true;
    default:
      return false;
  }
}
