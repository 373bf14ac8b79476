import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { CompileError, CsvWriter, JobBuilder, JobFailed, LineReader, Processor, runJob } from '../../src/api/index.ts';
import type { Report, Row, RunEvent } from '../../src/api/index.ts';
import { temporaryFolder } from '../runtime/operators/files.ts';

const OPERATORS = `
import { Extractor, Outputter, Processor, declareFunction } from 'pyscope';
import type { InputFile, Row, RowBatch, WrittenRow } from 'pyscope';

export class Shout extends Processor.declare({ inputs: { text: 'string' }, outputs: { loud: 'string' } }) {
  override call(row: Row<typeof Shout>) {
    if (row.get('text') === 'bad') throw new Error('cannot shout');
    this.context.log('shouting');
    return row.with({ loud: row.get('text').toUpperCase() });
  }
}
export class Sizes extends Processor.declare({ inputs: { text: 'string' }, outputs: { size: 'int' } }) {
  override callBatch(batch: RowBatch<typeof Sizes>) {
    this.context.warn('counting');
    return batch.with({ size: batch.get('text').map((text) => text.length) });
  }
}
export class Draw extends Processor.declare({ outputs: { drawn: 'float' }, deterministic: false }) {
  override call(row: Row<typeof Draw>) {
    return row.with({ drawn: this.context.random() });
  }
}
export class Words extends Extractor {
  override async *call(file: InputFile) {
    for await (const line of file.lines()) for (const word of line.split(' ')) yield file.row({ word });
  }
}
export class Html extends Outputter {
  override call(row: WrittenRow) {
    return '<p>' + row.values().join(' ') + '</p>\\n';
  }
}
export const isLong = declareFunction({ text: 'string' }, 'bool', (text) => text.length > 3);
`;

const HEAD = 'IMPORT { Shout, Sizes, Words, Html, isLong } FROM "./operators.ts";\n';

describe('running a job', () => {
  const { write } = temporaryFolder();

  async function ran(script: string, input: string): Promise<{ readonly path: string; readonly report: Report }> {
    await write('operators.ts', OPERATORS);
    await write('in.txt', input);
    const path = await write('job.scope', script);
    return { path, report: await runJob(path, { log: () => undefined }) };
  }

  it('takes rows through operators, functions, readers and writers of a module', async () => {
    const { path, report } = await ran(
      `${HEAD}
       words = EXTRACT word: string FROM "in.txt" USING Words();
       loud  = PROCESS words USING Shout(text = word);
       sized = PROCESS loud USING Sizes(text = loud);
       OUTPUT sized WHERE isLong(word) TO "out.html" USING Html();`,
      'one three\nfive\n',
    );
    expect(await readFile(join(dirname(path), 'out.html'), 'utf8')).to.equal(
      '<p>three THREE 5</p>\n<p>five FIVE 4</p>\n',
    );
    expect(report.outcome).to.equal('done');
    expect(report.warnings).to.deep.equal([{ code: 'PR3013', message: 'Sizes: counting', label: null }]);
  });

  it('names operator, script line and source row where an operator throws', async () => {
    const script = `IMPORT { Shout } FROM "./operators.ts";
lines = EXTRACT line: string FROM "in.txt";
loud = PROCESS lines USING Shout(text = line);
OUTPUT loud TO "out.csv";
`;
    const error = await ran(script, 'good\nbad\n').catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(JobFailed);
    if (!(error instanceof JobFailed)) return;
    expect(error.message).to.include('PR3001 Shout threw: cannot shout');
    expect(error.message).to.match(/in the script: .*job\.scope:3:/);
    expect(error.message).to.include('in the data: in.txt:2');
    expect(error.report.outcome).to.equal('failed');
  });

  it('routes the rows on which an operator throws', async () => {
    const { path } = await ran(
      `IMPORT { Shout } FROM "./operators.ts";
       lines = EXTRACT line: string FROM "in.txt";
       loud = PROCESS lines USING Shout(text = line) ON ERROR ROUTE TO bad;
       OUTPUT loud TO "out.csv";
       OUTPUT bad TO "bad.csv" USING CsvWriter(order = [line, reason]);`,
      'good\nbad\n',
    );
    expect(await readFile(join(dirname(path), 'out.csv'), 'utf8')).to.equal('line,loud\ngood,GOOD\n');
    expect(await readFile(join(dirname(path), 'bad.csv'), 'utf8')).to.include('bad,');
  });

  it('draws the same random numbers in every run', async () => {
    const script = `IMPORT { Draw } FROM "./operators.ts";
      lines = EXTRACT line: string FROM "in.txt";
      drawn = PROCESS lines USING Draw();
      OUTPUT drawn TO "out.csv" USING CsvWriter(order = [drawn], header = false);`;
    const first = await ran(script, 'a\nb\n');
    const numbers = await readFile(join(dirname(first.path), 'out.csv'), 'utf8');
    const second = await ran(script, 'a\nb\n');
    expect(await readFile(join(dirname(second.path), 'out.csv'), 'utf8')).to.equal(numbers);
    const [a, b] = numbers.trim().split('\n').map(Number);
    expect(a).to.be.within(0, 1);
    expect(a).to.not.equal(b);
  });

  it('rejects with all mistakes of the script', async () => {
    const error = await ran('a = EXTRACT x FROM "in.txt";\nOUTPUT b TO "c.csv";\n', '').catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(CompileError);
    expect(String(error)).to.match(/job\.scope:2:8: PS2001/);
  });

  it('can be interrupted', async () => {
    await write('operators.ts', OPERATORS);
    await write('in.txt', 'a\n'.repeat(100));
    const path = await write('job.scope', 'a = EXTRACT x FROM "in.txt";\nOUTPUT a TO "c.csv";\n');
    const report = await runJob(path, { signal: AbortSignal.abort(new Error('stop')) });
    expect(report.outcome).to.equal('interrupted');
  });
});

