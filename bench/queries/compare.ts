/** Whether two answers are the same rows, in whatever order: numbers to the last few bits, which sums in another order may differ by. */
import type { Cell } from './random.ts';

export type Answer = readonly (readonly Cell[])[];

const RELATIVE = 1e-9;

/** What differs, in words; null where nothing does. */
export function difference(ours: Answer, theirs: Answer): string | null {
  if (ours.length !== theirs.length) return `${ours.length} rows, and ${theirs.length} are expected`;
  const [left, right] = [ours.toSorted(compareRows), theirs.toSorted(compareRows)];
  const at = left.findIndex((row, index) => !sameRow(row, right[index] ?? []));
  return at < 0 ? null : `${JSON.stringify(left[at])} stands for ${JSON.stringify(right[at])}`;
}

function sameRow(a: readonly Cell[], b: readonly Cell[]): boolean {
  return a.length === b.length && a.every((cell, at) => sameCell(cell, b[at] ?? null));
}

function sameCell(a: Cell, b: Cell): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return a === b || Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b), 1e-6);
}

/** An order in which rows that are nearly equal stand at the same place. */
function compareRows(a: readonly Cell[], b: readonly Cell[]): number {
  for (const [at, one] of a.entries()) {
    const other = b[at] ?? null;
    if (sameCell(one, other)) continue;
    const [x, y] = [keyOf(one), keyOf(other)];
    if (typeof x === 'number' && typeof y === 'number') return x - y;
    return String(x) < String(y) ? -1 : 1;
  }
  return 0;
}

const keyOf = (cell: Cell): number | string => (cell === null ? '' : typeof cell === 'number' ? cell : `s${cell}`);
