import type { NodeId } from '../graph.ts';

/** What a run counted at a node, for `explain --analyze`. */
export interface NodeMeasure {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly milliseconds: number;
}

export type Measured = ReadonlyMap<NodeId, NodeMeasure>;

export const NOTHING_MEASURED: Measured = new Map();

/** `1,234 → 987 rows, 12 ms` */
export function measureText({ rowsIn, rowsOut, milliseconds }: NodeMeasure): string {
  return `${rowsText(rowsIn)} → ${rowsText(rowsOut)} rows, ${durationText(milliseconds)}`;
}

export function rowsText(rows: number): string {
  return rows.toLocaleString('en-US');
}

function durationText(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
