/** Row numbers of a batch. */
import type { Batch } from '../../batch.ts';

export function allRows(length: number): Int32Array {
  return Int32Array.from({ length }, (_, row) => row);
}

/** The rows that are not among these (increasing). */
export function complement(rows: Int32Array, length: number): Int32Array {
  const out = new Int32Array(length - rows.length);
  let next = 0;
  let at = 0;
  for (let row = 0; row < length; row++) {
    if (rows[next] === row) next += 1;
    else {
      out[at] = row;
      at += 1;
    }
  }
  return out;
}

/** Ordinals of rows made from these input rows. */
export function ordinalsAt({ ordinals }: Batch, rows: Int32Array): Int32Array {
  return ordinals === null ? rows : Int32Array.from(rows, (row) => ordinals[row] ?? 0);
}