describe('running what JobBuilder built', () => {
  const { write } = temporaryFolder();

  class Sentiment extends Processor.declare({
    inputs: { text: 'string' },
    outputs: { sentiment: 'string' },
    options: { good: 'string' },
  }) {
    override call(row: Row<typeof Sentiment>) {
      const positive = row.get('text').includes(this.options.good);
      return row.with({ sentiment: positive ? 'POSITIVE' : 'NEGATIVE' });
    }
  }

  it('writes files, measures them and tells what happens', async () => {
    const folder = dirname(await write('reviews.txt', 'good tea\nbad tea\ngood cups\n'));
    await write('truth.csv', 'line\ngood tea\ngood cups\n');
    const job = new JobBuilder({ folder, template: 'reviews' });
    job
      .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
      .process({ using: new Sentiment({ text: 'line', good: 'good' }) })
      .where({ predicate: (row) => row.get('sentiment') === 'POSITIVE', inColTypes: { sentiment: 'string' } })
      .output({
        using: new CsvWriter({ to: 'out/positive.csv', order: ['line'], gt: 'truth.csv', having: 'f1 >= 0.9' }),
      });
    const events: RunEvent['kind'][] = [];
    const report = await job.run({ listener: ({ kind }) => events.push(kind) });
    expect(await readFile(join(folder, 'out/positive.csv'), 'utf8')).to.equal('line\ngood tea\ngood cups\n');
    expect(report.outcome).to.equal('done');
    expect(report.script).to.equal('reviews');
    expect(report.expectations.map(({ f1, passed }) => [f1, passed])).to.deep.equal([[1, true]]);
    expect([events[0], events.at(-1)]).to.deep.equal(['run-started', 'run-ended']);
  });

  it('reports a gate that fails, and leaves the file', async () => {
    const folder = dirname(await write('reviews.txt', 'bad tea\n'));
    await write('truth.csv', 'line\ngood tea\n');
    const job = new JobBuilder({ folder }).extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) });
    job.output({ using: new CsvWriter({ to: 'out.csv', gt: 'truth.csv' }), having: 'f1 >= 0.9' });
    expect((await job.run()).outcome).to.equal('gate-failed');
  });

  it('records the lineage of a script or a builder beside the script, or where it is told to', async () => {
    const script = `lines = EXTRACT line: string FROM "in.txt";\nOUTPUT lines WHERE line != "" TO "out.csv";`;
    await write('in.txt', 'tea\ncups\n');
    const path = await write('job.scope', script);
    const folder = dirname(path);
    const textsIn = async (lineage: string): Promise<readonly string[]> => {
      const manifest: unknown = JSON.parse(await readFile(join(lineage, 'manifest.json'), 'utf8'));
      return (manifest as { readonly nodes: readonly { readonly text: string }[] }).nodes.map(({ text }) => text);
    };
    await runJob(path, { job: 'a', lineage: true });
    expect(await textsIn(join(folder, '.pyscope/lineage/a'))).to.include('WHERE line != ""');
    await runJob(path, { job: 'b', lineage: join(folder, 'kept') });
    expect(await textsIn(join(folder, 'kept/b'))).to.include('WHERE line != ""');
    await write('set.scope', `SET lineage = true;\n${script}`);
    await runJob(join(folder, 'set.scope'), { job: 'c' });
    expect(await textsIn(join(folder, '.pyscope/lineage/c'))).to.include('WHERE line != ""');
    const built = new JobBuilder({ folder, enableGc: false })
      .extract({ using: new LineReader({ from: 'in.txt', outCol: 'line' }) })
      .output({ using: new CsvWriter({ to: 'built.csv' }) });
    await built.run({ job: 'd' });
    expect(await textsIn(join(folder, '.pyscope/lineage/d'))).to.include('OUTPUT TO "built.csv" USING CsvWriter');
    await runJob(path, { job: 'e' });
    expect(await readdir(join(folder, '.pyscope/lineage'))).to.have.members(['a', 'c', 'd']);
  });

  it('rejects where a predicate answers with something else than true or false', async () => {
    const folder = dirname(await write('reviews.txt', 'tea\n'));
    const job = new JobBuilder({ folder })
      .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
      .where({ predicate: (row) => row.get('line') as never, inColTypes: { line: 'string' } })
      .output({ using: new CsvWriter({ to: 'out.csv' }) });
    const error = await job.run().catch((thrown: unknown) => thrown);
    expect(String(error)).to.match(/PR2008 .*predicate/);
  });
});
