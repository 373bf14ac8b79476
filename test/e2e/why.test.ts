/** pyscope why and why-not as users call them: stories, and what is said where there is none. */
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { folderWith, pyscope } from './pyscope.ts';
import type { Ended } from './pyscope.ts';

const SCRIPT = `lines = EXTRACT id: int, text: string FROM "in.csv" USING CsvReader();
short = lines WHERE text.length < 20
    WHEN text.includes("teh") EDIT text = text.replace("teh", "the") LIMIT 2 ELSE DROP;
OUTPUT short TO "out/short.csv" USING CsvWriter();
sizes = SELECT text.length AS size, COUNT(*) AS n FROM short GROUP BY text.length;
OUTPUT sizes TO "out/sizes.jsonl" USING JsonLinesWriter() ORDER BY size DESC;
`;

const INPUT = 'id,text\n1,teh cat\n2,"two\nlines"\n3,a text of more than twenty letters\n4,the dog\n';

describe('pyscope why', function () {
  this.timeout(60_000);
  let folder = '';
  let remove = async (): Promise<void> => undefined;

  before(async () => {
    ({ folder, remove } = await folderWith({ 'job.scope': SCRIPT, 'in.csv': INPUT }));
    const ran = await call('run', 'job.scope', '--lineage', '--job', 'first');
    expect(ran.code, ran.err).to.equal(0);
    expect(ran.err).to.match(/lineage recorded \(.*\): pyscope why out\/short\.csv:LINE/u);
  });
  after(() => remove());

  function call(...args: readonly string[]): Promise<Ended> {
    return pyscope(args, { folder });
  }

  /** The error, which is all that is said. */
  async function refused(...args: readonly string[]): Promise<string> {
    const { code, out, err } = await call(...args);
    expect(code).to.be.oneOf([1, 2]);
    expect(out).to.equal('');
    return err;
  }

  it('tells the story of a line, with repairs before and after', async () => {
    const { code, out } = await call('why', 'out/short.csv:2');
    expect(code).to.equal(0);
    expect(out.split('\n')).to.deep.equal([
      'out/short.csv:2, row 1  job first',
      '  id    1',
      '  text  "the cat"',
      '',
      'in.csv:2     id = 1, text = "teh cat"',
      'job.scope:2  WHERE text.length < 20  · text = "teh cat"',
      'job.scope:3  WHEN text.includes("teh") EDIT text = text.replace("teh", "the") L…',
      '               text = "teh cat"',
      '               text: "teh cat" → "the cat"',
      '               repair 1: edited, because text.includes("teh")',
      'job.scope:2  WHERE text.length < 20  · text = "the cat"',
      'job.scope:3  WHEN text.includes("teh") EDIT text = text.replace("teh", "the") L…',
      '               text = "the cat"',
      '',
    ]);
  });

  it('counts a quoted record of several lines by its lines, and finds rows by value', async () => {
    for (const line of [3, 4]) {
      const { out } = await call('why', `out/short.csv:${line}`);
      expect(out).to.match(/^out\/short\.csv:3, row 2 .*\n {2}id {4}2\n {2}text {2}"two\\nlines"\n\nin\.csv:3 /u);
    }
    const { out } = await call('why', 'out/short.csv', '--row', 'id=4', 'id');
    expect(out).to.contain('out/short.csv:5, row 3');
    expect(out).to.contain('in.csv:6');
  });

  it('shows the rows of a group, and JSON for programs', async () => {
    const { out } = await call('why', 'out/sizes.jsonl:2');
    expect(out).to.contain('from 2 rows');
    expect(out).to.contain('in.csv:6');
    const json: unknown = JSON.parse((await call('why', 'out/sizes.jsonl:2', '--json')).out);
    expect(json).to.deep.include({ version: 1, job: 'first', file: 'out/sizes.jsonl', line: 2, row: 2 });
    expect(json).to.have.nested.property('steps[0].place.line', 2);
    expect(JSON.stringify(json)).to.contain('"before":"teh cat","after":"the cat"');
  });

  it('says which line is no row, and which column is none', async () => {
    expect(await refused('why', 'out/short.csv:1')).to.match(
      /PR7105: line 1 of out\/short\.csv is its header; .* line 2/u,
    );
    expect(await refused('why', 'out/short.csv:99')).to.contain('PR7103: out/short.csv has no line 99: it has 5 lines');
    expect(await refused('why', 'out/short.csv:2', 'txet')).to.match(
      /PR7104: .*no column txet[^]*did you mean text\?/u,
    );
    expect(await refused('why', 'out/short.csv', '--row', 'id=77')).to.contain(
      'PR7106: no row of out/short.csv has id = 77',
    );
    expect(await refused('why', 'out/sizes.jsonl', '--row', 'm=1')).to.contain(
      'PR7104: the rows of out/sizes.jsonl have no column m',
    );
    expect(await refused('why', 'out/sizes.jsonl', '--row', 'n')).to.contain('write it as column=value');
    expect(await refused('why', 'out/short.csv')).to.contain('say which row is meant: pyscope why out/short.csv:17');
    expect(await refused('why', 'nowhere.csv:2')).to.contain('there is no file "nowhere.csv"');
  });

  it('says where it knows nothing of a file', async () => {
    writeFileSync(join(folder, 'other.csv'), 'a\n1\n');
    expect(await refused('why', 'other.csv:2')).to.match(
      /PR7111: other\.csv is no output of a recorded run[^]*--lineage/u,
    );
    expect(await refused('why', 'in.csv:2')).to.match(
      /PR7111: in\.csv is an input of job first, no output[^]*why-not/u,
    );
    expect(await refused('why', 'out/short.csv:2', '--job', 'none')).to.contain(
      'PR7101: no lineage was recorded for job none',
    );
    expect(await refused('why-not', 'other.csv:2')).to.contain('PR7110: no recorded run read other.csv');
  });

  it('says that a run recorded no lineage, and how to', async () => {
    const other = await folderWith({ 'job.scope': SCRIPT, 'in.csv': INPUT });
    try {
      expect((await pyscope(['run', 'job.scope', '-q', '--job', 'plain'], other)).code).to.equal(0);
      const { err } = await pyscope(['why', 'out/short.csv:2'], other);
      expect(err).to.match(
        /PR7101: job plain wrote out\/short\.csv, but recorded no lineage[^]*pyscope run --lineage job\.scope/u,
      );
    } finally {
      await other.remove();
    }
  });

  it('says that a file has changed since, and damage by its code', async () => {
    const other = await folderWith({ 'job.scope': SCRIPT, 'in.csv': INPUT });
    try {
      await pyscope(['run', 'job.scope', '-q', '--lineage', '--job', 'j'], other);
      const store = join(other.folder, '.pyscope', 'lineage', 'j');
      expect(readdirSync(store).toSorted()).to.deep.equal([
        '.gitignore',
        'index.packed',
        'manifest.json',
        'rows.packed',
      ]);
      appendFileSync(join(other.folder, 'out/short.csv'), '9,new\n');
      const changed = await pyscope(['why', 'out/short.csv:2'], other);
      expect(changed.err).to.match(/PR7102: out\/short\.csv is not the file that job j wrote .*changed since/u);
      appendFileSync(join(other.folder, 'in.csv'), '9,new\n');
      expect((await pyscope(['why-not', 'in.csv:2'], other)).err).to.contain(
        'PR7102: in.csv has changed since job j read it',
      );
      writeFileSync(join(store, 'rows.packed'), 'garbage');
      const damaged = await pyscope(['why', 'out/sizes.jsonl:1'], other);
      expect(damaged.err).to.contain('PR7108');
      expect((await pyscope(['jobs', 'rm', 'j'], other)).code).to.equal(0);
      expect(readdirSync(join(other.folder, '.pyscope', 'lineage'))).to.deep.equal([]);
    } finally {
      await other.remove();
    }
  });

  it('tells what became of a line', async () => {
    const { out } = await call('why-not', 'in.csv:5');
    expect(out.split('\n')).to.deep.equal([
      'in.csv:5  job first',
      '',
      'in.csv:5  id = 3, text = "a text of more than twenty letters"',
      'ended at job.scope:2  WHERE text.length < 20',
      '  text = "a text of more than twenty letters"',
      '  it does not hold',
      '',
    ]);
    const reached = await call('why-not', 'in.csv:2');
    expect(reached.out).to.contain('reached  out/short.csv:2\nreached  out/sizes.jsonl:2\n');
    expect(reached.out).to.contain(
      [
        'repaired on its way:',
        'job.scope:3  WHEN text.includes("teh") EDIT text = text.replace("teh", "the") L…',
        '               text = "teh cat"',
        '               text: "teh cat" → "the cat"',
        '               repair 1: edited, because text.includes("teh")',
      ].join('\n'),
    );
    expect(await refused('why-not', 'in.csv:1')).to.contain('PR7105: line 1 of in.csv is its header');
    expect(await refused('why-not', 'in.csv:7')).to.contain('PR7103: in.csv has no line 7: it has 6 lines');
    const json: unknown = JSON.parse((await call('why-not', 'in.csv:5', '--json')).out);
    expect(json).to.have.nested.property('ended[0].clause', 'WHERE text.length < 20');
  });

  it('finds the record from another folder, and where --state says', async () => {
    const elsewhere = join(folder, 'elsewhere');
    mkdirSync(elsewhere);
    const { out } = await pyscope(['why', '../out/short.csv:2'], { folder: elsewhere });
    expect(out).to.contain('job first');
    const kept = join(folder, 'kept');
    renameSync(join(folder, '.pyscope'), kept);
    try {
      expect(await refused('why', 'out/short.csv:2')).to.contain('PR7111');
      expect((await call('why', 'out/short.csv:2', '--state', 'kept')).out).to.contain('job first');
    } finally {
      renameSync(kept, join(folder, '.pyscope'));
      rmSync(elsewhere, { recursive: true });
    }
  });
});
