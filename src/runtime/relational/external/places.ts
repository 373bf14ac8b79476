/** Where rows stand in their source, kept beside them on disk as columns, so that they come back as the batches they were in. */
import { INT, LONG } from '../../../typecheck/types.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch, BatchSource, Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { joined } from '../../spill/collect.ts';
import { slice } from '../../vectors.ts';

/** Position among all rows that came, ordinal in the batch, line in the file (0 where there is none). */
export const PLACE_TYPES: readonly Type[] = [LONG, INT, INT];

export class Places {
  private readonly starts: number[] = [];
  private readonly sequences: number[] = [];
  private readonly names: (string | null)[] = [];
  private next = 0;

  /** The columns that say where these rows stand, in the order of {@link PLACE_TYPES}; each batch is asked for once. */
  of({ length, ordinals, sequence, source }: Batch): readonly Vector[] {
    const start = this.next;
    this.next += length;
    this.starts.push(start);
    this.sequences.push(sequence);
    this.names.push(source?.name ?? null);
    const positions = Float64Array.from({ length }, (_, row) => start + row);
    const kept = ordinals ?? Int32Array.from({ length }, (_, row) => row);
    const lines = source === null ? new Int32Array(length) : Int32Array.from(kept, (ordinal) => source.lineOf(ordinal));
    return [
      { kind: 'number', values: positions, nulls: null },
      { kind: 'int', values: kept, nulls: null },
      { kind: 'int', values: lines, nulls: null },
    ];
  }

  /** Rows in order of their position, as batches with one source batch's rows each. `at`: where the place's columns stand; `keep`: the columns of the answer. */
  async *restored(
    pieces: AsyncIterable<Columns>,
    at: number,
    keep: readonly number[],
    types: readonly Type[],
  ): AsyncGenerator<Batch> {
    let waiting: Columns[] = [];
    let batch = -1;
    for await (const piece of pieces) {
      const positions = numbersOf(piece.vectors[at]);
      for (let from = 0; from < piece.length;) {
        const next = this.batchAt(positions[from] ?? 0, Math.max(0, batch));
        const limit = this.starts[next + 1] ?? Number.POSITIVE_INFINITY;
        let to = from + 1;
        while (to < piece.length && (positions[to] ?? 0) < limit) to += 1;
        if (next !== batch && waiting.length > 0) yield this.batch(joined(waiting, types), batch, at, keep);
        if (next !== batch) waiting = [];
        batch = next;
        waiting.push({ vectors: piece.vectors.map((vector) => slice(vector, from, to)), length: to - from });
        from = to;
      }
    }
    if (waiting.length > 0) yield this.batch(joined(waiting, types), batch, at, keep);
  }

  /** The batch that holds a position, from one that is not behind it. */
  private batchAt(position: number, from: number): number {
    let at = from;
    while (at + 1 < this.starts.length && (this.starts[at + 1] ?? 0) <= position) at += 1;
    return at;
  }

  private batch({ vectors, length }: Columns, batch: number, at: number, keep: readonly number[]): Batch {
    const ordinals = intsOf(vectors[at + 1]);
    const name = this.names[batch] ?? null;
    return {
      length,
      vectors: keep.flatMap((column) => vectors[column] ?? []),
      sequence: this.sequences[batch] ?? 0,
      ordinals,
      source: name === null ? null : sourceOf(name, ordinals, intsOf(vectors[at + 2])),
    };
  }
}

function sourceOf(name: string, ordinals: Int32Array, lines: Int32Array): BatchSource {
  let known: ReadonlyMap<number, number> | null = null;
  return {
    name,
    lineOf: (ordinal) => {
      known ??= new Map(Array.from(ordinals, (each, row) => [each, lines[row] ?? 0] as const));
      return known.get(ordinal) ?? 0;
    },
  };
}

function numbersOf(vector: Vector | undefined): Float64Array {
  if (vector?.kind !== 'number') throw new TypeError('positions are numbers');
  return vector.values;
}

function intsOf(vector: Vector | undefined): Int32Array {
  if (vector?.kind !== 'int') throw new TypeError('ordinals and lines are whole numbers');
  return vector.values;
}
