/** The scripts of `bench/tpch` against DuckDB's answers at a small scale, which `npx tsx bench/tpch/expected.ts` wrote; here there is no DuckDB. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import Papa from 'papaparse';
import { difference } from '../../bench/queries/compare.ts';
import { TEST_SCALE, writeTables } from '../../bench/tpch/data.ts';
import { runJob } from '../../src/api/index.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const rowsOf = (path: string): readonly (readonly string[])[] =>
  Papa.parse<readonly string[]>(readFileSync(path, 'utf8').trimEnd(), { delimiter: ',' }).data;

describe('TPC-H', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-tpch-'));
    writeTables(folder, TEST_SCALE);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of readdirSync(here('../../bench/tpch')).filter((one) => one.endsWith('.scope'))) {
    const query = name.slice(0, -'.scope'.length);
    it(`has DuckDB's answer to ${query}`, async () => {
      const target = join(folder, `${query}-answer.csv`);
      await runJob(here(`../../bench/tpch/${name}`), {
        parameters: new Map([
          ['folder', folder],
          ['target', target],
        ]),
      });
      const expected = rowsOf(here(`expected/${query}.csv`));
      expect(expected.length, 'rows with the header').to.be.greaterThan(1);
      expect(difference(rowsOf(target), expected, true)).to.equal(null);
    });
  }
});
