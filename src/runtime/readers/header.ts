/** Where the declared columns stand in a delimited file: by the names of its header line, else by position. */
import { didYouMean, didYouMeanHelp } from '../../diagnostics/did-you-mean.ts';
import type { WantedColumn } from '../operators/runner.ts';
import { MAX_COLUMNS, readError, shown } from './faults.ts';
import { fieldText } from './field-columns.ts';
import type { RecordFile } from './record-file.ts';
import { Splitter } from './splitter.ts';
import type { Dialect } from './splitter.ts';

/** The fields of the next record of a file; null at its end. Moves the file's line. */
export async function readHeader(file: RecordFile, dialect: Dialect): Promise<readonly string[] | null> {
  const capacity = MAX_COLUMNS + 1;
  const splitter = new Splitter(
    dialect,
    Int32Array.from({ length: capacity }, (_, column) => column),
    1,
  );
  if (!(await file.cut(splitter))) return null;
  const place = { file: file.file.name, line: file.line };
  file.line += 1 + (splitter.extraLines?.[0] ?? 0);
  if (splitter.problems !== null) {
    throw readError('PR1013', 'the quotes of the header line are not closed as they should be', { place });
  }
  const count = splitter.fieldCounts[0] ?? 0;
  if (count > MAX_COLUMNS) {
    throw readError('PR1008', `the header has ${count} columns; the limit is ${MAX_COLUMNS}`, { place });
  }
  const fields = {
    bytes: file.bytes,
    rows: count,
    starts: splitter.starts,
    ends: splitter.ends,
    quoting: splitter.quoting,
    quote: dialect.quote,
  };
  return Array.from({ length: count }, (_, column) => fieldText(fields, column));
}

/** The position of each declared column in a header. All must be there, once. */
export function positionsByName(
  header: readonly string[],
  declared: readonly WantedColumn[],
  place: { readonly file: string; readonly line: number },
): ReadonlyMap<string, number> {
  const positions = new Map<string, number>();
  for (const { name, span } of declared) {
    const position = header.indexOf(name);
    if (position < 0) throw missing(name, header, { place, span });
    if (header.includes(name, position + 1)) {
      throw readError('PR1007', `the header has ${name} twice, so it is not clear which column is meant`, {
        place,
        span,
        help: 'rename one of them in the file, or read by position: header = false, skip = 1',
      });
    }
    positions.set(name, position);
  }
  return positions;
}

function missing(
  name: string,
  header: readonly string[],
  facts: { readonly place: { readonly file: string; readonly line: number }; readonly span: WantedColumn['span'] },
): Error {
  const listed = header.slice(0, 20).map(shown).join(', ');
  const more = header.length > 20 ? `, … (${header.length} in all)` : '';
  return readError('PR1006', `the header has no column ${name}; it has ${listed}${more}`, {
    ...facts,
    help:
      didYouMeanHelp(didYouMean(name, header)) ??
      'a file without a header line is read with header = false; another delimiter with delimiter = ";"',
  });
}
