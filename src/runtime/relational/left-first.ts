/**
 * A join whose left side comes first: of the right side only rows with a key that the left side has are handed on (a semi-join as a filter: P. A. Bernstein, D. W. Chiu,
 * Using Semi-Joins to Solve Relational Queries, Journal of the ACM 28(1), 1981). Right rows that come before the left side has ended are all handed on.
 */
import type { JoinNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import type { Compile, Evaluate } from './cross-row.ts';
import type { Spilling } from './external/index.ts';
import { KeyIds } from './key-ids.ts';
import { pickRows } from './pick-rows.ts';

/** A left side with more keys is not the small one that somebody promised: all right rows are handed on. */
const MOST = 1_000_000;

export function leftFirst(inner: Spilling, node: JoinNode, sides: readonly Schema[], compile: Compile): Spilling {
  const [left = [], right = []] = sides;
  const leftKeys = node.keys.map((key) => compile(key.left, left));
  const rightKeys = node.keys.map((key) => compile(key.right, right));
  const ids = new KeyIds(node.keys.length, 'never');
  let leftEnded = false;
  return {
    take(side, batch) {
      if (side === 0 && ids.size <= MOST) ids.assign(valuesOf(leftKeys, batch), batch.length);
      return inner.take(side, side === 1 && leftEnded && ids.size <= MOST ? met(batch) : batch);
    },
    end(side) {
      leftEnded ||= side === 0;
      return inner.end(side);
    },
  };

  function met(batch: Batch): Batch {
    const found = ids.find(valuesOf(rightKeys, batch), batch.length);
    const rows = Int32Array.from(found.keys()).filter((row) => (found[row] ?? -1) >= 0);
    return pickRows(batch, rows);
  }
}

function valuesOf(keys: readonly Evaluate[], batch: Batch): ReturnType<Evaluate>[] {
  return keys.map((key) => key(batch));
}
