/**
 * Scripts over public U-SQL samples against the tables that its reference prints (data/README.md). U-SQL's rowsets have no order, so rows are compared as
 * multisets; where PYSCOPE has no such operation or means something else, the script says how it is written here.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import Papa from 'papaparse';
import { runJob } from '../../src/api/index.ts';
import { readModule } from '../../src/runtime/operators/loader.ts';
import * as operators from './operators.ts';

const source = fileURLToPath(new URL('.', import.meta.url));

/** Published tables by the script that makes them; `null` is exact, a number the tolerance of its decimals. */
const TABLES: readonly (readonly [script: string, folder: string, name: string, tolerance: number | null])[] = [
  ...[
    'join_inner',
    'join_left_outer',
    'join_right_outer',
    'join_full_outer',
    'join_left_semi',
    'join_left_antisemi',
    'join_right_semi',
    'join_right_antisemi',
  ].map((name) => ['joins', 'published', name, null] as const),
  ...[
    'union_distinct',
    'union_all_count',
    'intersect_distinct',
    'except_left_right',
    'except_all_left_right',
    'except_right_left',
    'intersect_all',
    'except_all_right_left',
  ].map((name) => ['sets', 'numbers', name, null] as const),
  ['sets', 'published', 'intersect_by_name', null],
  ['sets', 'published', 'outer_union_by_name', null],
  ['windows', 'published', 'employees_sum_over_all', null],
  ['windows', 'published', 'employees_sum_over_dept', null],
  ['windows', 'published', 'employees_count_min_by_dept', null],
  ['windows', 'published', 'employees_group_cross_join_percentage', 1e-12],
  ['windows', 'published', 'querylog_ranking', null],
  ['windows', 'published', 'querylog_cume_percent', 1e-4],
  ['windows', 'published', 'querylog_percentile', null],
  ['searchlog', 'numbers', 'seconds_by_place', null],
  ['searchlog', 'numbers', 'seconds_over_200', null],
  ['searchlog', 'numbers', 'all_seconds', null],
  ['searchlog', 'numbers', 'places_of_several', null],
  ['searchlog', 'published', 'explode_split', null],
];

const modules = new Map([['./operators.ts', readModule('./operators.ts', operators)]]);

type Row = readonly string[];

function rowsOf(path: string): readonly Row[] {
  return Papa.parse<Row>(readFileSync(path, 'utf8'), { skipEmptyLines: true }).data;
}

function inOrder([header, ...rows]: readonly Row[]): readonly Row[] {
  const sorted = rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
  return header === undefined ? sorted : [header, ...sorted];
}

function expectClose(found: readonly Row[], expected: readonly Row[], tolerance: number): void {
  expect(found).to.have.length(expected.length);
  found.forEach((row, at) => {
    row.forEach((cell, column) => {
      const other = expected[at]?.[column] ?? '';
      if (cell === other) return;
      expect(Number(cell), `${cell} and ${other}`).to.be.closeTo(Number(other), tolerance);
    });
  });
}

describe('the published tables of U-SQL', () => {
  let folder = '';
  const ran = new Map<string, Promise<unknown>>();

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-usql-'));
    cpSync(source, folder, { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function runOnce(script: string): Promise<unknown> {
    const run = ran.get(script) ?? runJob(join(folder, `${script}.scope`), { modules });
    ran.set(script, run);
    return run;
  }

  for (const [script, kind, name, tolerance] of TABLES) {
    it(`are what ${script}.scope writes: ${name}`, async () => {
      await runOnce(script);
      const found = inOrder(rowsOf(join(folder, 'out', `${name}.csv`)));
      const expected = inOrder(rowsOf(join(folder, 'data', kind, `${name}.csv`)));
      if (tolerance === null) expect(found).to.deep.equal(expected);
      else expectClose(found, expected, tolerance);
    });
  }

  it('stand beside file sets, globs, one file per key, views, reducers and combiners: files.scope', async () => {
    await runOnce('files');
    const out = (path: string): readonly string[] =>
      readFileSync(join(folder, 'out', path), 'utf8')
        .trimEnd()
        .split('\n')
        .slice(1);
    expect(out('fast/1.csv')).to.deep.equal(['2014-09-16T00:00:00.000Z,66,60']);
    expect(out('fast/3.csv')).to.deep.equal(['2014-09-17T00:00:00.000Z,75,60']);
    expect(out('months.csv')).to.deep.equal(['2,839,673']);
    // _file is the name of the file, and all four have the same.
    expect(out('all.csv')).to.deep.equal(['1676,1']);
    expect(out('ranges.csv')).to.deep.equal([
      'ABC,7,5:00 AM|8:00 AM|8:00 AM|10:00 AM|7:00 AM|9:00 AM|11:00 AM',
      'XYZ,1,5:00 AM',
      'FOO,2,11:40 PM|11:50 PM',
    ]);
    expect(out('kinds/Debit.csv')).to.deep.equal(['Debit,790,158']);
    expect(out('kinds/Credit.csv')).to.deep.equal(['Credit,3070,614']);
    expect(out('sessions.csv')).to.deep.equal(['382045,614,74']);
    expect(out('alike.csv')).to.deep.equal([
      'Engineering,Noah,Sophia,oah',
      'Engineering,Sophia,Liam,ia',
      'HR,Jacob,Olivia,ao',
      'Marketing,Ava,Ethan,aa',
    ]);
  });
});
