/** The built-in writers by their names in a script. */
import type { Writer } from '../operators/runner.ts';
import { delimitedWriter } from './delimited.ts';
import { jsonLinesWriter } from './json-lines.ts';
import { lineWriter } from './lines.ts';

export const writers: ReadonlyMap<string, Writer> = new Map([
  ['CsvWriter', delimitedWriter(',')],
  ['TsvWriter', delimitedWriter('\t')],
  ['JsonLinesWriter', jsonLinesWriter],
  ['LineWriter', lineWriter],
]);
