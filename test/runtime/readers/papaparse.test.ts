/**
 * The byte reader against papaparse, its reference, on texts made of what is hard for a CSV reader: quotes anywhere, blanks behind quotes, all line ends, chunk
 * borders everywhere. Where papaparse reports bad quotes the line is rejected; all other fields are the same.
 */
import { expect } from 'chai';
import fc from 'fast-check';
import Papa from 'papaparse';
import { STRING } from '../../../src/typecheck/types.ts';
import type { Type } from '../../../src/typecheck/types.ts';
import { readAll } from './support.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 50_000 : 500;

interface Reference {
  readonly rows: readonly (readonly string[])[];
  readonly badRows: ReadonlySet<number>;
}

function reference(text: string, delimiter: string, newline?: '\n' | '\r\n'): Reference {
  const answer = Papa.parse<string[]>(text, {
    delimiter,
    quoteChar: '"',
    ...(newline === undefined ? {} : { newline }),
  });
  const rows = answer.data;
  const badRows = new Set(answer.errors.flatMap(({ row }) => (row === undefined ? [] : [row])));
  // papaparse gives one more row, of one empty field, where the text ends with a line end; it is no record.
  const lastIsEnd = rows.length > 0 && endsWithLineEnd(text, rows, answer.meta.linebreak);
  return { rows: lastIsEnd ? rows.slice(0, -1) : rows, badRows };
}

function endsWithLineEnd(text: string, rows: readonly (readonly string[])[], linebreak: string): boolean {
  const last = rows.at(-1);
  return last?.length === 1 && last[0] === '' && (text === '' || text.endsWith(linebreak));
}

const piece = (delimiter: string): fc.Arbitrary<string> =>
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', '1', ' ', '\t', 'é', '日', '😀', '\u00a0', '\0') },
    { weight: 5, arbitrary: fc.constantFrom('"', '""', '"x"', '" ', '","') },
    { weight: 5, arbitrary: fc.constant(delimiter) },
    { weight: 4, arbitrary: fc.constantFrom('\n', '\r\n', '\r') },
  );

const text = (delimiter: string): fc.Arbitrary<string> =>
  fc.array(piece(delimiter), { maxLength: 40 }).map((pieces) => pieces.join(''));

/** Rows of any width: the columns are as many as the widest row has. */
async function compare(source: string, delimiter: string, expected: Reference, chunkBytes: number): Promise<void> {
  const width = Math.max(1, ...expected.rows.map((row) => row.length));
  const columns = Array.from({ length: width }, (_, at): readonly [string, Type] => [`c${at}`, STRING]);
  const { rows, rejected } = await readAll(source, {
    columns,
    options: { header: false, delimiter },
    batchRows: 3,
    chunkBytes,
  });
  const good = expected.rows.filter((row, at) => row.length === width && !expected.badRows.has(at));
  expect(rows).to.deep.equal(good);
  expect(rejected.length).to.equal(expected.rows.length - good.length);
}

for (const delimiter of [',', '\t', ';', '|', '||', '§', 'ab']) {
  describe(`the byte reader with delimiter ${JSON.stringify(delimiter)}`, () => {
    it('cuts any text as papaparse does', async () => {
      await fc.assert(
        fc.asyncProperty(text(delimiter), (source) =>
          compare(source, delimiter, reference(source, delimiter), 1024 * 1024),
        ),
        { numRuns: RUNS },
      );
    });

    it('does not see where chunks end', async () => {
      await fc.assert(
        fc.asyncProperty(text(delimiter), fc.integer({ min: 1, max: 9 }), (source, chunkBytes) => {
          const unix = source.replaceAll(/\r\n|\r/gu, '\n');
          return compare(unix, delimiter, reference(unix, delimiter, '\n'), chunkBytes);
        }),
        { numRuns: RUNS },
      );
    });
  });
}

describe('the lines of a file', () => {
  it('are where papaparse ends its rows', async () => {
    const file = 'a,"1\n2",c\nx,y,z\n"\n\n",,\nlast,,\n';
    const { places } = await readAll(file, {
      columns: [
        ['a', STRING],
        ['b', STRING],
        ['c', STRING],
      ],
      options: { header: false },
    });
    expect(places).to.deep.equal(['in.csv:1', 'in.csv:3', 'in.csv:4', 'in.csv:7']);
  });
});
