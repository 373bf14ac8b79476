/** Programs that record their runs, and go on with those that did not end. */
import { existsSync } from 'node:fs';
import { readFile, readdir, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { CsvWriter, JobBuilder, JobFailed, LineReader, Processor, RunError, runJob } from '../../src/api/index.ts';
import type { Row, RunOptions } from '../../src/api/index.ts';
import { temporaryFolder } from '../runtime/operators/files.ts';

/** Says what it is asked, and fails at a line while a file named `broken` is there. */
const OPERATORS = `
import { appendFileSync, existsSync } from 'node:fs';
import { Processor } from 'pyscope';
export class Shout extends Processor.declare({ inputs: { text: 'string' }, outputs: { loud: 'string' } }) {
  override callBatch(batch) {
    const texts = [...batch.get('text')];
    appendFileSync(new URL('calls.log', import.meta.url), texts.map((text) => text + '\\n').join(''));
    if (texts.includes('line 25') && existsSync(new URL('broken', import.meta.url))) throw new Error('no power');
    return batch.with({ loud: texts.map((text) => text.toUpperCase()) });
  }
}
`;
const SCRIPT = `IMPORT { Shout } FROM "./operators.ts";
lines = EXTRACT line: string FROM "in.txt";
loud = PROCESS lines USING Shout(text = line) HINT(commit = true);
OUTPUT loud TO "out.csv";
`;
const INPUT = Array.from({ length: 40 }, (_, at) => `line ${at}\n`).join('');

describe('a program that records its runs', () => {
  const { write } = temporaryFolder();
  let [folder, script] = ['', ''];
  const state = (): string => join(folder, 'store');
  const path = (name: string): string => join(folder, name);

  beforeEach(async () => {
    await write('operators.ts', OPERATORS);
    await write('in.txt', INPUT);
    script = await write('job.scope', SCRIPT);
    folder = join(script, '..');
    await writeFile(path('broken'), '');
  });
  afterEach(() => rm(state(), { recursive: true, force: true }));

  const run = (options: RunOptions = {}): ReturnType<typeof runJob> =>
    runJob(script, { state: state(), batchRows: 5, log: () => undefined, ...options });
  async function failed(options: RunOptions = {}): Promise<string> {
    const thrown = await run(options).catch((reason: unknown) => reason);
    if (!(thrown instanceof JobFailed)) throw thrown;
    expect(thrown.message).to.include('no power');
    await unlink(path('broken'));
    return thrown.report.job;
  }
  async function asked(): Promise<readonly string[]> {
    const lines = (await readFile(path('calls.log'), 'utf8')).trimEnd().split('\n');
    await rm(path('calls.log'));
    return lines;
  }
  async function codeOf(work: Promise<unknown>): Promise<string> {
    const thrown = await work.catch((reason: unknown) => reason);
    return thrown instanceof RunError ? thrown.code : String(thrown);
  }

  const CHOICES: readonly (readonly [which: string, resumeOf: (job: string) => true | string])[] = [
    ['the latest run of the script', () => true],
    ['the run of that id', (job) => job],
  ];
  for (const [which, resumeOf] of CHOICES) {
    it(`goes on with ${which}, and asks nothing again that was committed`, async () => {
      const job = await failed();
      expect(existsSync(path('out.csv'))).to.equal(false);
      const first = await asked();
      expect(first.slice(-5)).to.include('line 25');
      const report = await run({ resume: resumeOf(job) });
      expect(report).to.include({ outcome: 'done', job });
      expect((await readFile(path('out.csv'), 'utf8')).split('\n')).to.have.length(42);
      expect(await asked()).to.deep.equal(Array.from({ length: 15 }, (_, at) => `line ${at + 25}`));
      expect(await codeOf(run({ resume: job }))).to.equal('PR6010');
    });
  }

  it('has the batches of the run that it goes on with, unless others are asked for, which are refused', async () => {
    const job = await failed();
    expect(await codeOf(run({ resume: job, batchRows: 7 }))).to.equal('PR6011');
    const { batchRows: _, ...options } = { state: state(), resume: job, batchRows: 0 };
    expect((await runJob(script, options)).job).to.equal(job);
  });

  it('begins anew where there is nothing to go on with', async () => {
    await unlink(path('broken'));
    expect((await run({ resume: true })).outcome).to.equal('done');
    expect(await asked()).to.have.length(40);
    expect((await run({ resume: true })).outcome).to.equal('done');
    expect(await asked()).to.have.length(40);
  });

  it('is told what has changed, and that there is no such job', async () => {
    const job = await failed();
    await writeFile(path('in.txt'), `${INPUT}one more\n`);
    for (const resume of [true, job] as const) {
      const thrown = await run({ resume }).catch((reason: unknown) => reason);
      expect(thrown).to.be.instanceOf(RunError).and.to.include({ code: 'PR6011' });
      expect(String(thrown)).to.include('the input in.txt has changed');
    }
    expect(await codeOf(run({ resume: 'nobody' }))).to.equal('PR6009');
    expect(await codeOf(runJob(script, { resume: true }))).to.include('TypeError: resume needs state');
  });

  it('keeps nothing where it names no store', async () => {
    await unlink(path('broken'));
    await runJob(script);
    expect((await readdir(folder)).includes('.pyscope')).to.equal(false);
  });

  it('built by JobBuilder goes on, too', async () => {
    const texts: string[] = [];
    let broken = true;
    class Loud extends Processor.declare({ inputs: { text: 'string' }, outputs: { loud: 'string' } }) {
      override call(row: Row<typeof Loud>) {
        const text = row.get('text');
        texts.push(text);
        if (broken && text === 'line 25') throw new Error('no power');
        return row.with({ loud: text.toUpperCase() });
      }
    }
    const build = (): JobBuilder =>
      new JobBuilder({ folder, template: 'louder' })
        .extract({ using: new LineReader({ from: 'in.txt', outCol: 'line' }) })
        .process({ using: new Loud({ text: 'line' }), produce: ['loud'], hint: { commit: true } })
        .output({ using: new CsvWriter({ to: 'built.csv', order: ['line', 'loud'] }) });
    const options: RunOptions = { state: state(), batchRows: 5, log: () => undefined };
    const thrown = await build()
      .run(options)
      .catch((reason: unknown) => reason);
    expect(thrown).to.be.instanceOf(JobFailed);
    broken = false;
    texts.length = 0;
    const report = await build().run({ ...options, resume: true });
    expect(report.outcome).to.equal('done');
    expect(texts).to.deep.equal(Array.from({ length: 15 }, (_, at) => `line ${at + 25}`));
    expect((await readFile(path('built.csv'), 'utf8')).split('\n')).to.have.length(42);
  });
});
