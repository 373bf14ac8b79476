/** Strings of a vector's rows, each perhaps many times: where they stand is looked up when it is asked for, which a GROUP BY over them does not do. */
import type { Nulls, TakenRows, Utf8Vector, Vector } from './batch.ts';
import { gather } from './vectors.ts';

class TakenTexts implements Utf8Vector {
  readonly kind = 'utf8';
  readonly bytes: Uint8Array;
  readonly nulls: Nulls = null;
  decoded: (string | undefined)[] | null = null;
  readonly taken: TakenRows;
  private places: Pick<Utf8Vector, 'starts' | 'ends'> | null = null;

  constructor(taken: TakenRows) {
    this.bytes = taken.from.bytes;
    this.taken = taken;
  }

  get starts(): Int32Array {
    return this.found().starts;
  }

  get ends(): Int32Array {
    return this.found().ends;
  }

  private found(): Pick<Utf8Vector, 'starts' | 'ends'> {
    if (this.places !== null) return this.places;
    const { from, rows } = this.taken;
    const { starts, ends } = from;
    const places = { starts: new Int32Array(rows.length), ends: new Int32Array(rows.length) };
    for (let at = 0; at < rows.length; at++) {
      const row = rows[at] ?? 0;
      places.starts[at] = starts[row] ?? 0;
      places.ends[at] = ends[row] ?? 0;
    }
    this.places = places;
    return places;
  }
}

/** The rows at `indexes`, none of which is negative. */
export function takeRows(vector: Vector, indexes: Int32Array): Vector {
  if (vector.kind !== 'utf8' || vector.nulls !== null) return gather(vector, indexes);
  return new TakenTexts({ from: vector, rows: indexes });
}
