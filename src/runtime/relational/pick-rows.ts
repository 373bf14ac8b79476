import type { Batch } from '../batch.ts';
import { gather } from '../vectors.ts';

/** The batch with only these rows (increasing), at their ordinals. */
export function pickRows(batch: Batch, rows: Int32Array): Batch {
  if (rows.length === batch.length) return batch;
  const { ordinals } = batch;
  return {
    ...batch,
    length: rows.length,
    vectors: batch.vectors.map((vector) => gather(vector, rows)),
    ordinals: ordinals === null ? rows : Int32Array.from(rows, (row) => ordinals[row] ?? 0),
  };
}
