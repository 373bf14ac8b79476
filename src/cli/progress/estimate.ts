/** How far a run is and how long it may still take, from what it has read and how fast each step goes. */
import { inputsOf } from '../../planner/graph.ts';
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { Report } from '../../runtime/report/report.ts';

/** When each step took its first rows. */
export type FirstRows = ReadonlyMap<NodeId, number>;

const SOONEST = 1000;

/** Read bytes of all bytes, 0 to 1; null where the size of an input is not known, or nothing was opened yet. */
export function fractionRead({ sources }: Report): number | null {
  let all = 0;
  let read = 0;
  for (const source of sources) {
    if (source.bytes === null) return null;
    all += source.bytes;
    read += Math.min(source.bytes, source.bytesRead);
  }
  return sources.length === 0 ? null : all === 0 ? 1 : read / all;
}

/** Rows a second of a step since its first; null while that says nothing. */
export function rowsPerSecond(rows: number, first: number | undefined, now: number): number | null {
  if (first === undefined || rows === 0 || now - first < 200) return null;
  return (rows * 1000) / (now - first);
}

/**
 * Milliseconds: the step that needs longest for what is still to come to it, when its input goes on to come in the measure of what was read.
 * Null as long as nothing can be said.
 */
export function timeLeft(report: Report, nodes: readonly GraphNode[], first: FirstRows, now: number): number | null {
  const read = fractionRead(report);
  if (read === null || read <= 0 || report.milliseconds < SOONEST) return null;
  let longest = (report.milliseconds * (1 - read)) / read;
  const rows = new Map(report.nodes.map((node) => [node.id, node]));
  for (const node of nodes) {
    const speed = rowsPerSecond(rows.get(node.id)?.rowsIn ?? 0, first.get(node.id), now);
    if (speed === null) continue;
    const offered = inputsOf(node).reduce((sum, input) => sum + (rows.get(input)?.rowsOut ?? 0), 0);
    longest = Math.max(longest, ((offered / read - (rows.get(node.id)?.rowsIn ?? 0)) * 1000) / speed);
  }
  return longest;
}
