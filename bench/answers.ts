/** Whether two peers gave the same answer: numbers may differ in the last places (sums of floats depend on their order), and in how they are printed. */
import { readFileSync } from 'node:fs';

const RELATIVE = 1e-9;

/** What differs, in a sentence; null where nothing does. Rows without their key's order are sorted first. */
export function difference(path: string, reference: string, inOrder: boolean): string | null {
  const [answer, wanted] = [readFileSync(path), readFileSync(reference)];
  if (answer.equals(wanted)) return null;
  const lines = linesOf(answer, inOrder);
  const expected = linesOf(wanted, inOrder);
  if (lines.length !== expected.length) return `${lines.length} lines, and ${expected.length} are expected`;
  for (const [at, line] of lines.entries()) {
    const other = expected[at] ?? '';
    if (line !== other && !sameFields(line.split(','), other.split(','))) return `"${line}" stands for "${other}"`;
  }
  return null;
}

function linesOf(bytes: Buffer, inOrder: boolean): readonly string[] {
  const lines = bytes.toString('utf8').trimEnd().split('\n');
  // No key begins another one and goes on with a character before the comma.
  return inOrder ? lines : lines.toSorted();
}

function sameFields(fields: readonly string[], wanted: readonly string[]): boolean {
  return fields.length === wanted.length && fields.every((field, at) => sameField(field, wanted[at] ?? ''));
}

function sameField(field: string, wanted: string): boolean {
  if (field === wanted) return true;
  if (field === '' || wanted === '') return false;
  const [a, b] = [Number(field), Number(wanted)];
  return Math.abs(a - b) <= RELATIVE * Math.max(Math.abs(a), Math.abs(b));
}
