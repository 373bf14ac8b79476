/** A delimited file from its beginning on: what stands before its first record, and the records as batches. */
import type { ReadBatch, ReaderRequest, WantedColumn } from '../operators/runner.ts';
import { readError } from './faults.ts';
import type { InputFile } from './files.ts';
import { columnNamed } from './file-source.ts';
import { positionsByName, readHeader } from './header.ts';
import type { InputFiles } from './input-files.ts';
import { guessLineEnding, guessLines } from './line-ending.ts';
import type { LineEnding } from './line-ending.ts';
import type { ReadOptions } from './options.ts';
import { recordBatch } from './record-batches.ts';
import type { ColumnSource, RecordShape } from './record-batches.ts';
import { RecordFile } from './record-file.ts';
import { Splitter } from './splitter.ts';
import type { Dialect } from './splitter.ts';

/** What reading takes beside the file. */
export interface ReadJob {
  readonly request: Pick<ReaderRequest, 'declared' | 'batchRows' | 'inPassing' | 'written' | 'signal'>;
  readonly options: ReadOptions;
  readonly disk: InputFiles;
  /** The wanted columns, in the batches' order. */
  readonly wanted: readonly WantedColumn[];
}

/** What the beginning of a file tells of the rest. Plain data. */
export interface FileLayout {
  readonly ending: LineEnding;
  /** The fields of its header line; null where columns go by position. */
  readonly header: readonly string[] | null;
}

export function wantedOf({ wanted, declared }: Pick<ReaderRequest, 'wanted' | 'declared'>): readonly WantedColumn[] {
  return wanted.map((name) => columnNamed(name, declared));
}

export interface OpenFile {
  readonly opened: RecordFile;
  readonly layout: FileLayout;
  readonly records: Records;
}

/** Opens a file and reads what stands before its first record. */
export async function openFile(job: ReadJob, file: InputFile, inPassing: number | null): Promise<OpenFile> {
  const { options, disk } = job;
  const opened = await RecordFile.open(disk, file, options.encoding, inPassing);
  try {
    const dialect = dialectOf(options, opened.beginning);
    await opened.skipLines(options.skip, dialect.ending);
    const { line } = opened;
    const header = await headerOf(job, opened, dialect);
    const layout = { ending: dialect.ending, header };
    return { opened, layout, records: new Records(job, opened, layout, line) };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** The records of an open file as batches. */
export class Records {
  private readonly opened: RecordFile;
  private readonly splitter: Splitter;
  private readonly shape: RecordShape;
  private readonly signal: AbortSignal;

  /** `headerLine`: where the header stands, for messages. */
  constructor(job: ReadJob, opened: RecordFile, layout: FileLayout, headerLine: number) {
    const { delimiter, quote } = job.options;
    const { slotOf, shape } = placedColumns(job, opened, layout.header, headerLine);
    this.opened = opened;
    this.shape = shape;
    const dialect = { delimiter, quote, ending: layout.ending };
    this.splitter = new Splitter(dialect, slotOf, job.request.batchRows, job.request.inPassing ?? null);
    this.signal = job.request.signal;
  }

  /** The next batch; null at the end of the file, or where the next record begins at `until` or behind. */
  async next(sequence: number, until = Infinity): Promise<ReadBatch | null> {
    const { opened, splitter, shape } = this;
    if (!(await opened.cut(splitter, until))) return null;
    this.signal.throwIfAborted();
    const records = { splitter, bytes: opened.bytes, firstLine: opened.line, sequence };
    const { batch, rejected, nextLine } = recordBatch(records, shape);
    opened.line = nextLine;
    return { batch, rejected, bytesRead: opened.taken };
  }
}

export function dialectOf({ delimiter, quote }: ReadOptions, beginning: Buffer): Dialect {
  const ending = delimiter.length === 0 ? guessLines(beginning) : guessLineEnding(beginning, quote);
  return { delimiter, quote, ending };
}

interface Placed {
  readonly slotOf: Int32Array;
  readonly shape: RecordShape;
}

async function headerOf({ options }: ReadJob, opened: RecordFile, dialect: Dialect): Promise<readonly string[] | null> {
  if (!options.header || options.delimiter.length === 0) return null;
  const place = { file: opened.file.name, line: opened.line };
  const header = await readHeader(opened, dialect);
  if (header !== null) return header;
  throw readError('PR1005', 'the file has no header line: it is empty', {
    place,
    help: 'a file that may be empty is read with header = false',
  });
}

function placedColumns(
  job: ReadJob,
  { file, turnedFrom }: RecordFile,
  header: readonly string[] | null,
  headerLine: number,
): Placed {
  const { request, options } = job;
  const inFile = request.declared.filter(({ name }) => !file.columns.has(name));
  const place = { file: file.name, line: headerLine };
  if (options.delimiter.length === 0 && inFile.length > 1) {
    throw readError('PR1012', `LineReader gives one column, and ${inFile.length} are declared`, {
      span: inFile[1]?.span ?? null,
    });
  }
  const positions =
    header === null
      ? new Map(inFile.map(({ name }, position) => [name, position]))
      : positionsByName(header, inFile, place);
  const expected = header?.length ?? Math.max(1, inFile.length);
  const columns: ColumnSource[] = [];
  const slotOf = new Int32Array(expected).fill(-1);
  const { nullText, dates, dateFormat } = options;
  const formats = { nullText, dates, dateFormat, keepsTexts: request.written === true };
  for (const column of job.wanted) {
    const value = file.columns.get(column.name);
    if (value !== undefined) {
      columns.push({ kind: 'path', column, value });
      continue;
    }
    const slot = columns.filter(({ kind }) => kind === 'field').length;
    slotOf[positions.get(column.name) ?? 0] = slot;
    const { name, type } = column;
    columns.push({
      kind: 'field',
      slot,
      format: { name, type, ...formats },
    });
  }
  return {
    slotOf,
    shape: {
      file: file.name,
      columns,
      expected,
      expectedBy: header === null ? 'the EXTRACT declares' : 'the header has',
      quote: options.quote,
      turnedFrom,
      capacity: request.batchRows,
    },
  };
}
