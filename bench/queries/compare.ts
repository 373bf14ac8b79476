/** Whether two answers are the same rows, in whatever order: numbers to the last few bits, which sums in another order may differ by. */

/** Cells as text: numbers as JavaScript prints them, moments as ISO 8601, null as {@link NULL}. */
export type Answer = readonly (readonly string[])[];

export const NULL = '\\N';

const RELATIVE = 1e-9;

/** What differs, in words; null where nothing does. */
export function difference(ours: Answer, theirs: Answer, ordered: boolean): string | null {
  if (ours.length !== theirs.length) return `${ours.length} rows, and ${theirs.length} are expected`;
  const [left, right] = ordered ? [ours, theirs] : [ours.toSorted(compareRows), theirs.toSorted(compareRows)];
  const at = left.findIndex((row, index) => !sameRow(row, right[index] ?? []));
  return at < 0 ? null : `${JSON.stringify(left[at])} stands for ${JSON.stringify(right[at])}`;
}

function sameRow(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((cell, at) => sameCell(cell, b[at] ?? NULL));
}

function sameCell(a: string, b: string): boolean {
  if (a === b) return true;
  const [x, y] = [numberOf(a), numberOf(b)];
  return Math.abs(x - y) <= RELATIVE * Math.max(Math.abs(x), Math.abs(y), 1e-6);
}

/** An order in which rows that are nearly equal stand at the same place. */
function compareRows(a: readonly string[], b: readonly string[]): number {
  for (const [at, one] of a.entries()) {
    const other = b[at] ?? NULL;
    if (sameCell(one, other)) continue;
    const apart = numberOf(one) - numberOf(other);
    if (!Number.isNaN(apart)) return apart;
    return one < other ? -1 : 1;
  }
  return 0;
}

/** NaN where the text is no number. */
const numberOf = (text: string): number => (text === '' ? Number.NaN : Number(text));
