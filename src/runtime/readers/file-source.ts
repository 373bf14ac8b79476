/** Several files, read one after the other, as one source. */
import type { ReadBatch, Source, WantedColumn } from '../operators/runner.ts';
import type { InputFile } from './files.ts';

/** Reads one file; its first batch has the sequence given, and its count of bytes is its own. */
export type ReadFile = (file: InputFile, firstSequence: number) => AsyncIterable<ReadBatch>;

export function fileSource(files: readonly InputFile[], readFile: ReadFile): Source {
  return {
    files: files.map(({ name }) => name),
    bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
    async *batches() {
      let sequence = 0;
      let before = 0;
      for (const file of files) {
        for await (const batch of readFile(file, sequence)) {
          sequence += 1;
          yield { ...batch, bytesRead: before + batch.bytesRead };
        }
        before += file.bytes;
      }
    },
  };
}

export function columnNamed(name: string, declared: readonly WantedColumn[]): WantedColumn {
  const column = declared.find((one) => one.name === name);
  if (column === undefined) throw new RangeError(`the column ${name} is wanted, but not declared`);
  return column;
}
