/** CsvReader, TsvReader and LineReader: one way to read, three defaults. */
import type { ReadBatch, Reader, ReaderRequest, WantedColumn } from '../operators/runner.ts';
import { MAX_COLUMNS, readError } from './faults.ts';
import { inputFiles } from './files.ts';
import type { InputFile } from './files.ts';
import { columnNamed, fileSource } from './file-source.ts';
import { positionsByName, readHeader } from './header.ts';
import type { InputFiles } from './input-files.ts';
import { guessLineEnding, guessLines } from './line-ending.ts';
import { readOptions } from './options.ts';
import type { ReadOptions } from './options.ts';
import { recordBatch } from './record-batches.ts';
import type { ColumnSource, RecordShape } from './record-batches.ts';
import { RecordFile } from './record-file.ts';
import { Splitter } from './splitter.ts';
import type { Dialect } from './splitter.ts';

interface Job {
  readonly request: ReaderRequest;
  readonly options: ReadOptions;
  readonly disk: InputFiles;
  /** The wanted columns, in the batches' order. */
  readonly wanted: readonly WantedColumn[];
}

/** A reader of fields between delimiters; a reader of lines where `delimiter` is ''. */
export function delimitedReader(delimiter: string, disk: InputFiles): Reader {
  return async (request) => {
    const options = readOptions(request.options, delimiter);
    const files = await inputFiles(request.files, request.declared, disk, request.keepsFile);
    const wanted = request.wanted.map((name) => columnNamed(name, request.declared));
    if (request.declared.length > MAX_COLUMNS) throw tooManyColumns(request.declared.length);
    const job = { request, options, disk, wanted };
    return fileSource(files, (file, sequence) => fileBatches(job, file, sequence));
  };
}

function tooManyColumns(count: number): Error {
  return readError('PR1008', `${count} columns are declared; the limit is ${MAX_COLUMNS}`);
}

async function* fileBatches(job: Job, file: InputFile, firstSequence: number): AsyncIterable<ReadBatch> {
  const { request, options, disk } = job;
  const opened = await RecordFile.open(disk, file, options.encoding, request.inPassing ?? null);
  try {
    const dialect = dialectOf(options, opened.beginning);
    await opened.skipLines(options.skip, dialect.ending);
    const placed = await placeColumns(job, opened, dialect);
    const splitter = new Splitter(dialect, placed.slotOf, request.batchRows, request.inPassing ?? null);
    for (let sequence = firstSequence; await opened.cut(splitter); sequence++) {
      request.signal.throwIfAborted();
      const records = { splitter, bytes: opened.bytes, firstLine: opened.line, sequence };
      const { batch, rejected, nextLine } = recordBatch(records, placed.shape);
      opened.line = nextLine;
      yield { batch, rejected, bytesRead: opened.taken };
    }
  } finally {
    await opened.close();
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

async function placeColumns(job: Job, opened: RecordFile, dialect: Dialect): Promise<Placed> {
  const { request, options } = job;
  const { file } = opened;
  const inFile = request.declared.filter(({ name }) => !file.columns.has(name));
  const byName = options.header && options.delimiter.length > 0;
  const place = { file: file.name, line: opened.line };
  const header = byName ? await readHeader(opened, dialect) : null;
  if (byName && header === null) {
    throw readError('PR1005', 'the file has no header line: it is empty', {
      place,
      help: 'a file that may be empty is read with header = false',
    });
  }
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
      turnedFrom: opened.turnedFrom,
      capacity: request.batchRows,
    },
  };
}
