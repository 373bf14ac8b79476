/** Lists of row numbers. */

/** 0, 1, 2 …: lists are views of it, or copied from it as blocks of memory, which is quick the first time too, when no loop is compiled yet. */
let counted = new Int32Array(0);

/** As many as are kept; longer lists are counted out. */
const MOST_COUNTED = 1 << 16;

function upTo(length: number): Int32Array {
  if (length <= counted.length) return counted;
  const more = new Int32Array(Math.min(MOST_COUNTED, Math.max(length, counted.length * 2, 4096)));
  for (let row = 0; row < more.length; row += 1) more[row] = row;
  counted = more;
  return counted;
}

/** `start`, `start` + 1, …: never written to, others may look at the same memory. */
export function range(start: number, length: number): Int32Array {
  if (start + length <= MOST_COUNTED) return upTo(start + length).subarray(start, start + length);
  const out = new Int32Array(length);
  for (let at = 0; at < length; at += 1) out[at] = start + at;
  return out;
}

/** A hole in so many rows is stepped over by a copy of those between it and the next one. */
const SPARSE = 32;

/** The rows below `length` that are not among these (increasing). */
export function complement(rows: Int32Array, length: number): Int32Array {
  if (rows.length === 0) return range(0, length);
  const out = new Int32Array(length - rows.length);
  if (length <= MOST_COUNTED && rows.length * SPARSE <= length) {
    const all = upTo(length);
    let from = 0;
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      out.set(all.subarray(from, row), from - at);
      from = row + 1;
    }
    out.set(all.subarray(from, length), from - rows.length);
    return out;
  }
  let next = 0;
  let to = 0;
  for (let row = 0; row < length; row += 1) {
    if (rows[next] === row) next += 1;
    else {
      out[to] = row;
      to += 1;
    }
  }
  return out;
}

/** The places where the flag is set, in order. */
export function placesOf(flags: Uint8Array): Int32Array {
  const out = new Int32Array(flags.length);
  let count = 0;
  for (let at = 0; at < flags.length; at += 1) {
    if (flags[at] !== 1) continue;
    out[count] = at;
    count += 1;
  }
  return out.slice(0, count);
}
