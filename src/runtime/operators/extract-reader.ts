/** A user's extractor as a reader of the engine. */
import type { Value } from '../../typecheck/types.ts';
import type { BatchSource } from '../batch.ts';
import { vectorBuilder } from '../vectors.ts';
import { layoutOf } from './cursor.ts';
import type { InputFile } from './extractor.ts';
import { ExtractedRow } from './extractor.ts';
import { OperatorError, fatal } from './faults.ts';
import { shown } from './fit.ts';
import { bytesOf, linesOf, textOfFile } from './input-bytes.ts';
import type { Instance, OperatorCall } from './instance.ts';
import { bracket, makeInstance } from './instance.ts';
import { rowMaker } from './extracted-row.ts';
import type { ReadBatch, Reader, ReaderRequest, RejectedLine, WantedColumn } from './runner.ts';

/** A file to read: its path, the name messages have for it, its size, and the columns that its path gives (`_file`, file sets). */
export interface FoundFile {
  readonly path: string;
  readonly shown: string;
  readonly bytes: number;
  readonly fromPath: ReadonlyMap<string, Value>;
}

/** Finds the files of a FROM in the order in which they are read; rejects with a RunError where there is none. */
export type FileFinder = (request: ReaderRequest) => Promise<readonly FoundFile[]>;

export function extractReader(call: OperatorCall, find: FileFinder): Reader {
  return async (request) => {
    const files = await find(request);
    return {
      files: files.map(({ shown: name }) => name),
      bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
      batches: () => batchesOf(call, request, files),
    };
  };
}

async function* batchesOf(
  call: OperatorCall,
  request: ReaderRequest,
  files: readonly FoundFile[],
): AsyncGenerator<ReadBatch> {
  const instance = makeInstance(call);
  await bracket(instance, 'preCall', call.signature.name);
  let done = 0;
  let sequence = 0;
  try {
    for (const file of files) {
      for await (const cut of cutFile(call, instance, request, file, sequence)) {
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
async function* cutFile(
  call: OperatorCall,
  instance: Instance,
  request: ReaderRequest,
  file: FoundFile,
  firstSequence: number,
): AsyncGenerator<ReadBatch> {
  const wanted = wantedColumns(request);
  const counter = { bytes: 0 };
  let cut = newCut(wanted, file, firstSequence);
  let line: number | null = null;
  try {
    for await (const row of rowsOf(call, instance, request, file, counter)) {
      request.signal.throwIfAborted();
      line = row.line ?? (line ?? 0) + 1;
      cut.add(row, line);
      if (cut.rows() < request.batchRows) continue;
      yield cut.finish(counter.bytes);
      cut = newCut(wanted, file, cut.sequence + 1);
    }
  } catch (thrown) {
    request.signal.throwIfAborted();
    throw fatal('PR3012', call.signature.name, `failed on ${file.shown}`, thrown, { file: file.shown, line });
  }
  if (cut.rows() > 0) yield cut.finish(file.bytes);
}

async function* rowsOf(
  call: OperatorCall,
  instance: Instance,
  request: ReaderRequest,
  file: FoundFile,
  counter: { bytes: number },
): AsyncGenerator<ExtractedRow> {
  const { name } = call.signature;
  const rows: unknown = instance.method('call')?.(inputFile(call, request, file, counter));
  if (!isIterable(rows)) throw new OperatorError('PR3004', `call answered with ${shown(rows)}; make it a generator`);
  for await (const row of rows) {
    if (!(row instanceof ExtractedRow)) {
      throw new OperatorError('PR3004', `${name} yielded ${shown(row)}; make rows with file.row({ … })`);
    }
    yield row;
  }
}

function inputFile(call: OperatorCall, request: ReaderRequest, file: FoundFile, counter: { bytes: number }): InputFile {
  const stream = (): AsyncIterable<Uint8Array> => bytesOf(file.path, request.signal, counter);
  return {
    path: file.path,
    name: file.path.split('/').at(-1) ?? file.path,
    columns: request.declared,
    stream,
    lines: () => linesOf(stream()),
    text: () => textOfFile(stream()),
    row: rowMaker(call.signature.name, layoutOf(wantedColumns(request)), file.fromPath),
  };
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
  const source: BatchSource = { name: file.shown, lineOf: (ordinal) => lines[ordinal] ?? 0 };
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
      rejected.push({ ...rejection, place: { file: file.shown, line }, code: 'PR3007', sequence, ordinal });
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
