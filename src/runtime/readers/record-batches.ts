/** What the splitter cut as a batch, with the lines that do not fit set apart. */
import { isUtf8 } from 'node:buffer';
import type { Value } from '../../typecheck/types.ts';
import type { BatchSource, Vector } from '../batch.ts';
import type { ReadBatch, RejectedLine, WantedColumn } from '../operators/runner.ts';
import { constantVector, gather } from '../vectors.ts';
import type { LineFault } from './faults.ts';
import { MAX_FIELD_BYTES } from './faults.ts';
import { columnVector, tooLong, unescaped } from './field-columns.ts';
import type { ColumnFormat, Fields } from './field-columns.ts';
import { OPEN_QUOTE } from './splitter.ts';
import type { Splitter } from './splitter.ts';

/** Where a column of the batches comes from. */
export type ColumnSource =
  | { readonly kind: 'field'; readonly slot: number; readonly format: ColumnFormat }
  | { readonly kind: 'path'; readonly column: WantedColumn; readonly value: Value };

export interface RecordShape {
  readonly file: string;
  readonly columns: readonly ColumnSource[];
  /** Fields that each record must have; what gives them is named in messages. */
  readonly expected: number;
  readonly expectedBy: string;
  readonly quote: number;
  /** Null where the file itself is UTF-8, so that its bytes must be checked. */
  readonly turnedFrom: string | null;
  readonly capacity: number;
}

/** The records of one call of the splitter. `firstLine`: the line (from 1) of the first. */
export interface Records {
  readonly splitter: Splitter;
  readonly bytes: Buffer;
  readonly firstLine: number;
  readonly sequence: number;
}

/** The batch, without its count of bytes; and the line behind its last record. */
export interface RecordBatch extends Pick<ReadBatch, 'batch' | 'rejected'> {
  readonly nextLine: number;
}

export function recordBatch(records: Records, shape: RecordShape): RecordBatch {
  const { splitter, firstLine, sequence } = records;
  const { rows, extraLines } = splitter;
  const faults = new Map<number, LineFault>();
  const reject = (row: number, fault: LineFault): void => {
    if (!faults.has(row)) faults.set(row, fault);
  };
  rejectRecords(records, shape, reject);
  const cut = shape.columns.map((column) => cutColumn(column, records, shape, reject));
  const lines = extraLines === null ? null : lineStarts(extraLines, rows, firstLine);
  const lineOf = (row: number): number => (lines === null ? firstLine + row : (lines[row] ?? firstLine));
  const source: BatchSource = { name: shape.file, lineOf };
  const rejected: RejectedLine[] = [];
  for (const row of [...faults.keys()].toSorted((a, b) => a - b)) {
    const fault = faults.get(row);
    if (fault === undefined) continue;
    const place = { file: shape.file, line: lineOf(row) };
    rejected.push({ ...fault, place, text: recordText(records, row), sequence, ordinal: row });
  }
  const vectors = cut.map(({ vector, fields }) =>
    vector.kind === 'utf8' && fields !== null ? unescaped(vector, fields) : vector,
  );
  const kept = rejected.length === 0 ? null : keptRows(rows, faults);
  return {
    batch: {
      length: kept === null ? rows : kept.length,
      vectors: kept === null ? vectors : vectors.map((vector) => gather(vector, kept)),
      sequence,
      ordinals: kept,
      source,
    },
    rejected,
    nextLine: firstLine + rows + (extraLines === null ? 0 : sum(extraLines, rows)),
  };
}

function rejectRecords(records: Records, shape: RecordShape, reject: (row: number, fault: LineFault) => void): void {
  const { splitter, bytes } = records;
  const { rows, problems, fieldCounts, recordStarts } = splitter;
  const from = recordStarts[0] ?? 0;
  const to = recordStarts[rows] ?? from;
  const suspect =
    shape.turnedFrom === null ? !isUtf8(bytes.subarray(from, to)) : hasReplacement(bytes.subarray(from, to));
  for (let row = 0; row < rows; row++) {
    const problem = problems === null ? 0 : (problems[row] ?? 0);
    const start = recordStarts[row] ?? 0;
    const end = recordStarts[row + 1] ?? start;
    if (problem !== 0) reject(row, quoteFault(problem, shape.quote));
    if (suspect) {
      const record = bytes.subarray(start, end);
      const bad = shape.turnedFrom === null ? !isUtf8(record) : hasReplacement(record);
      if (bad) reject(row, badText(shape.turnedFrom));
    }
    if (fieldCounts[row] !== shape.expected)
      reject(row, wrongCount(fieldCounts[row] ?? 0, isLineEnd(bytes[start]), shape));
    if (end - start > MAX_FIELD_BYTES) rejectLong(records, shape, row, reject);
  }
}

