/** One side of a JOIN or COMBINE inside a region: its rows by key. A null key matches nothing. */
import type { Schema, TypedExpr } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import type { KeyIds } from '../relational/key-ids.ts';
import type { RowError } from '../row-error.ts';
import { evaluated } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import type { HiddenColumn } from './lineage.ts';
import { range } from '../row-numbers.ts';
import type { Member } from './members.ts';

export class KeyedSide {
  /** The input's columns as the node's expressions name them, and the hidden ones. */
  readonly schema: Schema;
  /** Rows by key id, dead ones too. */
  readonly rows: number[][] = [];
  /** How many rows of the input were taken. */
  taken = 0;
  private readonly hidden: readonly HiddenColumn[];
  private readonly keys: readonly Evaluate[];

  /** `input` is qualified as the node's expressions name it. */
  constructor(input: Schema, hidden: readonly HiddenColumn[], keys: readonly TypedExpr[], compile: Compile) {
    this.schema = [...input, ...hidden.map(({ column }) => column)];
    this.hidden = hidden;
    this.keys = keys.map((key) => compile(key, this.schema));
  }

  /** Takes the rows that came since the last time; gives them with their key ids. `ids` is that of both sides; a row on which a key fails has none. */
  take(
    input: Member,
    ids: KeyIds,
    fail: (row: number, error: RowError) => void,
  ): readonly (readonly [row: number, id: number])[] {
    const fresh: (readonly [number, number])[] = [];
    for (const { start, batch } of input.table.since(this.taken)) {
      const full = this.withHidden(batch, input, range(start, batch.length));
      const { vectors, failed } = evaluated(this.keys, full);
      for (const [at, error] of failed) fail(start + at, error);
      ids.assign(vectors, batch.length).forEach((id, at) => {
        if (id < 0 || failed.has(at)) return;
        (this.rows[id] ??= []).push(start + at);
        fresh.push([start + at, id]);
      });
    }
    this.taken = input.table.length;
    return fresh;
  }

  /** Rows of the input with the hidden columns behind. */
  batchOf(input: Member, rows: Int32Array): Batch {
    return this.withHidden(input.table.batchOf(rows), input, rows);
  }

  withHidden(batch: Batch, input: Member, rows: Int32Array): Batch {
    if (this.hidden.length === 0) return batch;
    return { ...batch, vectors: [...batch.vectors, ...hiddenVectors(this.hidden, input, rows)] };
  }
}
