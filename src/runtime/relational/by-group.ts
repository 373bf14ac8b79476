/** Rows by the dense id of their key: a counting sort, stable. */

export interface ByGroup {
  /** Rows of group `g`: `rows[starts[g]]` up to, not including, `rows[starts[g + 1]]`. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** `parts`: ids of consecutive rows; a row with id −1 is in no group. `size`: the number of ids. */
export function rowsByGroup(parts: readonly Int32Array[], size: number): ByGroup {
  const starts = new Int32Array(size + 1);
  for (const ids of parts) {
    for (let at = 0; at < ids.length; at += 1) {
      const id = ids[at] ?? -1;
      if (id >= 0) starts[id + 1] = (starts[id + 1] ?? 0) + 1;
    }
  }
  for (let id = 0; id < size; id += 1) starts[id + 1] = (starts[id + 1] ?? 0) + (starts[id] ?? 0);
  const rows = new Int32Array(starts[size] ?? 0);
  const next = starts.slice(0, size);
  let row = 0;
  for (const ids of parts) {
    for (let at = 0; at < ids.length; at += 1, row += 1) {
      const id = ids[at] ?? -1;
      if (id < 0) continue;
      const place = next[id] ?? 0;
      rows[place] = row;
      next[id] = place + 1;
    }
  }
  return { starts, rows };
}
