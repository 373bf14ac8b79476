import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Ended } from './pyscope.ts';
import { folderWith, pyscope } from './pyscope.ts';

const FILES = {
  'w.csv': 'word,n\nrice,1\nfoo,4\n',
  'good.scope': `words = EXTRACT word: string, n: int FROM "w.csv" USING CsvReader(header = true);
fixed = words WHEN word == "rice" EDIT word = "nice", n = n + 1 LIMIT 1 ELSE DROP;
OUTPUT fixed TO "o.csv";
`,
  'endless.scope': `words = EXTRACT word: string, n: int FROM "w.csv" USING CsvReader(header = true);
to = words WHEN word == "foo" EDIT word = "bar" LIMIT 3
  WHEN word == "bar" EDIT word = "foo" LIMIT 3;
OUTPUT to TO "o.csv";
`,
  'long.scope': `words = EXTRACT word: string, n: int FROM "w.csv" USING CsvReader(header = true);
up = words WHEN n < 2000000000 EDIT n = n + 1 LIMIT 2000000000 ELSE DROP;
OUTPUT up TO "o.csv";
`,
  'empty.scope': `words = EXTRACT word: string, n: int FROM "w.csv" USING CsvReader(header = true);
none = SELECT COUNT(*) AS c FROM words WHERE n > 100 WHEN c == 0 DELETE word LIMIT 2;
OUTPUT none TO "o.csv";
`,
};

describe('pyscope run on a job with repairs', () => {
  let folder = '';
  let remove: () => Promise<void>;
  beforeEach(async () => ({ folder, remove } = await folderWith(FILES)));
  afterEach(() => remove());

  const run = (script: string, ...more: readonly string[]): Promise<Ended> =>
    pyscope(['run', script, '--state', 'none', ...more], { folder });
  const names = async (): Promise<readonly string[]> => (await readdir(folder)).toSorted();

  it('shows its handlers, and writes the repair log on request', async () => {
    const { code, out, err } = await run('good.scope', '--repairs', 'r.jsonl');
    expect(code, err).to.equal(0);
    expect(out).to.match(/line 2 +fixed +1 +1\n {4}WHEN word == "rice" EDIT word = "nice"/);
    const log: unknown = JSON.parse(await readFile(join(folder, 'r.jsonl'), 'utf8'));
    expect(log).to.deep.include({ scriptLine: 2, repair: 'edit', file: 'w.csv', line: 2, attempt: 1 });
    expect(log).to.have.deep.property('changes', [
      { column: 'word', before: 'rice', after: 'nice' },
      { column: 'n', before: 1, after: 2 },
    ]);
    expect(await names()).to.deep.equal([...Object.keys(FILES), 'o.csv', 'r.jsonl'].toSorted());
  });

  it('shows in a failure how the row came to be, and writes the log all the same', async () => {
    const { code, err } = await run('endless.scope', '--repairs', 'r.jsonl');
    expect(code).to.equal(1);
    expect(err).to.include('word == "foo", and EDIT word has been tried 3 times, which is its LIMIT');
    expect(err).to.include('its repairs: word "foo" → "bar" → "foo" → "bar" → "foo" → "bar" → "foo"');
    expect(err).to.include('data: w.csv:3').and.to.include('ELSE DROP');
    expect((await readFile(join(folder, 'r.jsonl'), 'utf8')).split('\n')).to.have.length(7);
    expect(await names()).to.deep.equal([...Object.keys(FILES), 'r.jsonl'].toSorted());
  });

  it('says where a repair has no row to go back to', async () => {
    const { code, err } = await run('empty.scope');
    expect(code).to.equal(1);
    expect(err).to.include('c == 0, and it comes from no row that DELETE word could go back to');
  });

  it('refuses a log that would destroy something, and leaves everything alone', async () => {
    await writeFile(join(folder, 'r.jsonl'), 'old');
    for (const path of ['w.csv', 'good.scope', 'o.csv', '.', 'no/folder/r.jsonl']) {
      const { code, err } = await run('good.scope', '--repairs', path);
      expect(code, path).to.equal(2);
      expect(err, path).to.match(/^error: --repairs ".*" (is|cannot be)/);
    }
    expect(await names()).to.deep.equal([...Object.keys(FILES), 'r.jsonl'].toSorted());
  });

  it('stops on Ctrl-C while a region goes on and on', async function () {
    this.timeout(30_000);
    const when = { err: 's so far', act: (kill: (signal: NodeJS.Signals) => void) => kill('SIGINT') };
    const { code, err } = await pyscope(['run', 'long.scope', '--state', 'none'], { folder, when });
    expect(code, err).to.equal(130);
    expect(await names()).to.deep.equal(Object.keys(FILES).toSorted());
  });
});
