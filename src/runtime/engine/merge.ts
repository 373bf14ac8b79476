/**
 * Where branches meet. Branches of one source give one batch for each of its batches, so that they interleave by (sequence, ordinal, side) whatever the
 * schedule; different sources follow one another. Nothing here waits: what comes too early is kept, and how much that is the queues before bound.
 */
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { numberedAnew } from '../relational/pick-rows.ts';
import { concat } from '../concat.ts';
import { gather } from '../vectors.ts';

export interface Merge {
  /** Both give the batches that are ready, in order. */
  take(side: number, batch: Batch): readonly Batch[];
  end(side: number): readonly Batch[];
}

/** For each column of the schema its place on a side. */
export function alignment(schema: Schema, side: Schema): readonly number[] {
  return schema.map(({ name }) => side.findIndex((column) => column.name === name));
}

export function aligned(batch: Batch, places: readonly number[]): Batch {
  if (places.length === batch.vectors.length && places.every((place, at) => place === at)) return batch;
  return { ...batch, vectors: places.map((place) => vectorAt(batch.vectors, place)) };
}

function vectorAt(vectors: readonly Vector[], place: number): Vector {
  const vector = vectors[place];
  if (vector === undefined) throw new RangeError('a side of a union lacks a column');
  return vector;
}

/** UNION of branches of one source, and what several clauses route to one name. */
export function interleave(schema: Schema, sides: number): Merge {
  const waiting: Batch[][] = Array.from({ length: sides }, () => []);
  const open = new Set(waiting.keys());
  const ready = (): readonly Batch[] => {
    const out: Batch[] = [];
    for (;;) {
      const heads = waiting.flatMap(([head]) => (head === undefined ? [] : [head]));
      const missing = [...open].some((side) => waiting[side]?.length === 0);
      if (heads.length === 0 || missing) return out;
      const sequence = Math.min(...heads.map((head) => head.sequence));
      const meet = waiting.flatMap((queue) => (queue[0]?.sequence === sequence ? [queue.shift()] : []));
      out.push(
        interleaved(
          schema,
          meet.flatMap((batch) => batch ?? []),
        ),
      );
    }
  };
  return {
    take: (side, batch) => {
      waiting[side]?.push(batch);
      return ready();
    },
    end: (side) => {
      open.delete(side);
      return ready();
    },
  };
}

/** Batches of one sequence as one, by ordinal; the side that comes first goes first on ties. */
function interleaved(schema: Schema, batches: readonly Batch[]): Batch {
  const filled = batches.filter(({ length }) => length > 0);
  const [first] = filled.length === 0 ? batches : filled;
  if (first === undefined) throw new RangeError('nothing to merge');
  if (filled.length <= 1) return first;
  const ordinals = joinedOrdinals(filled);
  const order = Int32Array.from(ordinals.keys()).toSorted((a, b) => (ordinals[a] ?? 0) - (ordinals[b] ?? 0) || a - b);
  const vectors = schema.map(({ type }, at) =>
    gather(
      concat(
        filled.map((batch) => vectorAt(batch.vectors, at)),
        type,
      ),
      order,
    ),
  );
  return {
    length: order.length,
    vectors,
    sequence: first.sequence,
    ordinals: Int32Array.from(order, (row) => ordinals[row] ?? 0),
    source: first.source,
  };
}

function joinedOrdinals(batches: readonly Batch[]): Int32Array {
  const out = new Int32Array(batches.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const { length, ordinals } of batches) {
    for (let row = 0; row < length; row++, at++) out[at] = ordinals === null ? row : (ordinals[row] ?? 0);
  }
  return out;
}

/** UNION of different sources: all of the left, then all of the right, numbered anew. */
export function follow(): Merge {
  const early: Batch[] = [];
  let leftEnded = false;
  let sequence = 0;
  const numbered = (batch: Batch): Batch => {
    sequence += 1;
    return { ...numberedAnew(batch), sequence: sequence - 1 };
  };
  return {
    take: (side, batch) => {
      if (side === 0 || leftEnded) return [numbered(batch)];
      early.push(batch);
      return [];
    },
    end: (side) => {
      if (side !== 0) return [];
      leftEnded = true;
      return early.splice(0).map(numbered);
    },
  };
}
