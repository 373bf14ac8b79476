/** Tables of text: columns padded to their widest cell, the named one cut so that a line fits. */
import { displayWidth, fitEnd, padEnd, padStart } from '../diagnostics/render/width.ts';

export interface Column {
  readonly align: 'left' | 'right';
  /** May be cut when the table is too wide; at most one column. */
  readonly flexible?: boolean;
}

const GAP = '  ';
const LEAST = 8;

function widthsOf(columns: readonly Column[], rows: readonly (readonly string[])[], room: number): readonly number[] {
  const widths = columns.map((_, at) => Math.max(0, ...rows.map((row) => displayWidth(row[at] ?? ''))));
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.length * (columns.length - 1);
  return widths.map((width, at) =>
    columns[at]?.flexible === true && total > room ? Math.max(LEAST, width - (total - room)) : width,
  );
}

/** One line a row, without trailing spaces. Cells are plain text: colour is put on whole lines. */
export function tableLines(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  room: number,
): readonly string[] {
  const widths = widthsOf(columns, rows, room);
  return rows.map((row) =>
    columns
      .map((column, at) => {
        const width = widths[at] ?? 0;
        const text = fitEnd(row[at] ?? '', width);
        return column.align === 'left' ? padEnd(text, width) : padStart(text, width);
      })
      .join(GAP)
      .trimEnd(),
  );
}
