/** Which row of an output stands at a line of its file: counted by the reader that reads such a file back. */
import { resolve } from 'node:path';
import type { Type, Value } from '../../typecheck/types.ts';
import { lineageFault } from '../../runtime/lineage/faults.ts';
import type { FormatFacts, OutputFacts } from '../../runtime/lineage/manifest.ts';
import type { ReadBatch } from '../../runtime/operators/runner.ts';
import { readers } from '../../runtime/readers/index.ts';

/** The line at which each row of the file begins. */
export interface RecordLines {
  readonly starts: readonly number[];
  /** Lines in front of the first row. */
  readonly headerLines: number;
}

/** Reads the file as what wrote it would have it read. @throws RunError PR7109 */
export async function recordLines(file: string, output: OutputFacts, format: FormatFacts): Promise<RecordLines> {
  const starts = await startsIn(file, format);
  const header = format.builtIn ? 0 : starts.length - output.rows;
  if (header !== 0 && header !== 1) throw unclear(file, output, format, starts.length);
  const rows = starts.slice(header);
  return { starts: rows, headerLines: (rows[0] ?? 2) - 1 };
}

function unclear(file: string, { rows }: OutputFacts, { name }: FormatFacts, found: number): Error {
  return lineageFault(
    'PR7109',
    `${file} has ${found} lines for ${rows} rows, so ${name} does not write a line for each`,
    'name the row by a value: --row column=value',
  );
}

async function startsIn(file: string, format: FormatFacts): Promise<readonly number[]> {
  const [reader, options] = readerFor(format);
  const read = readers.get(reader);
  if (read === undefined) throw new RangeError(`there is no ${reader}`);
  const span = { source: 0, start: 0, end: 0 };
  const type: Type = { kind: 'string' };
  const declared = reader === 'LineReader' ? [{ name: 'line', type, span }] : [];
  const source = await read({
    files: [{ pattern: resolve(file), text: file, span }],
    declared,
    wanted: [],
    options,
    batchRows: 65_536,
    signal: new AbortController().signal,
  });
  const starts: number[] = [];
  for await (const batch of source.batches()) starts.push(...linesOf(batch));
  return starts;
}

/** Lines that do not fit are counted too: their number is that of a row. */
function linesOf({ batch, rejected }: ReadBatch): readonly number[] {
  const { source, length } = batch;
  return Array.from({ length: length + rejected.length }, (_, row) => source?.lineOf(row) ?? 0);
}

/** What reads back what a writer wrote. */
function readerFor({ name, options }: FormatFacts): readonly [reader: string, options: ReadonlyMap<string, Value>] {
  const given = new Map(options);
  switch (name) {
    case 'CsvWriter':
    case 'TsvWriter': {
      const kept = ['header', 'delimiter', 'quote'].flatMap((option) => {
        const value = given.get(option);
        return value === undefined ? [] : [[option, value] as const];
      });
      return [name === 'CsvWriter' ? 'CsvReader' : 'TsvReader', new Map<string, Value>(kept)];
    }
    case 'JsonLinesWriter':
      return ['JsonLinesReader', new Map()];
    default:
      return ['LineReader', new Map()];
  }
}

/** The position of the row at a line, from 0. @throws RunError PR7103, PR7105 */
export function rowAtLine(file: string, line: number, { starts, headerLines }: RecordLines, lastLine: number): number {
  if (line > lastLine) throw noSuchLine(file, line, lastLine);
  if (line <= headerLines || starts.length === 0) {
    const next = starts.length === 0 ? '' : `; its rows begin at line ${headerLines + 1}`;
    throw lineageFault('PR7105', `line ${line} of ${file} is its header${next}`);
  }
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= line) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function noSuchLine(file: string, line: number, lastLine: number): Error {
  const lines = lastLine === 1 ? '1 line' : `${lastLine} lines`;
  return lineageFault('PR7103', `${file} has no line ${line}: it has ${lines}`);
}
