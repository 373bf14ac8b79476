import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { open } from 'lmdb';
import { BIN, folderWith, pyscope, run } from './pyscope.ts';
import type { Ended, Setting } from './pyscope.ts';

const GOOD =
  'lines = EXTRACT line: string FROM "in.txt" USING LineReader();\nOUTPUT lines WHERE line != "b" TO "out.csv";\n';
const BAD = 'lines = EXTRACT line: string FROM "in.txt" USING LineReder();\nOUTPUT lines TO "out.csv";\n';
const WARNS = `${GOOD}unused = VALUES (1) AS (x: int);\n`;
const UNTIDY = 'lines   = EXTRACT line: string FROM "in.txt" USING LineReader();\nOUTPUT lines TO "o.csv";\n';
const SLOW = `import { Processor } from 'pyscope';
export class Slow extends Processor {
  static inputs = { text: 'string' };
  static outputs = { seen: 'string' };
  async call(row) {
    await new Promise((done) => setTimeout(done, 20));
    return row.with({ seen: row.get('text') });
  }
}
`;
const SLOW_JOB = `IMPORT { Slow } FROM "./slow.mjs";
lines = EXTRACT line: string FROM "many.txt" USING LineReader();
slow = PROCESS lines USING Slow(text = line) PRODUCE seen;
OUTPUT slow TO "slow.csv";
`;

