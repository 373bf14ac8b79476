/** EXPLODE(text.split("…")) on the bytes of the text: its pieces are views over them, and no list or string is made. */
import { constantValue } from '../../../typecheck/expressions/constants.ts';
import type { Schema, TypedExpr } from '../../../typecheck/typed.ts';
import type { Utf8Vector, Vector } from '../../batch.ts';
import { Marks } from '../../readers/marks.ts';

/** A split of a column at a constant text. */
export interface Split {
  /** Index of the column. */
  readonly column: number;
  readonly at: Uint8Array;
}

/** Null where the expression is anything else. An empty separator splits into UTF-16 units, which bytes do not show. */
export function splitOf(expr: TypedExpr, input: Schema): Split | null {
  if (expr.kind !== 'call' || expr.fn !== 'string.split' || expr.args.length !== 2) return null;
  const [text, separator] = expr.args;
  const at = separator === undefined ? undefined : constantValue(separator);
  if (text?.kind !== 'column' || text.type.kind !== 'string' || typeof at !== 'string' || at === '') return null;
  const bytes = Buffer.from(at, 'utf8');
  // Half of a surrogate pair is in no UTF-8.
  if (bytes.toString('utf8') !== at) return null;
  const column = input.findIndex(({ qualifier, name }) => qualifier === text.qualifier && name === text.name);
  return column < 0 ? null : { column, at: bytes };
}

export interface Pieces {
  readonly pieces: Utf8Vector;
  /** The row of each piece. */
  readonly rows: Int32Array;
}

/** Splits columns at one text, batch after batch. */
export class Splitting {
  private readonly at: Uint8Array;
  private readonly marks: Marks;
  private places: Places = newPlaces();
  private readonly inPassing: number | null;
  /** What the newest answers look into, oldest first. */
  private readonly used: Places[] = [];
  private count = 0;

  /** `inPassing`: how many of the newest answers are looked into at one time; null where that is not known. */
  constructor(at: Uint8Array, inPassing: number | null = null) {
    this.at = at;
    this.inPassing = inPassing;
    const [first = 0] = at;
    this.marks = new Marks({ delimiter: first, lineEnd: first, quote: -1 });
  }

  /** The pieces of every row, each row at least one; null where the column's strings are not bytes, or not in the order in which they stand there. */
  pieces(vector: Vector | undefined, length: number): Pieces | null {
    if (vector?.kind !== 'utf8' || vector.nulls !== null || !isInOrder(vector, length)) return null;
    const { bytes, starts, ends } = vector;
    this.count = 0;
    this.marks.restart(bytes, starts[0] ?? 0);
    const last = ends[length - 1] ?? 0;
    for (let row = 0; row < length; row++) this.cut(bytes, starts[row] ?? 0, ends[row] ?? 0, last, row);
    const { starts: from, ends: to, rows } = this.answered();
    return { pieces: { kind: 'utf8', bytes, starts: from, ends: to, nulls: null, decoded: null }, rows };
  }

  /** What was found: a copy, or the places themselves where they are not written before nobody looks at them any more. */
  private answered(): Places {
    const { count, inPassing, used } = this;
    const { starts, ends, rows } = this.places;
    if (inPassing === null) {
      return { starts: starts.slice(0, count), ends: ends.slice(0, count), rows: rows.slice(0, count) };
    }
    used.push(this.places);
    this.places = (used.length > inPassing ? used.shift() : undefined) ?? newPlaces();
    return { starts: starts.subarray(0, count), ends: ends.subarray(0, count), rows: rows.subarray(0, count) };
  }

  private cut(bytes: Uint8Array, from: number, end: number, last: number, row: number): void {
    const { marks, at } = this;
    const { positions } = marks;
    let start = from;
    for (;;) {
      if (marks.at === marks.count && !marks.more(last)) break;
      const mark = positions[marks.at] ?? 0;
      if (mark >= end) break;
      marks.at++;
      if (mark < start || mark + at.length > end || !standsAt(bytes, mark, at)) continue;
      this.add(start, mark, row);
      start = mark + at.length;
    }
    this.add(start, end, row);
  }

  private add(start: number, end: number, row: number): void {
    if (this.count === this.places.rows.length) this.places = larger(this.places);
    const { starts, ends, rows } = this.places;
    const at = this.count++;
    starts[at] = start;
    ends[at] = end;
    rows[at] = row;
  }
}

/** Where pieces begin and end, and the row of each. */
interface Places {
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly rows: Int32Array;
}

function newPlaces(): Places {
  return { starts: new Int32Array(1024), ends: new Int32Array(1024), rows: new Int32Array(1024) };
}

function larger({ starts, ends, rows }: Places): Places {
  const twice = (values: Int32Array): Int32Array => {
    const more = new Int32Array(values.length * 2);
    more.set(values);
    return more;
  };
  return { starts: twice(starts), ends: twice(ends), rows: twice(rows) };
}

function isInOrder({ starts, ends }: Utf8Vector, length: number): boolean {
  let end = 0;
  for (let row = 0; row < length; row++) {
    if ((starts[row] ?? 0) < end) return false;
    end = ends[row] ?? 0;
  }
  return true;
}

/** Whether all of `text` stands here; its first byte does. */
function standsAt(bytes: Uint8Array, here: number, text: Uint8Array): boolean {
  for (let at = 1; at < text.length; at++) if (bytes[here + at] !== text[at]) return false;
  return true;
}
