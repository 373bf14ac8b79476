/**
 * CsvWriter and TsvWriter. What they write their reader reads back: a field is quoted where it holds the delimiter, the quote or a line end; in a nullable
 * column null is the null text, and a string that would be taken for it is quoted.
 */
import { isNullable, nonNull } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Sink, Writer } from '../operators/runner.ts';
import { datesOf, readOptions } from '../readers/options.ts';
import { cellsOf } from './cells.ts';
import type { Cells } from './cells.ts';
import { writtenColumns } from './columns.ts';
import type { WrittenColumn } from './columns.ts';
import { writeError } from './faults.ts';
import { RowBytes } from './row-bytes.ts';

interface Format {
  readonly delimiter: Buffer;
  readonly quote: number;
  readonly nullText: Buffer;
  /** Per byte, 1 where a field that holds it is quoted. */
  readonly marks: Uint8Array;
  /** The same, and 1 for the first byte of a byte order mark. */
  readonly lineMarks: Uint8Array;
  readonly defuse: boolean;
}

const LINE_END = 10;
const BYTE_ORDER_MARK = 0xef;
const APOSTROPHE = Buffer.from("'");

export function delimitedWriter(delimiter: string): Writer {
  return async ({ target, columns, options }) => {
    const written = writtenColumns(columns, options);
    const format = formatOf(options, delimiter);
    const dates = datesOf(options);
    const rows = new RowBytes();
    if (options.get('header') !== false) putHeader(rows, written, format);
    const sink: Sink = {
      async write(vectors, length) {
        const cells = written.map((column) => {
          const vector = vectors[column.from];
          if (vector === undefined) throw new RangeError(`the batch has no vector ${column.from}`);
          return cellsOf(vector, column, dates);
        });
        putRows(rows, written, cells, length, format);
        await rows.flush(target, false);
      },
      pass: (bytes) => rows.pass(bytes, target),
      close: () => rows.flush(target, true),
    };
    return sink;
  };
}

function formatOf(options: ReadonlyMap<string, Value>, fallback: string): Format {
  const { delimiter, quote, nullText } = readOptions(options, fallback);
  const marks = new Uint8Array(256);
  for (const byte of [delimiter[0] ?? 0, 10, 13]) marks[byte] = 1;
  if (quote >= 0) marks[quote] = 1;
  const lineMarks = marks.slice();
  lineMarks[BYTE_ORDER_MARK] = 1;
  return {
    delimiter,
    quote,
    nullText: nullText ?? Buffer.alloc(0),
    marks,
    lineMarks,
    defuse: options.get('defuse') === true,
  };
}

function putHeader(rows: RowBytes, columns: readonly WrittenColumn[], format: Format): void {
  columns.forEach(({ name }, at) => {
    if (at > 0) putDelimiter(rows, format);
    const bytes = Buffer.from(name, 'utf8');
    putField(rows, bytes, 0, bytes.length, false, format, name);
  });
  rows.putByte(LINE_END);
}

function putRows(
  rows: RowBytes,
  columns: readonly WrittenColumn[],
  cells: readonly Cells[],
  length: number,
  format: Format,
): void {
  const last = columns.length - 1;
  const nullable = columns.map(({ type }) => isNullable(type));
  const beside = format.defuse || nullable.includes(true) ? null : standingBeside(cells, format);
  const defused = columns.map(({ type }) => format.defuse && nonNull(type).kind === 'string');
  for (let row = 0; row < length; row++) {
    if (beside !== null && putLine(rows, beside, row, format)) continue;
    for (let at = 0; at <= last; at++) {
      const cell = cells[at];
      if (cell === undefined) continue;
      if (at > 0) putDelimiter(rows, format);
      if (cell.nulls !== null && cell.nulls[row] === 1) {
        rows.put(format.nullText);
        continue;
      }
      const start = cell.starts[row] ?? 0;
      const end = cell.ends[row] ?? 0;
      const name = columns[at]?.name ?? '';
      if (defused[at] === true && isFormula(cell.bytes, start, end))
        putDefused(rows, cell.bytes, start, end, format, name);
      else putField(rows, cell.bytes, start, end, nullable[at] === true, format, name);
    }
    rows.putByte(LINE_END);
  }
}

