/**
 * EXPECT: the rows written against the ground truth, both as multisets over the truth's columns, each value as the writer prints it. Only the truth is held in
 * memory.
 */
import { extname } from 'node:path';
import type { OutputNode } from '../../planner/graph.ts';
import type { TypedExpect, Schema } from '../../typecheck/typed.ts';
import { STRING } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Batch } from '../batch.ts';
import type { WantedColumn } from '../operators/runner.ts';
import { delimitedReader } from '../readers/delimited.ts';
import { headerOf } from '../readers/header-of.ts';
import type { InputFiles } from '../readers/input-files.ts';
import { datesOf } from '../readers/options.ts';
import { textAt } from '../vectors.ts';
import { cellsOf } from '../writers/cells.ts';
import { writtenColumns } from '../writers/columns.ts';
import type { WrittenColumn } from '../writers/columns.ts';
import { outputFault } from './faults.ts';

export interface Counted {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
}

export class TruthCount {
  private readonly columns: readonly WrittenColumn[];
  private readonly options: ReadonlyMap<string, Value>;
  /** Rows of the truth that were not met yet, by their text. */
  private readonly left: Map<string, number>;
  private truePositives = 0;
  private falsePositives = 0;

  private constructor(
    columns: readonly WrittenColumn[],
    options: ReadonlyMap<string, Value>,
    left: Map<string, number>,
  ) {
    this.columns = columns;
    this.options = options;
    this.left = left;
  }

  /** Reads the truth. A column of it that the output does not write is an error: no row could ever be right. */
  static async open(
    node: OutputNode,
    expect: TypedExpect,
    input: Schema,
    disk: InputFiles,
    signal: AbortSignal,
  ): Promise<TruthCount> {
    const options = new Map(node.writer.options);
    const written = writtenColumns(input, options);
    const columns = await comparedColumns(expect, written, options, disk);
    return new TruthCount(columns, options, await truthRows(expect, columns, options, disk, signal));
  }

  count(batch: Batch): void {
    const dates = datesOf(this.options);
    const nullText = this.options.get('nullText');
    const texts = this.columns.map((column) => {
      const vector = batch.vectors[column.from];
      if (vector === undefined) throw new RangeError(`the batch has no vector ${column.from}`);
      const { bytes, starts, ends, nulls } = cellsOf(vector, column, dates);
      const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const none = typeof nullText === 'string' ? nullText : '';
      return (row: number): string => (nulls?.[row] === 1 ? none : buffer.toString('utf8', starts[row], ends[row]));
    });
    for (let row = 0; row < batch.length; row++) this.countRow(keyOf(texts.map((text) => text(row))));
  }

  result(): Counted {
    const falseNegatives = [...this.left.values()].reduce((sum, rows) => sum + rows, 0);
    return { truePositives: this.truePositives, falsePositives: this.falsePositives, falseNegatives };
  }

  private countRow(key: string): void {
    const left = this.left.get(key) ?? 0;
    if (left === 0) {
      this.falsePositives += 1;
      return;
    }
    this.truePositives += 1;
    if (left === 1) this.left.delete(key);
    else this.left.set(key, left - 1);
  }
}

function keyOf(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? '') : JSON.stringify(texts);
}

function delimiterOf({ truth }: TypedExpect): string {
  switch (extname(truth.replace(/\.gz$/u, ''))) {
    case '.tsv':
      return '\t';
    case '.txt':
      return '';
    default:
      return ',';
  }
}

/** The truth's options: the writer's, where it writes fields between delimiters. */
function readingOptions(options: ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  return new Map([...options].filter(([name]) => ['header', 'delimiter', 'quote'].includes(name)));
}

/** The written columns that the truth has: by its header, or all in order where it has none. */
async function comparedColumns(
  expect: TypedExpect,
  written: readonly WrittenColumn[],
  options: ReadonlyMap<string, Value>,
  disk: InputFiles,
): Promise<readonly WrittenColumn[]> {
  const delimiter = delimiterOf(expect);
  if (delimiter === '' || options.get('header') === false) return written;
  const names = await headerOf(disk, pattern(expect), delimiter, readingOptions(options));
  return names.map((name) => {
    const column = written.find((one) => one.name === name);
    if (column !== undefined) return column;
    const has = written.map((one) => one.name).join(', ');
    throw outputFault(
      'PR5201',
      `the ground truth ${expect.truthText} has the column ${JSON.stringify(name)}, which the output does not write; it writes ${has}`,
      expect.span,
      'the first line of a ground truth has the names of the columns to compare',
    );
  });
}

function pattern({ truth, truthText, span }: TypedExpect): {
  pattern: string;
  text: string;
  span: TypedExpect['span'];
} {
  return { pattern: truth, text: truthText, span };
}

async function truthRows(
  expect: TypedExpect,
  columns: readonly WrittenColumn[],
  options: ReadonlyMap<string, Value>,
  disk: InputFiles,
  signal: AbortSignal,
): Promise<Map<string, number>> {
  const declared: WantedColumn[] = columns.map(({ name }) => ({ name, type: STRING, span: expect.span }));
  const source = await delimitedReader(
    delimiterOf(expect),
    disk,
  )({
    files: [pattern(expect)],
    declared,
    wanted: declared.map(({ name }) => name),
    options: readingOptions(options),
    batchRows: 4096,
    signal,
  });
  const rows = new Map<string, number>();
  for await (const { batch, rejected } of source.batches()) {
    const [bad] = rejected;
    if (bad !== undefined) {
      const where = `${bad.place.file}:${bad.place.line ?? 0}`;
      throw outputFault('PR5202', `the ground truth cannot be read: ${where}: ${bad.message}`, expect.span);
    }
    for (let row = 0; row < batch.length; row++) {
      const texts = batch.vectors.map((vector) => (vector.kind === 'utf8' ? textAt(vector, row) : ''));
      const key = keyOf(texts);
      rows.set(key, (rows.get(key) ?? 0) + 1);
    }
  }
  return rows;
}