/** Only the fields that are wanted are measured. */
function rejectLong(
  { splitter }: Records,
  { columns, capacity }: RecordShape,
  row: number,
  reject: (row: number, fault: LineFault) => void,
): void {
  for (const column of columns) {
    if (column.kind !== 'field') continue;
    const place = column.slot * capacity + row;
    const length = (splitter.ends[place] ?? 0) - (splitter.starts[place] ?? 0);
    if (length > MAX_FIELD_BYTES) reject(row, tooLong(length));
  }
}

const REPLACEMENT = Buffer.from('\ufffd', 'utf8');

function hasReplacement(bytes: Buffer): boolean {
  return bytes.includes(REPLACEMENT);
}

function badText(turnedFrom: string | null): LineFault {
  return turnedFrom === null
    ? {
        code: 'PR1105',
        message:
          'the line holds bytes that are no UTF-8; the option encoding says what the file is written in (such as "windows-1252")',
      }
    : { code: 'PR1105', message: `the line holds bytes that are no ${turnedFrom}` };
}

function quoteFault(problem: number, quote: number): LineFault {
  const mark = String.fromCharCode(quote);
  return problem === OPEN_QUOTE
    ? { code: 'PR1104', message: `a field begins with ${mark}, and no ${mark} closes it up to the end of the file` }
    : {
        code: 'PR1103',
        message: `text follows the closing ${mark} of a field; inside a quoted field ${mark} is written ${mark}${mark}, and quote = "" reads ${mark} as text`,
      };
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === 10 || byte === 13;
}

function wrongCount(found: number, isEmpty: boolean, { expected, expectedBy }: RecordShape): LineFault {
  const fields = found === 1 ? '1 field' : `${found} fields`;
  const what = isEmpty ? 'the line is empty' : `the line has ${fields}`;
  return { code: 'PR1101', message: `${what}, and ${expectedBy} ${expected}` };
}

function fieldsOf({ splitter, bytes }: Records, { capacity, quote }: RecordShape, slot: number): Fields {
  const { rows, starts, ends, quoting } = splitter;
  const from = slot * capacity;
  return {
    bytes,
    rows,
    starts: starts.subarray(from, from + rows),
    ends: ends.subarray(from, from + rows),
    quoting: quoting === null ? null : quoting.subarray(from, from + rows),
    quote,
  };
}

interface CutColumn {
  readonly vector: Vector;
  readonly fields: Fields | null;
}

function cutColumn(
  column: ColumnSource,
  records: Records,
  shape: RecordShape,
  reject: (row: number, fault: LineFault) => void,
): CutColumn {
  if (column.kind === 'path') {
    return { vector: pathVector(column.column, column.value, records.splitter.rows), fields: null };
  }
  const fields = fieldsOf(records, shape, column.slot);
  return { vector: columnVector(fields, column.format, reject), fields };
}

/** A value of a path as a column; strings as views, so that they join with those of other files. */
export function pathVector(column: WantedColumn, value: Value, rows: number): Vector {
  if (typeof value !== 'string') return constantVector(column.type, value, rows);
  const bytes = Buffer.from(value, 'utf8');
  return {
    kind: 'utf8',
    bytes,
    starts: new Int32Array(rows),
    ends: new Int32Array(rows).fill(bytes.length),
    nulls: null,
    decoded: null,
  };
}

/** The line as it stands in the file, without its line end. */
function recordText({ splitter, bytes }: Records, row: number): string {
  const start = splitter.recordStarts[row] ?? 0;
  const end = splitter.recordStarts[row + 1] ?? start;
  return bytes.toString('utf8', start, end).replace(/(?:\r\n|\n|\r)$/u, '');
}

function lineStarts(extraLines: Int32Array, rows: number, firstLine: number): Int32Array {
  const starts = new Int32Array(rows);
  let line = firstLine;
  for (let row = 0; row < rows; row++) {
    starts[row] = line;
    line += 1 + (extraLines[row] ?? 0);
  }
  return starts;
}

function sum(values: Int32Array, count: number): number {
  let total = 0;
  for (let at = 0; at < count; at++) total += values[at] ?? 0;
  return total;
}

function keptRows(rows: number, faults: ReadonlyMap<number, LineFault>): Int32Array {
  const kept = new Int32Array(rows - faults.size);
  let at = 0;
  for (let row = 0; row < rows; row++) {
    if (faults.has(row)) continue;
    kept[at] = row;
    at += 1;
  }
  return kept;
}
