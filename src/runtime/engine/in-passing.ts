/** Whether the batches of a source are used up as they come, so that the memory they look into can take what is read next. */
import type { ExtractNode, GraphNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Region, Stage } from '../../planner/plan.ts';
import type { Compiler } from './compile.ts';
import { nodeOf } from './compile.ts';
import { runsByBatch } from './flow.ts';

export interface Passing {
  /** How many batches of the source may be looked into at one time. */
  readonly batches: number;
  /** Whether rows come to an output as they are, but for those that are left out. */
  readonly written: boolean;
}

/**
 * How the batches of the source are used up; null where that is not known. It is known where they pass row-wise nodes of the source's own
 * stage, or of a region that settles each batch by itself and forgets it, and then only groups, which copy what they keep, and outputs, which write at once: those that
 * wait in an inbox (it takes one more than it holds), the one that is at work behind it, and the one on its way there. A region has an inbox of its own. Whatever else
 * looks at rows (other regions, routes, lineage, expectations) may keep them.
 */
export function passingOf(node: ExtractNode, stage: Stage | Region, compiling: Compiler): Passing | null {
  const { environment, graph } = compiling;
  const inRegion = 'rowLocal' in stage;
  if (inRegion && !runsByBatch(compiling, stage)) return null;
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
  const behind = environment.queueBatches + 2;
  return { batches: (inRegion ? 2 : 1) * behind + 1, written };
}

/** The same of the source that a stage begins with; null where it begins with none. */
export function passingIn(stage: Stage, compiling: Compiler): Passing | null {
  const node = nodeOf(compiling, stage.nodes[0] ?? -1);
  return node.kind === 'extract' ? passingOf(node, stage, compiling) : null;
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
    case 'handle':
      return true;
    default:
      return false;
  }
}
