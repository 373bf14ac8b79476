/** What decides beside the rows of a group: which groups were touched, and of an EXCEPT or INTERSECT which keys the right side has. */
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import type { KeyIds } from '../relational/key-ids.ts';
import { Flags } from './lists.ts';
import type { Member } from './members.ts';

/** Groups whose rows came or went, in the order in which that was seen. */
export class Touched {
  readonly ids: number[] = [];
  private readonly flags = new Flags();

  add(id: number): void {
    if (this.flags.has(id)) return;
    this.flags.set(id);
    this.ids.push(id);
  }
}

/** The right side of an EXCEPT or INTERSECT: which keys it has. */
export class OtherSide {
  private readonly left: Schema;
  private readonly ids: KeyIds;
  private readonly rows = new Map<number, number[]>();
  private taken = 0;

  constructor(left: Schema, ids: KeyIds) {
    this.left = left;
    this.ids = ids;
  }

  has(id: number): boolean {
    return this.rows.has(id);
  }

  /** Adds the keys that came or went. */
  update(right: Member, live: Uint8Array, touched: Touched): void {
    const places = this.left.map(({ name }) => right.table.schema.findIndex((column) => column.name === name));
    for (const [id, rows] of this.rows) {
      const left = rows.filter((row) => live[row] === 1);
      if (left.length === rows.length) continue;
      if (left.length > 0) this.rows.set(id, left);
      else {
        this.rows.delete(id);
        touched.add(id);
      }
    }
    for (const { start, batch } of right.table.since(this.taken)) {
      const ids = this.ids.assign(
        places.map((at) => columnAt(batch, at)),
        batch.length,
      );
      ids.forEach((id, at) => {
        if (live[start + at] !== 1) return;
        const rows = this.rows.get(id);
        if (rows !== undefined) rows.push(start + at);
        else {
          this.rows.set(id, [start + at]);
          touched.add(id);
        }
      });
    }
    this.taken = right.table.length;
  }
}

export function columnAt(batch: Batch, at: number): Vector {
  const vector = batch.vectors[at];
  if (vector === undefined) throw new RangeError(`the batch has no column ${at}`);
  return vector;
}
