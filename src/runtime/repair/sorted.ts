/** ORDER BY inside a region: it passes rows on, and decides how they stand when someone asks. */
import type { TypedSort } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import type { Evaluate } from '../relational/index.ts';
import { comparator } from '../relational/order.ts';
import type { Compare } from '../relational/order.ts';
import { hiddenVectors } from './hidden.ts';
import type { HiddenColumn } from './lineage.ts';
import type { Member } from './members.ts';
import type { Table } from './table.ts';

/** The keys of an ORDER BY, over the input's columns and the hidden ones. */
export interface SortKeys {
  readonly by: readonly TypedSort[];
  readonly keys: readonly Evaluate[];
  /** Those that can fail. */
  readonly failing: readonly Evaluate[];
  readonly hidden: readonly HiddenColumn[];
}

/** Compares rows of a table by keys of the rows they were made from; the keys are computed when first asked for, and again when the table has grown. */
export class SortOrder {
  private readonly sort: SortKeys;
  private readonly table: Table;
  private readonly input: Member;
  private compares: readonly Compare[] = [];
  private known = -1;

  constructor(sort: SortKeys, table: Table, input: Member) {
    this.sort = sort;
    this.table = table;
    this.input = input;
  }

  /** 0 where the order of the input decides. */
  compare(a: number, b: number): number {
    if (this.known !== this.table.length) this.look();
    for (const [at, { direction }] of this.sort.by.entries()) {
      const order = this.compares[at]?.(a, b) ?? 0;
      if (order !== 0) return direction === 'asc' ? order : -order;
    }
    return 0;
  }

  private look(): void {
    const { table, input, sort } = this;
    const rows = Int32Array.from({ length: table.length }, (_, row) => table.parents.at(row));
    const plain = input.table.batchOf(rows);
    const batch: Batch = { ...plain, vectors: [...plain.vectors, ...hiddenVectors(sort.hidden, input, rows)] };
    this.compares = sort.keys.map((key) => comparator(key(batch)));
    this.known = table.length;
  }
}
