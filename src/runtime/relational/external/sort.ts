/**
 * ORDER BY of more than fits: rows are sorted as far as they fit, written as runs, and the runs merged (external merge sort: D. E. Knuth, The Art of Computer
 * Programming, vol. 3, 5.4). Runs are in the order of arrival and the merge keeps it on ties, so that the sort stays stable.
 */
import type { SortNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import { merged } from '../../spill/merge.ts';
import type { RunOrder } from '../../spill/merge.ts';
import type { Room } from '../../spill/room.ts';
import { Run } from '../../spill/spool.ts';
import type { Spool } from '../../spill/spool.ts';
import { Weight } from '../../spill/weight.ts';
import { slice } from '../../vectors.ts';
import { batchesOf } from '../cross-row.ts';
import type { Compile } from '../cross-row.ts';
import { compareAcross } from '../order.ts';
import { Sorting } from '../sort.ts';
import { batchOf, renumbered, upTo } from './operator.ts';
import type { Spilling } from './operator.ts';

/** Sorting holds the rows, all of them as one, and their ranks. */
const WHILE_SORTING = 3;

export function externalSort(node: SortNode, input: Schema, compile: Compile, room: Room): Spilling {
  const runs: Run[] = [];
  const weight = new Weight();
  let spool: Spool | null = null;
  let rows = new Sorting(node.by, input, compile);
  const spill = (): void => {
    if (rows.length === 0) return;
    const run = new Run((spool ??= room.spool()));
    const step = Math.max(1, Math.min(4096, Math.floor((room.blockBytes * rows.length) / weight.bytes)));
    const vectors = rows.sorted(rows.length);
    for (let from = 0; from < rows.length; from += step) {
      const to = Math.min(rows.length, from + step);
      run.write({ vectors: vectors.map((vector) => slice(vector, from, to)), length: to - from });
    }
    runs.push(run);
    room.spilled.parts += 1;
    rows = new Sorting(node.by, input, compile);
    weight.clear();
    room.claim.set(0);
  };
  const keys = node.by.map((item) => compile(item.value, input));
  const order: RunOrder = {
    keysOf: (columns) => keys.map((key) => key(batchOf(columns))),
    compare: compareAcross(node.by),
  };
  return {
    take(_side, batch) {
      if (batch.length === 0) return [];
      weight.add(batch.vectors);
      weight.add(rows.add(batch));
      if (room.claim.set(weight.bytes * WHILE_SORTING)) spill();
      return [];
    },
    end() {
      if (runs.length === 0) return batchesOf(rows.sorted(rows.length), rows.length);
      spill();
      return renumbered(merged(runs, order, room), upTo(input.length), 0);
    },
  };
}
