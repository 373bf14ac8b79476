/** CsvReader, TsvReader and LineReader: one way to read, three defaults. */
import type { ReadBatch, Reader } from '../operators/runner.ts';
import { openFile, wantedOf } from './delimited-file.ts';
import type { ReadJob } from './delimited-file.ts';
import { MAX_COLUMNS, readError } from './faults.ts';
import { inputFiles } from './files.ts';
import type { InputFile } from './files.ts';
import { fileSource } from './file-source.ts';
import type { InputFiles } from './input-files.ts';
import { readOptions } from './options.ts';
import { partedFiles } from './parted.ts';

/** A reader of fields between delimiters; a reader of lines where `delimiter` is ''. */
export function delimitedReader(delimiter: string, disk: InputFiles): Reader {
  return async (request) => {
    const options = readOptions(request.options, delimiter);
    const files = await inputFiles(request.files, request.declared, disk, request.keepsFile);
    if (request.declared.length > MAX_COLUMNS) throw tooManyColumns(request.declared.length);
    const job = { request, options, disk, wanted: wantedOf(request) };
    const inPassing = request.inPassing ?? null;
    return {
      ...fileSource(files, (file, sequence) => fileBatches(job, file, sequence, inPassing)),
      parts: () => partedFiles({ ...job, request, delimiter }, files),
    };
  };
}

function tooManyColumns(count: number): Error {
  return readError('PR1008', `${count} columns are declared; the limit is ${MAX_COLUMNS}`);
}

async function* fileBatches(
  job: ReadJob,
  file: InputFile,
  firstSequence: number,
  inPassing: number | null,
): AsyncIterable<ReadBatch> {
  const { opened, records } = await openFile(job, file, inPassing);
  try {
    let sequence = firstSequence;
    for (let read = await records.next(sequence); read !== null; read = await records.next(sequence)) {
      sequence += 1;
      yield read;
    }
  } finally {
    await opened.close();
  }
}
