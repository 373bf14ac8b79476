/**
 * Runs that are in order, as one that is: a heap holds the next row of each (external merging: D. E. Knuth, The Art of Computer Programming, vol. 3, 5.4.1).
 * Equal rows come in the order of their runs, so that merging the runs of a stable sort is stable.
 */
import type { Vector } from '../batch.ts';
import type { Columns } from '../packed/columns.ts';
import { pickFrom } from './collect.ts';
import type { Room } from './room.ts';
import { Run } from './spool.ts';

/** What rows of a block are ordered by. */
export type Keys = readonly Vector[];

export interface RunOrder {
  /** What the rows of a block are compared by. */
  readonly keysOf: (columns: Columns) => Keys;
  /** Compares a row of one block with a row of another. */
  readonly compare: (a: Keys, rowA: number, b: Keys, rowB: number) => number;
}

/** Rows of a piece of the answer. */
const PIECE_ROWS = 4096;

class Cursor {
  readonly index: number;
  private readonly source: Iterator<Columns>;
  private readonly keysOf: RunOrder['keysOf'];
  columns: Columns = { vectors: [], length: 0 };
  keys: Keys = [];
  row = 0;
  /** Of the piece that is being put together; −1 where it has no row of this block yet. */
  slot = -1;

  constructor(run: Run, index: number, keysOf: RunOrder['keysOf']) {
    this.index = index;
    this.source = run.read();
    this.keysOf = keysOf;
  }

  /** On to the next row; false at the end. */
  next(): boolean {
    this.row += 1;
    return this.row < this.columns.length || this.load();
  }

  load(): boolean {
    const next = this.source.next();
    if (next.done === true) return false;
    this.columns = next.value;
    this.keys = this.keysOf(next.value);
    this.row = 0;
    this.slot = -1;
    return true;
  }
}

/** The rows of all runs in order, in pieces. More runs than may be open at once are merged to fewer before. */
export async function* merged(runs: readonly Run[], order: RunOrder, room: Room): AsyncGenerator<Columns> {
  let left = runs.filter(({ blocks }) => blocks.length > 0);
  while (left.length > room.fanIn) {
    const spool = room.spool();
    const fewer: Run[] = [];
    for (let at = 0; at < left.length; at += room.fanIn) {
      const run = new Run(spool);
      for (const columns of mergedOnce(left.slice(at, at + room.fanIn), order)) run.write(columns);
      fewer.push(run);
      room.spilled.parts += 1;
      await room.breathe();
    }
    left = fewer;
  }
  for (const columns of mergedOnce(left, order)) {
    yield columns;
    await room.breathe();
  }
}

function* mergedOnce(runs: readonly Run[], order: RunOrder): Generator<Columns> {
  const [only] = runs;
  if (only !== undefined && runs.length === 1) {
    yield* only.read();
    return;
  }
  const heap = new Heap(order.compare);
  runs.forEach((run, index) => {
    const cursor = new Cursor(run, index, order.keysOf);
    if (cursor.load()) heap.push(cursor);
  });
  const piece = new Piece();
  for (let cursor = heap.top; cursor !== undefined; cursor = heap.top) {
    piece.add(cursor);
    if (cursor.next()) heap.sink();
    else heap.pop();
    if (piece.length === PIECE_ROWS) yield piece.finish();
  }
  if (piece.length > 0) yield piece.finish();
}

/** Rows of the answer on the way: where each comes from. */
class Piece {
  private readonly which = new Int32Array(PIECE_ROWS);
  private readonly rows = new Int32Array(PIECE_ROWS);
  private sources: Columns[] = [];
  private used: Cursor[] = [];
  length = 0;

  add(cursor: Cursor): void {
    if (cursor.slot < 0) {
      cursor.slot = this.sources.length;
      this.sources.push(cursor.columns);
      this.used.push(cursor);
    }
    this.which[this.length] = cursor.slot;
    this.rows[this.length] = cursor.row;
    this.length += 1;
  }

  finish(): Columns {
    const columns = pickFrom(this.sources, this.which.subarray(0, this.length), this.rows.subarray(0, this.length));
    for (const cursor of this.used) cursor.slot = -1;
    this.sources = [];
    this.used = [];
    this.length = 0;
    return columns;
  }
}

/** The least cursor on top. */
class Heap {
  private readonly items: Cursor[] = [];
  private readonly compare: RunOrder['compare'];

  constructor(compare: RunOrder['compare']) {
    this.compare = compare;
  }

  get top(): Cursor | undefined {
    return this.items[0];
  }

  push(cursor: Cursor): void {
    let at = this.items.length;
    this.items.push(cursor);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.less(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): void {
    const last = this.items.pop();
    if (last === undefined || this.items.length === 0) return;
    this.items[0] = last;
    this.sink();
  }

  /** Puts the top where it belongs. */
  sink(): void {
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      let least = at;
      if (left < this.items.length && this.less(left, least)) least = left;
      if (right < this.items.length && this.less(right, least)) least = right;
      if (least === at) return;
      this.swap(at, least);
      at = least;
    }
  }

  private less(a: number, b: number): boolean {
    const [x, y] = [this.items[a], this.items[b]];
    if (x === undefined || y === undefined) return false;
    const order = this.compare(x.keys, x.row, y.keys, y.row);
    return order === 0 ? x.index < y.index : order < 0;
  }

  private swap(a: number, b: number): void {
    const [x, y] = [this.items[a], this.items[b]];
    if (x === undefined || y === undefined) return;
    this.items[a] = y;
    this.items[b] = x;
  }
}

/** By one column of numbers without nulls. */
export function byNumber(column: number): RunOrder {
  return {
    keysOf: ({ vectors }) => vectors.slice(column, column + 1),
    compare: ([a], rowA, [b], rowB) => numberAt(a, rowA) - numberAt(b, rowB),
  };
}

function numberAt(vector: Vector | undefined, row: number): number {
  return vector?.kind === 'number' ? (vector.values[row] ?? 0) : 0;
}
