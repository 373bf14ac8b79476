/** Whether the batches of a source are used up as they come, so that the memory they look into can take what is read next. */
import type { ExtractNode, GraphNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Stage } from '../../planner/plan.ts';
import type { Compiler } from './compile.ts';
import { nodeOf } from './compile.ts';

export interface Passing {
  /** How many batches of the source may be looked into at one time. */
  readonly batches: number;
  /** Whether rows come to an output as they are, but for those that are left out. */
  readonly written: boolean;
}

/**
 * How the batches of the source are used up; null where that is not known. It is known where they pass row-wise nodes of the source's own
 * stage and then only groups, which copy what they keep, and outputs, which write at once: those that wait in an inbox (it takes one more than it holds), the
 * one that is at work behind it, and the one on its way there. Whatever else looks at rows (repairs, routes, lineage, expectations) may keep them.
 */
export function passingOf(node: ExtractNode, stage: Stage, compiling: Compiler): Passing | null {
  const { environment, graph } = compiling;
  if (environment.lineageFolder !== undefined && environment.lineageFolder !== null) return null;
  const own = new Set(stage.nodes);
  const passing: GraphNode[] = [node];
  let written = false;
  for (let next = passing.pop(); next !== undefined; next = passing.pop()) {
    const { id } = next;
    for (const reader of graph.nodes.filter((one) => inputsOf(one).includes(id))) {
      written ||= reader.kind === 'output';
      if (endsRows(reader)) continue;
      if (!own.has(reader.id) || !passesRows(reader)) return null;
      passing.push(nodeOf(compiling, reader.id));
    }
  }
  return { batches: environment.queueBatches + 3, written };
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
