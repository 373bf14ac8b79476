/** The rows of a member in the Order rule's order (S14). The order of two rows never changes, so rows are sorted once and later ones put among them. */
import type { RegionRun, Running } from './run.ts';
import { range } from '../row-numbers.ts';
import { compareRows, isChain } from './members.ts';

/** The live rows of an input in order, followed from one turn of its reader to the next. */
export class SortedRows {
  private rows: Int32Array = new Int32Array(0);
  private taken = 0;

  update(input: Running, run: RegionRun): Int32Array {
    const live = run.live(input);
    const isLive = (row: number): boolean => live[row] === 1;
    const fresh = range(this.taken, input.table.length - this.taken).filter(isLive);
    this.taken = input.table.length;
    this.rows = merged(input, this.rows.filter(isLive), inOrder(input, fresh));
    return this.rows;
  }
}

/** Rows of a member, given by number, in order. Those from before the first repair stand in order where each comes from one row of one source. */
export function inOrder(member: Running, rows: Int32Array): Int32Array {
  const compare = (a: number, b: number): number => compareRows(member, a, b);
  if (!isChain(member)) return rows.toSorted(compare);
  const lateFrom = rows.findIndex((row) => row >= member.before.rows);
  if (lateFrom < 0) return rows;
  return merged(member, rows.subarray(0, lateFrom), rows.slice(lateFrom).toSorted(compare));
}

/** Sorts lists of rows of a member, each in the order of their numbers. */
export function putInOrder(member: Running, lists: Int32Array[]): void {
  const early = isChain(member) ? member.before.rows : 0;
  lists.forEach((rows, at) => {
    const last = rows[rows.length - 1];
    if (last !== undefined && (rows.length === 1 || last < early)) return;
    lists[at] = inOrder(member, rows);
  });
}

/** Puts some rows among others, both in order: in steps of a binary search where they are few. */
function merged(member: Running, rows: Int32Array, late: Int32Array): Int32Array {
  if (late.length === 0) return rows;
  if (rows.length === 0) return late;
  const out = new Int32Array(rows.length + late.length);
  let from = 0;
  let to = 0;
  for (const row of late) {
    const until = firstBehind(member, rows, from, row);
    out.set(rows.subarray(from, until), to);
    to += until - from;
    from = until;
    out[to] = row;
    to += 1;
  }
  out.set(rows.subarray(from), to);
  return out;
}

/** The first place from `from` on whose row stands behind `row`. */
function firstBehind(member: Running, rows: Int32Array, from: number, row: number): number {
  let low = from;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareRows(member, rows[middle] ?? -1, row) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
