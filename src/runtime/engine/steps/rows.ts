/** Row numbers of a batch. */
import type { Batch } from '../../batch.ts';

/** Ordinals of rows made from these input rows. */
export function ordinalsAt({ ordinals }: Batch, rows: Int32Array): Int32Array {
  return ordinals === null ? rows : Int32Array.from(rows, (row) => ordinals[row] ?? 0);
}
