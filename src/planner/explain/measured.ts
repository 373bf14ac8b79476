import type { NodeId } from '../graph.ts';

/** What a run counted at a node, for `explain --analyze`. */
export interface NodeMeasure {
  readonly rowsIn: number;
  readonly rowsOut: number;
  readonly milliseconds: number;
  /** What went to disk because it did not fit in memory. */
  readonly spilled?: { readonly bytes: number; readonly parts: number } | null;
  /** Files whose paths do not pass the WHERE. */
  readonly filesSkipped?: number;
  /** Parts of its files that other threads read, and those of them that had to be read once more. */
  readonly parts?: { readonly workers: number; readonly parts: number; readonly again: number } | null;
}

/** What a run counted of a handler. */
export interface HandlerMeasure {
  readonly node: NodeId;
  readonly fired: number;
  readonly edited: number;
  readonly appended: number;
  readonly deleted: number;
  readonly retried: number;
  readonly stale: number;
  readonly exhausted: number;
  readonly lost: number;
}

/** `passes`: the most with a repair that one of its `runs` took. */
export interface RegionMeasure {
  readonly region: number;
  readonly runs: number;
  readonly passes: number;
}

export interface Measured {
  readonly nodes: ReadonlyMap<NodeId, NodeMeasure>;
  readonly handlers: readonly HandlerMeasure[];
  readonly regions: readonly RegionMeasure[];
}

export const NOTHING_MEASURED: Measured = { nodes: new Map(), handlers: [], regions: [] };

/** `fired 12 times: 12 edited; 3 exhausted, 3 lost` */
export function handlerMeasureText(measure: HandlerMeasure): string {
  const parts = (keys: readonly (keyof HandlerMeasure)[]): string =>
    keys
      .filter((key) => measure[key] > 0)
      .map((key) => `${rowsText(measure[key])} ${key}`)
      .join(', ');
  const changed = parts(['edited', 'appended', 'deleted', 'retried']);
  const rest = parts(['stale', 'exhausted', 'lost']);
  const times = `fired ${rowsText(measure.fired)} time${measure.fired === 1 ? '' : 's'}`;
  return `${times}${changed === '' ? '' : `: ${changed}`}${rest === '' ? '' : `; ${rest}`}`;
}

/** `3 passes of repairs`, `at most 3 passes of repairs in 12 batches` */
export function regionMeasureText({ runs, passes }: RegionMeasure): string {
  const counted = `${rowsText(passes)} pass${passes === 1 ? '' : 'es'} of repairs`;
  return runs === 1 ? counted : `at most ${counted} in each of ${rowsText(runs)} batches`;
}

/** `1,234 → 987 rows, 12 ms`, `…, spilled 1.2 GB in 32 parts` */
export function measureText(measure: NodeMeasure): string {
  const { rowsIn, rowsOut, milliseconds, spilled = null, filesSkipped = 0, parts = null } = measure;
  const skipped = filesSkipped === 0 ? '' : `, ${rowsText(filesSkipped)} file${filesSkipped === 1 ? '' : 's'} not read`;
  const apart = parts === null ? '' : `, ${partsText(parts)}`;
  const measured = `${rowsText(rowsIn)} → ${rowsText(rowsOut)} rows, ${durationText(milliseconds)}${skipped}${apart}`;
  if (spilled === null) return measured;
  const pieces = spilled.parts;
  return `${measured}, spilled ${sizeText(spilled.bytes)} in ${rowsText(pieces)} part${pieces === 1 ? '' : 's'}`;
}

/** `9 parts read by 2 threads, 1 of them once more` */
function partsText({ workers, parts, again }: NonNullable<NodeMeasure['parts']>): string {
  const read = `${rowsText(parts)} part${parts === 1 ? '' : 's'} read by ${rowsText(workers)} threads`;
  return again === 0 ? read : `${read}, ${rowsText(again)} of them once more`;
}

function sizeText(bytes: number): string {
  if (bytes < 1e6) return `${Math.max(1, Math.round(bytes / 1e3))} kB`;
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

export function rowsText(rows: number): string {
  return rows.toLocaleString('en-US');
}

function durationText(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
