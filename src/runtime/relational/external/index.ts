/** The cross-row operators that go to disk for what does not fit in memory. Their answers are those of the operators in memory, row for row. */
import type { Schema } from '../../../typecheck/typed.ts';
import type { Batch } from '../../batch.ts';
import type { Room } from '../../spill/room.ts';
import type { Compile } from '../cross-row.ts';
import type { CrossRowNode } from '../index.ts';
import { crossRow } from '../index.ts';
import { numberedAnew } from '../pick-rows.ts';
import { externalAggregate } from './aggregate.ts';
import { externalDistinct } from './distinct.ts';
import { externalJoin } from './join.ts';
import { externalMembership } from './membership.ts';
import type { Spilling } from './operator.ts';
import { externalSort } from './sort.ts';
import { externalWindow } from './window.ts';

export type { Spilling } from './operator.ts';

/** As {@link crossRow}, within the memory of `room`. */
export function spilling(node: CrossRowNode, inputs: readonly Schema[], compile: Compile, room: Room): Spilling {
  const [left = [], right = []] = inputs;
  switch (node.kind) {
    case 'aggregate':
      return externalAggregate(node, left, compile, room);
    case 'distinct':
      return orderRoot(externalDistinct(left, room));
    case 'except':
    case 'intersect':
      return orderRoot(externalMembership(node, left, right, room));
    case 'join':
      return externalJoin(node, left, right, compile, room);
    case 'sort':
      return externalSort(node, left, compile, room);
    case 'window':
      return externalWindow(node, left, compile, room);
    // Never holds more than a few times what it gives.
    case 'top':
      return crossRow(node, inputs, compile);
  }
}

/** Two rows at one place of the input, as EXPLODE gives them, are two places of the answer (S14). */
function orderRoot(operator: Spilling): Spilling {
  return {
    take: (side, batch) => operator.take(side, batch).map(numberedAnew),
    end: (side) => {
      const answer = operator.end(side);
      return Symbol.asyncIterator in answer ? eachNumberedAnew(answer) : answer.map(numberedAnew);
    },
  };
}

async function* eachNumberedAnew(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield numberedAnew(batch);
}
