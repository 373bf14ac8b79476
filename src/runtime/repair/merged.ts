/**
 * A batch of which some rows went and others came, as one batch again. Texts that stood in one buffer stay in one, side by side as they were: a writer copies a line
 * of them as a whole where no repair has changed it.
 */
import type { Type } from '../../typecheck/types.ts';
import type { Nulls, NumberTexts, Utf8Vector, Vector } from '../batch.ts';
import { concat } from '../concat.ts';
import { gather, isWellFormed, utf8Vector } from '../vectors.ts';

/** `bytes[starts[i] … ends[i])` of some rows. */
type Views = NumberTexts;

/** A column of the batch, and of the rows that came. */
type Both<T> = readonly [early: T, late: T];

/** The rows wanted, by number: those of the batch first, those that came behind. */
export function mergedColumns(
  types: readonly Type[],
  early: readonly Vector[],
  came: readonly Vector[],
  order: Int32Array,
): readonly Vector[] {
  const columns = types.flatMap((type, at): readonly { readonly type: Type; readonly both: Both<Vector> }[] => {
    const [first, second] = [early[at], came[at]];
    return first === undefined || second === undefined ? [] : [{ type, both: inOneForm(first, second) }];
  });
  const texts = columns.map(({ both }) => textsOf(both));
  const copy = copyOf(texts);
  return columns.map(({ type, both }, at) => {
    const views = texts[at] ?? null;
    const [first, second] = both;
    const beside = copy === null || views === null ? null : mergedViews(views, copy, order);
    if (first.kind === 'int' && second.kind === 'int') {
      const values = new Int32Array(order.length);
      merge(values, [first.values, second.values], order, 0, 0);
      const plain = { kind: first.kind, values, nulls: mergedNulls([first, second], order) };
      return beside === null ? plain : { ...plain, texts: beside };
    }
    if (first.kind !== 'utf8' || second.kind !== 'utf8' || beside === null) return gather(concat(both, type), order);
    return { kind: 'utf8', ...beside, nulls: mergedNulls([first, second], order), decoded: null };
  });
}

/** Strings that were made go on as UTF-8 beside those of a file, where they have one. */
function inOneForm(first: Vector, second: Vector): Both<Vector> {
  if (first.kind !== 'utf8' || second.kind !== 'string') return [first, second];
  const { values } = second;
  return values.every((text) => text === null || isWellFormed(text)) ? [first, utf8Vector(values)] : [first, second];
}

function textsOf([first, second]: Both<Vector>): Both<Views> | null {
  const [one, other] = [viewsOf(first), viewsOf(second)];
  return one === null || other === null ? null : [one, other];
}

function viewsOf(vector: Vector): Views | null {
  if (vector.kind === 'utf8') return vector;
  return vector.kind === 'int' ? (vector.texts ?? null) : null;
}

// ── Bytes ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A piece of a buffer that is copied as a whole. */
interface Piece {
  from: number;
  to: number;
  /** What its place in the copy is ahead of that in the buffer. */
  shift: number;
}

interface Copy {
  readonly bytes: Uint8Array;
  readonly pieces: ReadonlyMap<Uint8Array, Piece>;
}

/** Bytes that are copied may be so many times those that rows use. */
const SPARSE = 4;

/** null where little of what lies between the texts' ends is of use. */
function copyOf(texts: readonly (Both<Views> | null)[]): Copy | null {
  const pieces = new Map<Uint8Array, Piece>();
  let used = 0;
  for (const both of texts) {
    for (const { bytes, starts, ends } of both ?? []) {
      const piece = pieces.get(bytes) ?? { from: Infinity, to: 0, shift: 0 };
      pieces.set(bytes, piece);
      used += widen(piece, starts, ends);
    }
  }
  const [sole] = pieces.keys();
  if (pieces.size === 1 && sole !== undefined) return { bytes: sole, pieces };
  let size = 0;
  for (const piece of pieces.values()) {
    if (piece.from > piece.to) piece.from = piece.to;
    piece.shift = size - piece.from;
    size += piece.to - piece.from;
  }
  if (size > used * SPARSE) return null;
  // A Buffer as all others are: loops that see one class of arrays are compiled better.
  const bytes = Buffer.allocUnsafeSlow(size);
  for (const [buffer, { from, to, shift }] of pieces) bytes.set(buffer.subarray(from, to), from + shift);
  return { bytes, pieces };
}

/** Takes rows' texts into the piece; gives how many bytes they are. */
function widen(piece: Piece, starts: Int32Array, ends: Int32Array): number {
  let { from, to } = piece;
  let used = 0;
  for (let row = 0; row < starts.length; row += 1) {
    const start = starts[row] ?? 0;
    const end = ends[row] ?? 0;
    if (start === end) continue;
    used += end - start;
    if (start < from) from = start;
    if (end > to) to = end;
  }
  piece.from = from;
  piece.to = to;
  return used;
}

// ── Rows ────────────────────────────────────────────────────────────────────────────────────────────────────────────

function mergedViews([one, other]: Both<Views>, { bytes, pieces }: Copy, order: Int32Array): Views {
  const shifts = [pieces.get(one.bytes)?.shift ?? 0, pieces.get(other.bytes)?.shift ?? 0] as const;
  const starts = new Int32Array(order.length);
  const ends = new Int32Array(order.length);
  merge(starts, [one.starts, other.starts], order, ...shifts);
  merge(ends, [one.ends, other.ends], order, ...shifts);
  return { bytes, starts, ends };
}

/** An empty text has no place, and gets none before the first byte. */
function merge(out: Int32Array, [one, other]: Both<Int32Array>, order: Int32Array, by: number, otherBy: number): void {
  const count = one.length;
  const shifted = by !== 0 || otherBy !== 0;
  for (let at = 0; at < order.length; at += 1) {
    const row = order[at] ?? 0;
    const value = row < count ? (one[row] ?? 0) + by : (other[row - count] ?? 0) + otherBy;
    out[at] = shifted && value < 0 ? 0 : value;
  }
}

function mergedNulls(
  [one, other]: Both<{ readonly nulls: Nulls; readonly values?: Int32Array; readonly starts?: Utf8Vector['starts'] }>,
  order: Int32Array,
): Nulls {
  if (one.nulls === null && other.nulls === null) return null;
  const count = (one.values ?? one.starts ?? NO_ROWS).length;
  return Uint8Array.from(order, (row) => (row < count ? one.nulls?.[row] : other.nulls?.[row - count]) ?? 0);
}

const NO_ROWS = new Int32Array(0);
