/** S9: in which order the nodes of a region see what lies below them. */
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Region } from '../../planner/plan.ts';
import { isRowWise } from '../../planner/regions.ts';

/**
 * What counts for a level. An ORDER BY passes each row on by itself. The items of a SELECT with groups or windows are one step with these, which count there where
 * they lie outside: the levels are the same whether the items are the groups' columns or are computed over them.
 */
function isCrossRow(node: GraphNode, inside: ReadonlySet<NodeId>): boolean {
  if (node.kind === 'project') return node.gathers === true && !inside.has(node.input);
  return node.kind !== 'sort' && !isRowWise(node, inside);
}

/**
 * The cross-row nodes of a node's loop on the longest path to it. A loop's levels begin above all that feeds it, and what stands behind a loop is above
 * the loop, so that it sees settled rows only. `members` come each behind its inputs.
 */
export function levelsOf(members: readonly GraphNode[], region: Region): ReadonlyMap<NodeId, number> {
  const inside = new Set(region.nodes);
  const loopOf = new Map(region.loops.flatMap((loop) => loop.map((node) => [node, loop])));
  const byId = new Map(members.map((node) => [node.id, node]));
  const inputs = (id: NodeId): readonly NodeId[] => {
    const node = byId.get(id);
    return node === undefined ? [] : inputsOf(node).filter((input) => inside.has(input));
  };
  const inner = new Map<NodeId, number>();
  for (const node of members) {
    const loop = loopOf.get(node.id);
    const same = inputs(node.id).filter((id) => loopOf.get(id) === loop);
    const below = Math.max(0, ...same.map((id) => inner.get(id) ?? 0));
    // What comes from another loop has settled before: a join with it is row-wise.
    inner.set(node.id, below + Number(isCrossRow(node, loop === undefined ? inside : new Set(loop))));
  }
  const floors = new Map<NodeId | readonly NodeId[], number>();
  const levelOf = (id: NodeId): number => floorOf(loopOf.get(id) ?? id) + (inner.get(id) ?? 0);
  const topOf = (id: NodeId): number => {
    const loop = loopOf.get(id);
    return loop === undefined ? levelOf(id) : Math.max(...loop.map(levelOf)) + 1;
  };
  const floorOf = (part: NodeId | readonly NodeId[]): number => {
    const known = floors.get(part);
    if (known !== undefined) return known;
    const nodes = typeof part === 'number' ? [part] : part;
    const feeding = nodes.flatMap((id) => inputs(id).filter((input) => !nodes.includes(input)));
    const floor = Math.max(0, ...feeding.map(topOf));
    floors.set(part, floor);
    return floor;
  };
  return new Map(members.map(({ id }) => [id, levelOf(id)]));
}
