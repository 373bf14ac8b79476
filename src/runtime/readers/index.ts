/** The built-in readers by their names in a script. */
import type { Reader } from '../operators/runner.ts';
import { delimitedReader } from './delimited.ts';
import { diskFiles } from './input-files.ts';
import type { InputFiles } from './input-files.ts';
import { jsonLinesReader } from './json-lines.ts';

export type { InputFiles } from './input-files.ts';

export function createReaders(disk: InputFiles): ReadonlyMap<string, Reader> {
  return new Map([
    ['LineReader', delimitedReader('', disk)],
    ['CsvReader', delimitedReader(',', disk)],
    ['TsvReader', delimitedReader('\t', disk)],
    ['JsonLinesReader', jsonLinesReader(disk)],
  ]);
}

export const readers: ReadonlyMap<string, Reader> = createReaders(diskFiles);
