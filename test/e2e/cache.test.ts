/** The cache of models' answers as users meet it: a second run computes nothing, and writes the same bytes. */
import { open, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { folderWith, pyscope } from './pyscope.ts';
import type { Ended } from './pyscope.ts';

const MODELS = fileURLToPath(new URL('../../samples/models', import.meta.url));

/** A region with conjectures: what the small model is unsure of, the large one is asked. */
const JOB = `lines = EXTRACT line: string FROM "in.txt";
scored = PROCESS lines USING TextClassifier(text = line, model = "${MODELS}/sentiment-en-tiny")
    ELSE TextClassifier(text = line, model = "${MODELS}/sentiment-en") PRODUCE label, score
    WHEN score < 0.99 RETRY label LIMIT 1 ELSE KEEP;
OUTPUT scored TO "out.csv";
`;
const LINES = ['very good', 'awful', 'it was a film', 'very good', 'the plot is thin', 'awful', 'nice'];

interface Asked {
  readonly asked: number;
  readonly shared: number;
  readonly cached: number;
  readonly computed: number;
}

describe('the cache of answers, from the command line', () => {
  let folder = '';
  let remove = async (): Promise<void> => {};
  beforeEach(async () => {
    ({ folder, remove } = await folderWith({ 'job.scope': JOB, 'in.txt': `${LINES.join('\n')}\n` }));
  });
  afterEach(() => remove());

  const call = async (...args: readonly string[]): Promise<Ended> => pyscope(args, { folder });

  /** What the models of a run were asked, all together, with what it wrote and its warnings. */
  async function run(...flags: readonly string[]): Promise<Asked & { readonly bytes: string; readonly codes: string }> {
    const { code, out, err } = await call('run', 'job.scope', '--json', ...flags);
    expect(code, err).to.equal(0);
    const report: { readonly models: readonly Asked[]; readonly warnings: readonly { readonly code: string }[] } =
      JSON.parse(out);
    const sum = (of: (one: Asked) => number): number => report.models.reduce((total, one) => total + of(one), 0);
    return {
      asked: sum((one) => one.asked),
      shared: sum((one) => one.shared),
      cached: sum((one) => one.cached),
      computed: sum((one) => one.computed),
      bytes: await readFile(join(folder, 'out.csv'), 'utf8'),
      codes: report.warnings.map((one) => one.code).join(' '),
    };
  }

  it('makes a second run compute nothing, also in a region with conjectures, and write the same bytes', async () => {
    expect(await call('cache', 'ls')).to.deep.equal({ code: 0, out: 'no answers are kept here\n', err: '' });
    const plain = await run('--no-cache', '--no-opt');
    expect(plain).to.include({ shared: 0, cached: 0 }).and.property('computed', plain.asked);
    expect(plain.asked).to.be.greaterThan(LINES.length);
    const first = await run();
    expect(first).to.include({ cached: 0, asked: plain.asked, bytes: plain.bytes });
    expect(first.shared).to.be.greaterThan(1);
    expect(await run('--disable-opt', 'memoise')).to.include({ shared: 0, computed: 0, bytes: plain.bytes });
    const { out } = await call('cache', 'ls');
    expect(out).to.include('sentiment-en-tiny').and.include('text-classification').and.include('answers.mdb');
    const verified = await call('cache', 'verify');
    expect(verified).to.include({ code: 0, err: '' });
    expect(verified.out)
      .to.include(`${first.computed} answers, none damaged`)
      .and.include('computed again: all the same');
    const cleared = await call('cache', 'clear', '--model', `${MODELS}/sentiment-en-tiny`);
    expect(cleared.out).to.equal('removed 5 answers\n');
    expect(await run()).to.include({ computed: 5, cached: first.computed - 5, bytes: plain.bytes });
    const unnamed = await call('cache', 'clear', '--model', '');
    expect(unnamed).to.include({ code: 2 });
    expect(unnamed.err).to.match(/^error: --model is empty; /);
    expect((await call('cache', 'clear')).out).to.equal(`removed ${first.computed} answers\n`);
    expect(await call('cache', 'clear', '--model', 'none')).to.include({ code: 2 });
  });

  it('is beside the script, or where --cache says, or nowhere', async () => {
    await run('--no-cache');
    expect(await readdir(join(folder, '.pyscope'))).to.not.include('answers.mdb');
    expect(await run('--cache', 'kept', '--state', 'none')).to.include({ cached: 0 });
    expect(await readdir(join(folder, 'kept'))).to.include('answers.mdb');
  });

  it('is not believed where it is damaged: computed anew, and told', async () => {
    const first = await run();
    const file = await open(join(folder, '.pyscope/answers.mdb'), 'r+');
    const bytes = await file.readFile();
    let damaged = 0;
    for (let at = bytes.indexOf('"label":"'); at >= 0; at = bytes.indexOf('"label":"', at + 1)) {
      await file.write('X', at + 10);
      damaged += 1;
    }
    await file.close();
    expect(damaged).to.be.at.least(first.computed);
    expect(await run()).to.deep.equal({ ...first, codes: 'PR4014' });
    expect(await run()).to.include({ computed: 0, codes: '', bytes: first.bytes });
  });

  it('is done without where it cannot be had', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await run('--cache', 'file')).to.include({ codes: 'PR4013', cached: 0 });
  });
});
