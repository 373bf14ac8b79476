/** EXPLODE(text.split("…")) on the bytes of the text: its pieces are views over them, and no list or string is made. */
import { constantValue } from '../../../typecheck/expressions/constants.ts';
import type { Schema, TypedExpr } from '../../../typecheck/typed.ts';
import type { Utf8Vector, Vector } from '../../batch.ts';

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

/** The pieces of every row, each row at least one; null where the column's strings are not bytes. */
export function splitPieces(vector: Vector | undefined, length: number, at: Uint8Array): Pieces | null {
  if (vector?.kind !== 'utf8' || vector.nulls !== null) return null;
  const { bytes, starts, ends } = vector;
  const count = piecesIn(vector, length, at);
  const pieceStarts = new Int32Array(count);
  const pieceEnds = new Int32Array(count);
  const rows = new Int32Array(count);
  const [first = 0] = at;
  const width = at.length;
  let piece = 0;
  for (let row = 0; row < length; row++) {
    const end = ends[row] ?? 0;
    let start = starts[row] ?? 0;
    for (let here = start; here + width <= end;) {
      if (bytes[here] !== first || !standsAt(bytes, here, at)) {
        here++;
        continue;
      }
      pieceStarts[piece] = start;
      pieceEnds[piece] = here;
      rows[piece++] = row;
      here += width;
      start = here;
    }
    pieceStarts[piece] = start;
    pieceEnds[piece] = end;
    rows[piece++] = row;
  }
  return { pieces: { kind: 'utf8', bytes, starts: pieceStarts, ends: pieceEnds, nulls: null, decoded: null }, rows };
}

function piecesIn({ bytes, starts, ends }: Utf8Vector, length: number, at: Uint8Array): number {
  const [first = 0] = at;
  const width = at.length;
  let count = length;
  for (let row = 0; row < length; row++) {
    const end = ends[row] ?? 0;
    for (let here = starts[row] ?? 0; here + width <= end;) {
      if (bytes[here] !== first || !standsAt(bytes, here, at)) {
        here++;
        continue;
      }
      count++;
      here += width;
    }
  }
  return count;
}

/** Whether all of `text` stands here; its first byte does. */
function standsAt(bytes: Uint8Array, here: number, text: Uint8Array): boolean {
  for (let at = 1; at < text.length; at++) if (bytes[here + at] !== text[at]) return false;
  return true;
}
