/** LineWriter: one column, a line per row. */
import type { Writer } from '../operators/runner.ts';
import { datesOf, textOption } from '../readers/options.ts';
import { cellsOf } from './cells.ts';
import { writtenColumns } from './columns.ts';
import { writeError } from './faults.ts';
import { RowBytes } from './row-bytes.ts';

const NEW_LINE = Buffer.from('\n');
const MARKS = new Uint8Array(256);
MARKS[10] = 1;
MARKS[13] = 1;

export const lineWriter: Writer = async ({ target, columns, options }) => {
  const written = writtenColumns(columns, options);
  const [column] = written;
  if (column === undefined || written.length !== 1) {
    const names = written.map(({ name }) => name).join(', ');
    throw writeError(
      'PR5002',
      `LineWriter writes one column, and the rows have ${written.length}: ${names}`,
      'order = [column] picks one',
    );
  }
  const nullText = Buffer.from(textOption(options, 'nullText') ?? '', 'utf8');
  const dates = datesOf(options);
  const rows = new RowBytes();
  return {
    async write(vectors, length) {
      const vector = vectors[column.from];
      if (vector === undefined) throw new RangeError(`the batch has no vector ${column.from}`);
      const { bytes, starts, ends, nulls } = cellsOf(vector, column, dates);
      for (let row = 0; row < length; row++) {
        if (nulls !== null && nulls[row] === 1) rows.put(nullText);
        else if (rows.copy(bytes, starts[row] ?? 0, ends[row] ?? 0, MARKS) !== 0) throw hasLineEnd(column.name);
        rows.put(NEW_LINE);
      }
      await rows.flush(target, false);
    },
    pass: (bytes) => rows.pass(bytes, target),
    close: () => rows.flush(target, true),
  };
};

function hasLineEnd(column: string): Error {
  return writeError(
    'PR5004',
    `column ${column}: a text with a line end in it is no line of its own`,
    'write it with CsvWriter or JsonLinesWriter, or replace the line ends',
  );
}