describe('the command line', () => {
  let folder = '';
  let remove = async (): Promise<void> => {};
  const call = async (args: readonly string[], setting: Setting = {}): Promise<Ended> =>
    pyscope(args, { folder, ...setting });

  beforeEach(async () => {
    ({ folder, remove } = await folderWith({
      'good.scope': GOOD,
      'bad.scope': BAD,
      'warns.scope': WARNS,
      'untidy.scope': UNTIDY,
      'in.txt': 'a\nb\nc\n',
    }));
  });
  afterEach(async () => {
    await remove();
  });

  describe('help', () => {
    it('is given with examples, for pyscope and every command', async () => {
      for (const words of [
        ['--help'],
        ['run', '--help'],
        ['check', '-h'],
        ['help', 'explain'],
        ['fmt', '-h'],
        ['jobs', '-h'],
        ['cache', '-h'],
        ['doctor', '-h'],
      ]) {
        const { code, out, err } = await call(words);
        expect({ words, code, err }).to.deep.equal({ words, code: 0, err: '' });
        expect(out).to.include('Usage: pyscope').and.include('Examples:');
        for (const line of out.split('\n')) expect(line.length, line).to.be.at.most(80);
      }
    });

    it('tells the version', async () => {
      expect((await call(['--version'])).out).to.match(/^\d+\.\d+\.\d+\n$/);
    });
  });

  describe('wrong usage', () => {
    it('exits with 2, says what is wrong on standard error and nothing on standard output', async () => {
      const wrong: readonly (readonly [readonly string[], string])[] = [
        [[], 'Usage: pyscope'],
        [['chek', 'good.scope'], 'Did you mean check?'],
        [['check', '--formt', 'json', 'good.scope'], 'Did you mean --format?'],
        [['check', '--format', 'xml', 'good.scope'], 'Allowed choices are pretty, json, github, sarif'],
        [['check'], 'name a script'],
        [['check', '--explain', 'PS0000'], 'there is no diagnostic PS0000'],
        [['check', 'none/*.scope'], 'no file matches'],
        [['run'], "missing required argument 'script'"],
        [['run', 'nowhere.scope'], 'there is no such file'],
        [['run', 'good.scope', '-p', 'novalue'], 'write it as name=value'],
        [['run', 'good.scope', '--batch', '0'], 'it must be 1 or more'],
        [['run', 'good.scope', '--job', 'a b'], 'letters, digits'],
        [['good.scope'], 'did you mean: pyscope run good.scope'],
        [['jobs', 'show', 'nobody'], 'there is no job nobody'],
      ];
      for (const [words, message] of wrong) {
        const { code, out, err } = await call(words);
        expect({ words, code, out }).to.deep.equal({ words, code: 2, out: '' });
        expect(err).to.include(message);
      }
    });
  });

  describe('check', () => {
    it('exits with 0 when all is well, 3 when a script has errors', async () => {
      expect(await call(['check', 'good.scope'])).to.include({ code: 0, out: 'no problems in 1 script\n', err: '' });
      const { code, out, err } = await call(['check', 'good.scope', 'bad.scope']);
      expect({ code, err }).to.deep.equal({ code: 3, err: '' });
      expect(out)
        .to.match(/^bad\.scope:1:50: error PS\d{4}: .*LineReder/)
        .and.include('did you mean LineReader?');
      expect(out).to.match(/1 error in 2 scripts\n$/);
    });

    it('takes globs and folders', async () => {
      expect((await call(['check', 'g*.scope'])).out).to.equal('no problems in 1 script\n');
      expect((await call(['check', '.'])).out).to.match(/in 4 scripts\n$/);
    });

    it('reads standard input', async () => {
      expect(await call(['check', '-'], { stdin: GOOD })).to.include({ code: 0 });
      expect((await call(['check', '-'], { stdin: BAD })).out).to.match(/^<stdin>:1:50: error/);
    });

    it('speaks json, github and sarif', async () => {
      const json: unknown = JSON.parse((await call(['check', 'bad.scope', '--format', 'json'])).out);
      expect(json).to.include({ version: 1, errors: 1 });
      const github = await call(['check', 'bad.scope', '--format', 'github']);
      expect(github.out).to.match(/^::error file=bad\.scope,line=1,/);
      const sarif: unknown = JSON.parse((await call(['check', 'bad.scope', '--format', 'sarif'])).out);
      expect(sarif).to.have.nested.property('runs[0].results[0].level', 'error');
    });

    it('can count warnings as errors', async () => {
      expect(await call(['check', 'warns.scope'])).to.include({ code: 0 });
      expect(await call(['check', 'warns.scope', '--max-warnings', '1'])).to.include({ code: 0 });
      expect(await call(['check', 'warns.scope', '--max-warnings', '0'])).to.include({ code: 3 });
    });

    it('explains a code', async () => {
      expect((await call(['check', '--explain', 'ps2003'])).out).to.match(/^PS2003 \(error\): /);
    });

    it('colours a pipe only when it is forced to, and not when NO_COLOR is set', async () => {
      expect((await call(['check', 'bad.scope'])).out).to.not.include('\u001b');
      expect((await call(['check', 'bad.scope'], { env: { FORCE_COLOR: '1' } })).out).to.include('\u001b[31m');
      expect((await call(['check', 'bad.scope'], { env: { NO_COLOR: '1' } })).out).to.not.include('\u001b');
    });

    it('says nothing when its reader goes away', async () => {
      const { code, err } = await run('/bin/sh', ['-c', `"${process.execPath}" "$0" explain good.scope | true`, BIN], {
        folder,
      });
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    });
  });

  it('says that what it prints cannot be written', async function () {
    const full = await run(
      '/bin/sh',
      ['-c', `test -c /dev/full && "${process.execPath}" "$0" check good.scope > /dev/full`, BIN],
      { folder },
    );
    if (full.err === '' && full.code === 1) this.skip();
    expect(full).to.deep.include({ code: 1, out: '' });
    expect(full.err).to.match(/^error: standard output cannot be written: ENOSPC[^\n]*\n$/);
  });

  describe('explain', () => {
    it('draws the plan in every format', async () => {
      const starts = { text: /\bstage 1\b/, json: /^\{/, dot: /^digraph/, mermaid: /^flowchart|^graph/, svg: /^<svg/ };
      for (const [format, start] of Object.entries(starts)) {
        const { code, out } = await call(['explain', 'good.scope', '-f', format]);
        expect({ format, code }).to.deep.equal({ format, code: 0 });
        expect(out).to.match(start);
      }
    });

    it('writes to a file, and adds what it measured', async () => {
      const { code, out } = await call(['explain', 'good.scope', '--analyze', '-o', 'plan.txt']);
      expect({ code, out }).to.deep.equal({ code: 0, out: '' });
      expect(await readFile(join(folder, 'plan.txt'), 'utf8')).to.include('3 → 2 rows');
    });
  });

  describe('fmt', () => {
    it('rewrites files, and finds nothing to do the second time', async () => {
      expect(await call(['fmt', '--check', 'untidy.scope'])).to.include({ code: 1 });
      expect(await call(['fmt', 'untidy.scope'])).to.deep.equal({ code: 0, out: '', err: '' });
      expect(await readFile(join(folder, 'untidy.scope'), 'utf8')).to.match(/^lines = EXTRACT/);
      expect(await call(['fmt', '--check', 'untidy.scope'])).to.deep.equal({ code: 0, out: '', err: '' });
    });

    it('lists what would change with --check', async () => {
      const { out, err } = await call(['fmt', '--check', 'untidy.scope']);
      expect(out).to.include('untidy.scope\n  line 1\n  - lines   =').and.include('\n  + lines =');
      expect(err).to.include('1 script not in the canonical layout');
    });

    it('works as a filter', async () => {
      expect((await call(['fmt', '-'], { stdin: UNTIDY })).out).to.match(/^lines = EXTRACT/);
      expect((await call(['fmt', '--stdout', 'untidy.scope'])).out).to.match(/^lines = EXTRACT/);
      expect(await readFile(join(folder, 'untidy.scope'), 'utf8')).to.equal(UNTIDY);
    });

    it('leaves a script with syntax errors alone', async () => {
      await writeFile(join(folder, 'broken.scope'), 'lines = EXTRACT ;');
      const { code, err } = await call(['fmt', 'broken.scope']);
      expect(code).to.equal(3);
      expect(err).to.include('broken.scope:1:');
      expect(await readFile(join(folder, 'broken.scope'), 'utf8')).to.equal('lines = EXTRACT ;');
    });
  });

  describe('run', () => {
    it('writes its outputs and reports on standard output', async () => {
      const { code, out } = await call(['run', 'good.scope']);
      expect(code).to.equal(0);
      expect(out)
        .to.match(/^good\.scope: done in /)
        .and.match(/1 dropped by WHERE/);
      expect(await readFile(join(folder, 'out.csv'), 'utf8')).to.equal('line\na\nc\n');
    });

    it('gives one JSON document with --json, and nothing with --quiet', async () => {
      const { code, out, err } = await call(['run', 'good.scope', '--json']);
      expect({ code, err }).to.deep.equal({ code: 0, err: '' });
      const report: unknown = JSON.parse(out);
      expect(report).to.deep.include({ version: 1, outcome: 'done', exitCode: 0, error: null });
      expect(report).to.have.nested.property('outputs[0]').that.includes({ rows: 2, path: 'out.csv' });
      expect(await call(['run', 'good.scope', '--quiet'])).to.deep.equal({ code: 0, out: '', err: '' });
    });

    it('shows no notes about the script with --quiet', async () => {
      const noted =
        'lines = EXTRACT line: string FROM "in.txt"; fixed = lines WHEN line == "" EDIT line = "empty"; OUTPUT fixed TO "out.csv";';
      const args = ['run', '-', '--state', 'none'];
      expect((await call(args, { stdin: noted })).err).to.include('PS4009');
      expect(await call([...args, '--quiet'], { stdin: noted })).to.deep.equal({ code: 0, out: '', err: '' });
    });

    it('is not stopped by a store of another version where it has nothing to keep there', async () => {
      const store = join(folder, 'old');
      await mkdir(join(store, '.pyscope'), { recursive: true });
      const root = open({ path: join(store, '.pyscope', 'state.mdb'), noSubdir: true, maxDbs: 4 });
      await root.openDB({ name: 'counters', encoding: 'json' }).put('layout', 1);
      await root.close();
      await writeFile(join(store, 'in.txt'), 'a\n');
      await writeFile(
        join(store, 'plain.scope'),
        'lines = EXTRACT line: string FROM "in.txt"; OUTPUT lines TO "out.csv";',
      );
      const plain = await pyscope(['run', 'plain.scope', '--json'], { folder: store });
      expect(plain.code).to.equal(0);
      expect(plain.err).to.match(
        /^note: this run is not recorded: the job store \S+ has layout 1, .*remove \S+state\.mdb/,
      );
      const asked = await pyscope(['run', 'plain.scope', '--state', '.pyscope'], { folder: store });
      expect(asked.code).to.equal(1);
      expect(asked.err).to.match(/PR6008: .* has layout 1.*help: name another with --state DIR/s);
    });

    it('takes standard input, relative to this folder', async () => {
      expect(await call(['run', '-'], { stdin: GOOD })).to.include({ code: 0 });
      expect(await readFile(join(folder, 'out.csv'), 'utf8')).to.equal('line\na\nc\n');
    });

    it('exits with 3 when the script has errors, which are messages', async () => {
      const { code, out, err } = await call(['run', 'bad.scope']);
      expect({ code, out }).to.deep.equal({ code: 3, out: '' });
      expect(err).to.include('did you mean LineReader?');
    });

    it('exits with 1 when the job fails, and shows the line of the script', async () => {
      await writeFile(join(folder, 'fails.scope'), GOOD.replace('in.txt', 'none.txt'));
      const { code, err } = await call(['run', 'fails.scope']);
      expect(code).to.equal(1);
      expect(err).to.match(/fails\.scope:1:35: error PR\d{4}: there is no file none\.txt\n +1 \| lines/);
      expect(await readdir(folder)).to.not.include('out.csv');
    });

    it('exits with 4 when an expectation is not met', async () => {
      await writeFile(join(folder, 'truth.csv'), 'line\nx\n');
      await writeFile(
        join(folder, 'gate.scope'),
        `${GOOD.trimEnd().slice(0, -1)} EXPECT "truth.csv" HAVING f1 >= 0.5;`,
      );
      const { code, out } = await call(['run', 'gate.scope']);
      expect(code).to.equal(4);
      expect(out).to.include('expectation not met').and.include('HAVING f1 >= 0.5  FAILED');
    });

    it('stops at Ctrl-C with 130 and leaves the old output', async () => {
      await writeFile(join(folder, 'slow.mjs'), SLOW);
      await writeFile(join(folder, 'slow.scope'), SLOW_JOB);
      await writeFile(join(folder, 'many.txt'), 'x\n'.repeat(2000));
      await writeFile(join(folder, 'slow.csv'), 'old\n');
      const when = { err: 'rows: lines', act: (kill: (signal: NodeJS.Signals) => void) => kill('SIGINT') };
      const { code, out, err } = await call(['run', 'slow.scope', '--batch', '10'], { when });
      expect({ code, err }).to.have.property('code', 130);
      expect(out).to.include('interrupted after');
      expect(err).to.include('stopping;').and.include('outputs are as they were before');
      expect(await readFile(join(folder, 'slow.csv'), 'utf8')).to.equal('old\n');
      expect((await readdir(folder)).filter((name) => /tmp|part|~/.test(name))).to.deep.equal([]);
    });
  });

  it('ends at once at the second Ctrl-C, whatever an operator waits for', async () => {
    const stuck = SLOW.replace('setTimeout(done, 20)', "{ process.stderr.write('begun'); setTimeout(done, 50_000); }");
    await writeFile(join(folder, 'slow.mjs'), stuck);
    await writeFile(join(folder, 'slow.scope'), SLOW_JOB);
    await writeFile(join(folder, 'many.txt'), 'x\n');
    const twice = (kill: (signal: NodeJS.Signals) => void): void => {
      kill('SIGINT');
      setTimeout(() => kill('SIGINT'), 500);
    };
    const before = Date.now();
    const { code } = await call(['run', 'slow.scope'], { when: { err: 'begun', act: twice } });
    expect(code).to.equal(130);
    expect(Date.now() - before).to.be.lessThan(30_000);
  });

  describe('jobs', () => {
    it('lists, shows and removes what run recorded', async () => {
      await call(['run', 'good.scope', '--job', 'first']);
      expect((await call(['jobs', 'ls'])).out).to.match(/^id +state .*\nfirst +done .*good\.scope\n$/);
      const shown = (await call(['jobs', 'show', 'first'])).out;
      expect(shown).to.include('out.csv: 2 rows').and.include('good.scope: done in');
      expect(await call(['jobs', 'rm', 'first'])).to.deep.equal({ code: 0, out: '', err: '' });
      const { code, out, err } = await call(['jobs', 'ls']);
      expect({ code, out }).to.deep.equal({ code: 0, out: '' });
      expect(err).to.include('no jobs here');
    });

    it('are not recorded with --state none, nor looked for where nothing is', async () => {
      await call(['run', 'good.scope', '--state', 'none']);
      await call(['jobs', 'ls']);
      expect(await readdir(folder)).to.not.include('.pyscope');
    });

    it('do not keep a run from going on where they cannot be recorded', async () => {
      await writeFile(join(folder, '.pyscope'), 'in the way');
      const { code, err } = await call(['run', 'good.scope']);
      expect(code).to.equal(0);
      expect(err).to.include('note: this run is not recorded');
    });

    it('keep a run from starting when the store was asked for by name', async () => {
      await writeFile(join(folder, 'file'), '');
      const folderGiven = await call(['run', 'good.scope', '--state', 'file']);
      expect(folderGiven).to.include({ code: 1, out: '' });
      expect(folderGiven.err).to.include('PR6001');
      const redis = await call(['run', 'good.scope', '--state', 'redis://me:s3cret@127.0.0.1:1']);
      expect(redis).to.include({ code: 1, out: '' });
      expect(redis.err).to.include('PR6002').and.not.include('s3cret');
      expect(await readdir(folder)).to.not.include('out.csv');
    });
  });

  describe('progress', () => {
    beforeEach(async () => {
      await writeFile(join(folder, 'slow.mjs'), SLOW);
      await writeFile(join(folder, 'slow.scope'), SLOW_JOB);
      await writeFile(join(folder, 'many.txt'), 'x\n'.repeat(60));
    });

    it('is no more than messages where there is no terminal', async () => {
      const { code, out, err } = await call(['run', 'slow.scope', '--batch', '10']);
      expect(code).to.equal(0);
      expect(out + err).to.not.include('\u001b');
      expect(err.trim().split('\n')).to.have.length(1);
    });

    it('is redrawn in place on a terminal, and gone at the end', async function () {
      const command = `stty cols 60 rows 20; '${process.execPath}' '${BIN}' run slow.scope --batch 10`;
      const found = await run('/bin/sh', ['-c', 'command -v script && script --version'], { folder });
      if (found.code !== 0 || !found.out.includes('util-linux')) {
        console.warn('\n    SKIPPED: no script(1) of util-linux to make a terminal with\n');
        this.skip();
      }
      const { code, out } = await run('script', ['-qec', command, '/dev/null'], { folder });
      expect(code).to.equal(0);
      expect(out)
        .to.include('\u001b[4A\u001b[0J')
        .and.match(/slow +\d+ in +\d+ out/);
      const end = out.lastIndexOf('\u001b[0J');
      expect(out.slice(end)).to.include('done').and.not.include('so far');
    });
  });
});