/** Cells that may stand in one line of what was read, as they are to stand in what is written; null where they do not. */
interface Beside {
  readonly bytes: Uint8Array;
  readonly starts: readonly Int32Array[];
  readonly ends: readonly Int32Array[];
}

function standingBeside(cells: readonly Cells[], { delimiter }: Format): Beside | null {
  const [first] = cells;
  if (first === undefined || delimiter.length !== 1) return null;
  const { bytes } = first;
  if (cells.some((cell) => cell.bytes !== bytes || cell.nulls !== null)) return null;
  return { bytes, starts: cells.map(({ starts }) => starts), ends: cells.map(({ ends }) => ends) };
}

/** Copies a row's cells with what stands between them, where that is the delimiter and nothing in them needs quotes; false where it must be put together. */
function putLine(
  rows: RowBytes,
  { bytes, starts, ends }: Beside,
  row: number,
  { delimiter, lineMarks }: Format,
): boolean {
  const between = delimiter[0];
  const start = starts[0]?.[row] ?? 0;
  let end = ends[0]?.[row] ?? 0;
  for (let at = 1; at < starts.length; at++) {
    if (starts[at]?.[row] !== end + 1 || bytes[end] !== between) return false;
    end = ends[at]?.[row] ?? 0;
  }
  // Each mark is one of the delimiters that were just seen, or something in a cell.
  if (rows.copy(bytes, start, end, lineMarks) !== starts.length - 1) {
    rows.undo(end - start);
    return false;
  }
  rows.putByte(LINE_END);
  return true;
}

function putDelimiter(rows: RowBytes, { delimiter }: Format): void {
  if (delimiter.length === 1) rows.putByte(delimiter[0] ?? 0);
  else rows.put(delimiter);
}

function putField(
  rows: RowBytes,
  bytes: Uint8Array,
  start: number,
  end: number,
  nullable: boolean,
  format: Format,
  column: string,
): void {
  const found = rows.copy(bytes, start, end, format.marks);
  const quoted =
    found !== 0 ||
    (nullable && wouldBeNull(bytes, start, end, format.nullText)) ||
    // At the start of a file it would be taken for a byte order mark.
    (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf);
  if (!quoted) return;
  rows.undo(end - start);
  if (format.quote < 0)
    throw noQuote(column, Buffer.from(bytes.subarray(start, Math.min(end, start + 60))).toString('utf8'));
  rows.putQuoted(bytes, start, end, format.quote);
}

function wouldBeNull(bytes: Uint8Array, start: number, end: number, nullText: Buffer): boolean {
  if (start === end) return true;
  return end - start === nullText.length && nullText.compare(bytes, start, end) === 0;
}

function noQuote(column: string, text: string): Error {
  return writeError(
    'PR5004',
    `column ${column}: ${JSON.stringify(text)} needs quotes, and the writer has none (quote = "")`,
    'take another delimiter or nullText, or leave quote out',
  );
}

/** What a spreadsheet would run as a formula. */
function isFormula(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end) return false;
  switch (bytes[start]) {
    case 0x3d: // =
    case 0x2b: // +
    case 0x2d: // -
    case 0x40: // @
    case 0x09:
    case 0x0d:
      return true;
    default:
      return false;
  }
}

function putDefused(
  rows: RowBytes,
  bytes: Uint8Array,
  start: number,
  end: number,
  format: Format,
  column: string,
): void {
  const text = Buffer.concat([APOSTROPHE, bytes.subarray(start, end)]);
  putField(rows, text, 0, text.length, false, format, column);
}
