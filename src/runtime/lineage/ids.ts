/** Rows of a node by number, from 0 in the order in which they were recorded. */

/** The numbers of a batch's rows: the first of consecutive ones, or each. */
export type Rows = number | Float64Array;

export function rowAt(rows: Rows, at: number): number {
  return typeof rows === 'number' ? rows + at : (rows[at] ?? -1);
}

/** The numbers of rows of a batch; −1 stays −1. */
export function rowsAt(rows: Rows, places: ArrayLike<number>): Float64Array {
  const out = new Float64Array(places.length);
  for (let at = 0; at < out.length; at += 1) {
    const place = places[at] ?? -1;
    out[at] = place < 0 ? -1 : rowAt(rows, place);
  }
  return out;
}

export function listed(rows: Rows, length: number): Float64Array {
  if (typeof rows !== 'number') return rows;
  const out = new Float64Array(length);
  for (let at = 0; at < length; at += 1) out[at] = rows + at;
  return out;
}

/** The least and the largest that are not −1; −1 for none. */
export function span(values: ArrayLike<number>): readonly [from: number, to: number] {
  let from = -1;
  let to = -1;
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] ?? -1;
    if (value < 0) continue;
    if (from < 0 || value < from) from = value;
    if (value > to) to = value;
  }
  return [from, to];
}

/** Numbers of many batches' rows as one list. */
export class RowList {
  private readonly parts: { readonly start: number; readonly rows: Rows }[] = [];
  length = 0;

  add(rows: Rows, length: number): void {
    if (length === 0) return;
    this.parts.push({ start: this.length, rows });
    this.length += length;
  }

  at(place: number): number {
    let low = 0;
    let high = this.parts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.parts[middle]?.start ?? 0) <= place) low = middle;
      else high = middle - 1;
    }
    const part = this.parts[low];
    return part === undefined ? -1 : rowAt(part.rows, place - part.start);
  }

  pick(places: ArrayLike<number>): Float64Array {
    const out = new Float64Array(places.length);
    for (let at = 0; at < out.length; at += 1) {
      const place = places[at] ?? -1;
      out[at] = place < 0 ? -1 : this.at(place);
    }
    return out;
  }
}
