/** DISTINCT, EXCEPT and INTERSECT: the first row of each key stays, at its place. Nulls are equal here. */
import type { DistinctNode, ExceptNode, IntersectNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import type { CrossRow } from './cross-row.ts';
import { KeyIds } from './key-ids.ts';
import { pickRows, numberedAnew } from './pick-rows.ts';

export function distinct(_node: DistinctNode, input: Schema): CrossRow {
  const ids = new KeyIds(input.length, 'equal');
  return {
    take: (_side, batch) => [firstOfEach(ids, batch, () => true)],
    end: () => [],
  };
}

/** Distinct rows of the left side that are (INTERSECT) or are not (EXCEPT) among the right side's. Columns match by name. */
export function membership(node: ExceptNode | IntersectNode, left: Schema, right: Schema): CrossRow {
  const wanted = node.kind === 'intersect';
  const places = left.map((column) => right.findIndex((other) => other.name === column.name));
  const rightIds = new KeyIds(left.length, 'equal');
  const seen = new KeyIds(left.length, 'equal');
  const waiting: Batch[] = [];
  let complete = false;
  const answer = (batch: Batch): Batch => {
    const found = rightIds.find(batch.vectors, batch.length);
    return firstOfEach(seen, batch, (row) => (found[row] ?? -1) >= 0 === wanted);
  };
  return {
    take(side, batch) {
      if (side === 1) {
        rightIds.assign(inOrder(batch.vectors, places), batch.length);
        return [];
      }
      if (complete) return [answer(batch)];
      waiting.push(batch);
      return [];
    },
    end(side) {
      if (side === 0) return [];
      complete = true;
      return waiting.splice(0).map(answer);
    },
  };
}

/** The columns at these places. */
export function inOrder(vectors: readonly Vector[], places: readonly number[]): readonly Vector[] {
  return places.map((place) => {
    const vector = vectors[place];
    if (vector === undefined) throw new RangeError('the sides of a set operation have different columns');
    return vector;
  });
}

/** The rows whose key is new to `ids` and that `keeps` accepts. */
function firstOfEach(ids: KeyIds, batch: Batch, keeps: (row: number) => boolean): Batch {
  let next = ids.size;
  const assigned = ids.assign(batch.vectors, batch.length);
  const rows: number[] = [];
  for (let row = 0; row < batch.length; row += 1) {
    if (assigned[row] !== next) continue;
    next += 1;
    if (keeps(row)) rows.push(row);
  }
  // Two rows at one place of the input, as EXPLODE gives them, are two places of this answer.
  return numberedAnew(pickRows(batch, Int32Array.from(rows)));
}
