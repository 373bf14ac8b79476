/** Recording of REDUCE and COMBINE: the members of each group on each side, and the group of each answer row. */
import type { CombineNode, NodeId, ReduceNode } from '../../planner/graph.ts';
import { inputsOf } from '../../planner/graph.ts';
import type { Batch } from '../batch.ts';
import type { GroupStepAnswer } from '../engine/steps/group-calls.ts';
import { RowList } from './ids.ts';
import type { LineageRecorder } from './recorder.ts';

export interface GroupRecording {
  take(side: number, batch: Batch): void;
  answered(answer: GroupStepAnswer): void;
}

export function recordedGroups(recorder: LineageRecorder, node: ReduceNode | CombineNode): GroupRecording {
  const sides: readonly NodeId[] = inputsOf(node);
  const rows = sides.map(() => new RowList());
  return {
    take: (side, batch) => rows[side]?.add(recorder.rowsOf(sides[side] ?? -1, batch), batch.length),
    answered: ({ batches, told, routed, ended }) => {
      const members = told.sides.map(({ starts, rows: places }, side) =>
        Array.from({ length: Math.max(0, starts.length - 1) }, (_, group) =>
          (rows[side] ?? new RowList()).pick(places.subarray(starts[group], starts[group + 1])),
        ),
      );
      const groups = members[0]?.length ?? 0;
      const list = recorder.allocateLists(node.id, groups);
      members.forEach((lists, side) => recorder.members(node.id, side, list, lists));
      let at = 0;
      for (const batch of batches) {
        const first = recorder.number(node.id, batch);
        const own = told.groups.subarray(at, at + batch.length);
        recorder.lists(
          node.id,
          first,
          Float64Array.from(own, (group) => list + group),
        );
        at += batch.length;
      }
      const clause = ended.find((one) => one.clause.startsWith('ON ERROR'))?.clause ?? 'ON ERROR';
      for (const { row: group, code, message } of told.failures) {
        const [first = []] = members.map((lists) => lists[group] ?? []);
        recorder.ended(
          node.id,
          Array.from(first, (row) => ({ row, text: `${clause}: ${code}: ${message}, on its group` })),
        );
      }
      // A routed group stands for its rows: its first one is its parent.
      if (routed !== null) {
        const firsts = told.failures.map(({ row: group }) => members[0]?.[group]?.[0] ?? -1);
        recorder.registerRouted(node.id, routed.batch, Float64Array.from(firsts));
      }
    },
  };
}
