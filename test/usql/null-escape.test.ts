/** The published table of what `nullEscape` makes of the record `1,,"",\N,#NULL#,"Some \N fun"`, against the option `nullText`. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { runScript } from '../runtime/engine/support.ts';

const TABLE = fileURLToPath(new URL('data/published/null_escape_table.csv', import.meta.url));
const RECORD = '1,,"",\\N,#NULL#,"Some \\N fun"\n';

/**
 * Where language.md has it otherwise: an empty field without quotes is null in a nullable column, whatever else stands for null, and a quoted field never is null.
 * `nullText targetType field`.
 */
const DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ['\\N string f2', '<null>'],
  ['"" string f2', '<null>'],
  ['#NULL# string f2', '<null>'],
  ['"" string f3', '""'],
  ['"" int? f3', 'ERR'],
]);

/** The cells of a line, in which a quote in quotes is doubled. */
function cells(line: string): readonly string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/gu)].map(([, quoted, plain = '']) =>
    quoted === undefined ? plain : quoted.replaceAll('""', '"'),
  );
}

/** The value of one field as the table writes it. */
async function found(nullText: string, type: string, field: number): Promise<string> {
  const columns = [1, 2, 3, 4, 5, 6].map((at) => `f${at}: ${at === field ? type : 'string'}`).join(', ');
  const option = nullText === '<unset>' ? '' : `, nullText = ${JSON.stringify(nullText)}`;
  const script = `a = EXTRACT ${columns} FROM "in.csv" USING CsvReader(header = false${option});
    out = SELECT f${field} AS v FROM a; OUTPUT out TO "out.jsonl";`;
  const { result, files } = await runScript(script, { inputs: { 'in.csv': RECORD } });
  if (result.error !== null) return result.error.code === 'PR1102' ? 'ERR' : result.error.message;
  const { v }: { v: string | number | null } = JSON.parse(files['out.jsonl'] ?? '');
  return v === null ? '<null>' : v === '' ? '""' : String(v);
}

describe('the published table of null_escape', () => {
  const [, ...lines] = readFileSync(TABLE, 'utf8').trimEnd().split('\n');
  for (const line of lines) {
    const [nullText = '', targetType = '', ...fields] = cells(line);
    it(`is what nullText gives, but for what is said here: ${nullText}, ${targetType}`, async () => {
      // A string of that language may always be null.
      const type = targetType === 'string' ? 'string?' : targetType;
      for (const [at, published] of fields.entries()) {
        const expected = DIFFERENCES.get(`${nullText} ${targetType} f${at + 1}`) ?? published;
        expect(await found(nullText, type, at + 1), `f${at + 1}`).to.equal(expected);
      }
    });
  }
});
