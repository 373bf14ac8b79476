/** A user's extractor as a reader of the engine. */
import { basename } from 'node:path';
import type { BatchSource } from '../batch.ts';
import type { InputFile as FoundFile } from '../readers/files.ts';
import { inputFiles } from '../readers/files.ts';
import type { InputFiles } from '../readers/input-files.ts';
import { fileError } from '../readers/input-files.ts';
import { vectorBuilder } from '../vectors.ts';
import { layoutOf } from './cursor.ts';
import type { InputFile } from './extractor.ts';
import { ExtractedRow } from './extractor.ts';
import { OperatorError, fatal } from './faults.ts';
import { shown } from './fit.ts';
import { linesOf, textOfFile } from './input-text.ts';
import type { Instance, OperatorCall } from './instance.ts';
import { bracket, makeInstance } from './instance.ts';
import { rowMaker } from './extracted-row.ts';
import type { ReadBatch, Reader, ReaderRequest, RejectedLine, WantedColumn } from './runner.ts';

/** Files are found as built-in readers find theirs: globs, file sets, `_file`. */
export function extractReader(call: OperatorCall, disk: InputFiles): Reader {
  return async (request) => {
    const files = await inputFiles(request.files, request.declared, disk, request.keepsFile);
    return {
      files: files.map(({ name }) => name),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      batches: () => batchesOf(call, request, files, disk),
    };
  };
}

async function* batchesOf(
  call: OperatorCall,
  request: ReaderRequest,
  files: readonly FoundFile[],
  disk: InputFiles,
): AsyncGenerator<ReadBatch> {
  const instance = makeInstance(call);
  await bracket(instance, 'preCall', call.signature.name);
  let done = 0;
  let sequence = 0;
  try {
    for (const file of files) {
      for await (const cut of cutFile(instance, { call, request, file, disk, bytes: 0 }, sequence)) {
        sequence += 1;
        yield { ...cut, bytesRead: done + Math.min(cut.bytesRead, file.bytes) };
      }
      done += file.bytes;
    }
  } finally {
    await bracket(instance, 'postCall', call.signature.name);
  }
}

/** The batches of one file; what the body throws ends the job, naming the file and the last line it gave. */
/** The reading of one file; `bytes` are those taken from the disk so far. */
interface Reading {
  readonly call: OperatorCall;
  readonly request: ReaderRequest;
  readonly file: FoundFile;
  readonly disk: InputFiles;
  bytes: number;
}

async function* cutFile(instance: Instance, reading: Reading, firstSequence: number): AsyncGenerator<ReadBatch> {
  const { call, request, file } = reading;
  const wanted = wantedColumns(request);
  let cut = newCut(wanted, file, firstSequence);
  let line: number | null = null;
  try {
    for await (const row of rowsOf(instance, reading)) {
      request.signal.throwIfAborted();
      line = row.line ?? (line ?? 0) + 1;
      cut.add(row, line);
      if (cut.rows() < request.batchRows) continue;
      yield cut.finish(reading.bytes);
      cut = newCut(wanted, file, cut.sequence + 1);
    }
  } catch (thrown) {
    request.signal.throwIfAborted();
    throw fatal('PR3011', call.signature.name, `failed on ${file.name}`, thrown, { file: file.name, line });
  }
  if (cut.rows() > 0) yield cut.finish(file.bytes);
}

async function* rowsOf(instance: Instance, reading: Reading): AsyncGenerator<ExtractedRow> {
  const rows: unknown = instance.method('call')?.(inputFile(reading));
  if (!isIterable(rows)) throw new OperatorError('PR3004', `call() gave ${shown(rows)}; make it a generator`);
  for await (const row of rows) {
    if (!(row instanceof ExtractedRow)) {
      throw new OperatorError('PR3004', `it yielded ${shown(row)}; make rows with file.row({ … })`);
    }
    yield row;
  }
}

function inputFile(reading: Reading): InputFile {
  const { call, request, file } = reading;
  return {
    path: file.path,
    name: basename(file.path),
    columns: request.declared,
    stream: () => bytesOf(reading),
    lines: () => linesOf(bytesOf(reading)),
    text: () => textOfFile(bytesOf(reading)),
    row: rowMaker(call.signature.name, layoutOf(wantedColumns(request)), file.columns),
  };
}

const PIECE = 256 * 1024;

async function* bytesOf(reading: Reading): AsyncGenerator<Uint8Array> {
  const { request, file, disk } = reading;
  const bytes = await disk.open(file.path);
  try {
    for (;;) {
      request.signal.throwIfAborted();
      const piece = Buffer.allocUnsafe(PIECE);
      const length = await bytes.read(piece, 0, PIECE);
      reading.bytes = bytes.taken();
      if (length === 0) return;
      yield piece.subarray(0, length);
    }
  } catch (thrown) {
    throw fileError(thrown, file.name);
  } finally {
    await bytes.close();
  }
}

function wantedColumns({ declared, wanted }: ReaderRequest): readonly WantedColumn[] {
  return wanted.flatMap((name) => declared.find((column) => column.name === name) ?? []);
}

function isIterable(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && (Symbol.asyncIterator in value || Symbol.iterator in value);
}

interface Cut {
  readonly sequence: number;
  readonly rows: () => number;
  readonly add: (row: ExtractedRow, line: number) => void;
  readonly finish: (bytesRead: number) => ReadBatch;
}

/** A batch in the making. A rejected row takes an ordinal of its own, so that a routed one keeps its place. */
function newCut(columns: readonly WantedColumn[], file: FoundFile, sequence: number): Cut {
  const builders = columns.map(({ type }) => vectorBuilder(type));
  const lines: number[] = [];
  const ordinals: number[] = [];
  const rejected: RejectedLine[] = [];
  const source: BatchSource = { name: file.name, lineOf: (ordinal) => lines[ordinal] ?? 0 };
  return {
    sequence,
    rows: () => lines.length,
    add: ({ values, rejection }, line) => {
      const ordinal = lines.push(line) - 1;
      if (rejection === null) {
        ordinals.push(ordinal);
        builders.forEach((builder, at) => builder.push(values[at] ?? null));
        return;
      }
      rejected.push({ ...rejection, place: { file: file.name, line }, code: 'PR3007', sequence, ordinal });
    },
    finish: (bytesRead) => ({
      batch: {
        length: ordinals.length,
        vectors: builders.map((builder) => builder.finish()),
        sequence,
        ordinals: rejected.length === 0 ? null : Int32Array.from(ordinals),
        source,
      },
      rejected,
      bytesRead,
    }),
  };
}
