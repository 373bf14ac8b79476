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

/** The rows numbered anew, 0, 1, 2 …, as an order root gives them (S14); they still know where they come from. */
export function numberedAnew({ ordinals, source, ...batch }: Batch): Batch {
  if (ordinals === null) return { ...batch, ordinals, source };
  const lineOf = (row: number): number => source?.lineOf(ordinals[row] ?? 0) ?? 0;
  return { ...batch, ordinals: null, source: source === null ? null : { name: source.name, lineOf } };
}
