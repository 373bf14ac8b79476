/** What every cross-row operator is to the engine: batches in, batches out, no knowledge of queues. */
import type { Schema, TypedExpr } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { concat } from '../concat.ts';
import type { GroupsPart } from './aggregate.ts';
import type { RowError } from '../row-error.ts';
import { lengthOf, slice } from '../vectors.ts';

/** An expression over an input, compiled. A row that fails throws, or is added to `failures` and the others go on. */
export type Evaluate = (batch: Batch, failures?: RowError[]) => Vector;
export type Compile = (expr: TypedExpr, input: Schema) => Evaluate;

/**
 * Sides are numbered as the node's inputs. Batches of one side come in its order; sides may come in any order or mixed, and the answer does not depend on how.
 * Both methods give the batches that are ready, in the answer's order.
 */
export interface CrossRow {
  take(side: number, batch: Batch): readonly Batch[];
  /** A side has given its last batch; each side ends once. */
  end(side: number): readonly Batch[];
  /** Goes on with what another one made of the rows that come next. Left out where that cannot be. Answers false where it holds too much for more. */
  merge?(part: GroupsPart): boolean;
}

/** Rows of a batch that a cross-row operator gives out. */
export const OUTPUT_ROWS = 4096;

/** Columns as batches of their own order: sequence from 0, ordinals from 0, no source place. */
export function batchesOf(vectors: readonly Vector[], length: number): readonly Batch[] {
  const out: Batch[] = [];
  for (let start = 0; start < length; start += OUTPUT_ROWS) {
    const end = Math.min(length, start + OUTPUT_ROWS);
    out.push({
      length: end - start,
      vectors: vectors.map((vector) => slice(vector, start, end)),
      sequence: out.length,
      ordinals: null,
      source: null,
    });
  }
  return out;
}

/** All rows of some batches as one set of columns. */
export class Collected {
  private readonly parts: Vector[][];
  private readonly schema: Schema;
  length = 0;

  constructor(schema: Schema) {
    this.schema = schema;
    this.parts = schema.map(() => []);
  }

  add(vectors: readonly Vector[], length: number): void {
    if (length === 0) return;
    this.parts.forEach((list, at) => {
      const vector = vectors[at];
      if (vector === undefined) throw new RangeError(`column ${at} of the batch is missing`);
      list.push(lengthOf(vector) === length ? vector : slice(vector, 0, length));
    });
    this.length += length;
  }

  /** One vector a column. */
  vectors(): readonly Vector[] {
    return this.schema.map((column, at) => concat(this.parts[at] ?? [], column.type));
  }
}
