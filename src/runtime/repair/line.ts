/**
 * The settled rows of a member that passes on, row by row, what one origin gives. What was there before the first repair stands in order and loses some rows; what
 * came later is put in between. So it costs what was repaired, and one copy of row numbers.
 */
import { range } from '../row-numbers.ts';
import { isChain, isUntouched } from './members.ts';
import type { IntList } from './lists.ts';
import type { Origin } from './origin.ts';
import type { Running } from './run.ts';

/** Rows that were there before the first repair and are no more, and rows that came later, in the order in which both stand. */
interface Changes {
  /** Increasing. */
  readonly dead: readonly number[];
  readonly late: readonly number[];
  /** By row of `late`: before which early row it stands. */
  readonly places: readonly number[];
}

export class Line {
  /** Live rows. */
  readonly count: number;
  readonly early: number;
  private readonly changes: Changes;

  constructor(early: number, changes: Changes) {
    this.early = early;
    this.changes = changes;
    this.count = early - changes.dead.length + changes.late.length;
  }

  /** The rows that came after the first repair, in order. */
  came(): Int32Array {
    return Int32Array.from(this.changes.late);
  }

  /** The live rows in the order of S14; `behind` null, or which number the first of those that {@link came} gives is to have there. */
  order(behind: number | null): Int32Array {
    const { dead, late, places } = this.changes;
    const all = range(0, this.early);
    if (dead.length === 0 && late.length === 0) return all.slice();
    const out = new Int32Array(this.count);
    let from = 0;
    let to = 0;
    const passTo = (row: number): void => {
      if (row - from > SHORT) out.set(all.subarray(from, row), to);
      else for (let at = from; at < row; at += 1) out[to + at - from] = at;
      to += row - from;
      from = row;
    };
    let next = 0;
    const putBefore = (row: number): void => {
      for (; next < late.length && (places[next] ?? 0) <= row; next += 1) {
        passTo(places[next] ?? 0);
        out[to] = behind === null ? (late[next] ?? -1) : behind + next;
        to += 1;
      }
      passTo(row);
    };
    for (const row of dead) {
      putBefore(row);
      from = row + 1;
    }
    putBefore(this.early);
    return out;
  }
}

/** So few rows are copied one by one. */
const SHORT = 16;

/** null where rows come and go in other ways: several origins that were repaired, calls made again, steps that look at several rows. */
export function lineOf(member: Running): Line | null {
  if (!isChain(member)) return null;
  const steps: IntList[] = [];
  let at = member;
  while (!isRepaired(at)) {
    const [input] = at.inputs;
    if (input === undefined) return new Line(member.table.length, { dead: [], late: [], places: [] });
    steps.push(at.table.parents);
    at = input;
  }
  const { origin } = at;
  if (origin === null || !at.inputs.every(isUntouched)) return null;
  const rowAbove = (row: number): number => {
    let above = row;
    for (const parents of steps) above = parents.at(above);
    return above;
  };
  const late = lateRows(member, at, origin, rowAbove);
  if (late === null) return null;
  const early = member.before.rows;
  const ended = at.table.ended.all().filter((row) => row < at.before.rows);
  ended.sort();
  const dead: number[] = [];
  let from = 0;
  for (const row of ended) {
    from = firstFrom(row, from, early, rowAbove);
    for (; from < early && rowAbove(from) === row; from += 1) dead.push(from);
  }
  let place = 0;
  const places = late.map(({ base }) => (place = firstFrom(base + 1, place, early, rowAbove)));
  return new Line(early, { dead, late: late.map(({ row }) => row), places });
}

function isRepaired({ origin, table }: Running): boolean {
  return table.ended.count > 0 || (origin !== null && !origin.untouched);
}

interface Late {
  readonly row: number;
  /** The computed row of the origin that it goes back to, and its place behind that. */
  readonly base: number;
  readonly place: number;
}

/** The live rows that came after the first repair, in order; null where some go back to rows that were computed after it. */
function lateRows(
  { table, before }: Running,
  at: Running,
  origin: Origin,
  rowAbove: (row: number) => number,
): readonly Late[] | null {
  const rows: Late[] = [];
  let inOrder = true;
  for (let row = before.rows; row < table.length; row += 1) {
    const above = rowAbove(row);
    if (at.table.ended.has(above)) continue;
    const one = { row, base: origin.baseOf(above), place: origin.placeOf(above) };
    if (one.base >= at.before.rows) return null;
    const last = rows.at(-1);
    inOrder = inOrder && (last === undefined || compare(last, one) < 0);
    rows.push(one);
  }
  return inOrder ? rows : rows.toSorted(compare);
}

function compare(a: Late, b: Late): number {
  return a.base - b.base || a.place - b.place || a.row - b.row;
}

/** The first of the early rows, from one on, that was made from the row `above` or a later one. */
function firstFrom(above: number, from: number, end: number, rowAbove: (row: number) => number): number {
  // In steps that double: repairs that stand side by side are found at once.
  let low = from;
  let step = 1;
  while (low + step <= end && rowAbove(low + step - 1) < above) {
    low += step;
    step *= 2;
  }
  let high = Math.min(end, low + step - 1);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rowAbove(middle) < above) low = middle + 1;
    else high = middle;
  }
  return low;
}
