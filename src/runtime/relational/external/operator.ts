/** What a cross-row operator that may go to disk is to the engine. */
import type { Batch } from '../../batch.ts';
import type { GroupsPart } from '../aggregate.ts';
import type { Columns } from '../../packed/columns.ts';

/** As {@link CrossRow}, but that an end's answer may be made on the way. */
export interface Spilling {
  take(side: number, batch: Batch): readonly Batch[];
  end(side: number): readonly Batch[] | AsyncIterable<Batch>;
  merge?(part: GroupsPart): boolean;
}

/** After so many cuts by other hashes parts that are still too large are large of one key. */
export const MOST_LEVELS = 6;

/** Pieces as batches of their own order: sequence from 0, ordinals from 0, no source place. `keep`: the columns of the answer. */
export async function* renumbered(
  pieces: AsyncIterable<Columns>,
  keep: readonly number[],
  first: number,
): AsyncGenerator<Batch> {
  let sequence = first;
  for await (const { vectors, length } of pieces) {
    yield { length, vectors: keep.flatMap((column) => vectors[column] ?? []), sequence, ordinals: null, source: null };
    sequence += 1;
  }
}

/** Columns as a batch for a kernel. */
export function batchOf({ vectors, length }: Columns): Batch {
  return { vectors, length, sequence: 0, ordinals: null, source: null };
}

export function upTo(length: number): readonly number[] {
  return Array.from({ length }, (_, at) => at);
}
