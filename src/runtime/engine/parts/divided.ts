/** Where a file is cut. */
import type { Part } from './task.ts';

export interface Cutting {
  readonly workers: number;
  /** So many parts; null: as many as is good. */
  readonly partitions: number | null;
  /** Smaller files are not cut. */
  readonly leastBytes: number;
  /** Bytes of a part at most. */
  readonly mostBytes: number;
}

/** The first part is for whoever has opened the file: it is read while workers begin. */
export interface Cut {
  readonly first: number;
  readonly parts: readonly Part[];
}

/** About what is read while a thread starts. */
const WHILE_STARTING = 12 * 1024 * 1024;
const LEAST_PART = 512 * 1024;
/** Parts for each worker, so that none waits long for the last one. */
const EACH = 4;

/** Cuts the bytes from `position` to `size`; null where they are not worth it. The last part is what there is. */
export function cutOf(size: number, position: number, cutting: Cutting): Cut | null {
  const { workers, partitions, leastBytes, mostBytes } = cutting;
  const rest = size - position;
  if (workers < 2 || rest < leastBytes || rest < 2) return null;
  if (partitions !== null) {
    const step = Math.max(1, Math.ceil(rest / partitions));
    return partsFrom(size, position + step, step);
  }
  const first = Math.min(WHILE_STARTING, Math.ceil(rest / (workers + 1)));
  const step = Math.ceil((rest - first) / (workers * EACH));
  return partsFrom(size, position + first, Math.min(mostBytes, Math.max(LEAST_PART, step)));
}

function partsFrom(size: number, first: number, step: number): Cut | null {
  const parts: Part[] = [];
  for (let from = first; from < size; from += step)
    parts.push({ from, to: from + step < size ? from + step : Infinity });
  return parts.length === 0 ? null : { first, parts };
}
