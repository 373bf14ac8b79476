import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { partitionPath } from '../../../src/runtime/outputs/partition-path.ts';
import { filesOf, failureOf, runScript } from '../engine/support.ts';
import { MemoryOutputs } from './memory.ts';

describe('an output', () => {
  it('is reported with its rows, bytes and SHA-256, as it was written', async () => {
    const { result, outputs, events } = await runScript('v = VALUES (1), (2) AS (n); OUTPUT v TO "o.csv.gz";');
    const bytes = outputs.files.get('/data/o.csv.gz') ?? Buffer.alloc(0);
    expect(gunzipSync(bytes).toString('utf8')).to.equal('n\n1\n2\n');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const node = result.outputs[0]?.node ?? -1;
    expect(result.outputs).to.deep.equal([{ node, path: 'o.csv.gz', rows: 2, bytes: bytes.length, sha256 }]);
    expect(events.filter(({ kind }) => kind === 'output-committed')).to.deep.equal([
      { kind: 'output-committed', ...result.outputs[0] },
    ]);
  });

  it('is written beside its target under the job’s name, forced to the disk, and renamed', async () => {
    const { outputs } = await runScript('v = VALUES (1) AS (n); OUTPUT v TO "out/o.csv";');
    expect(outputs.operations).to.deep.equal([
      'makeFolder /data/out',
      'open /data/out/.o.csv.job-1.tmp',
      'write /data/out/.o.csv.job-1.tmp',
      'sync /data/out/.o.csv.job-1.tmp',
      'close /data/out/.o.csv.job-1.tmp',
      'keepAs /data/out/o.csv',
      'rename /data/out/o.csv',
      'syncFolder /data/out',
    ]);
  });

  it('is refused where a folder stands, before anything is read', async () => {
    const outputs = new MemoryOutputs();
    outputs.files.set('/data/o.csv/x', Buffer.alloc(0));
    const { result } = await runScript('v = EXTRACT n: int FROM "none.csv"; OUTPUT v TO "o.csv";', { outputs });
    expect(result.error?.code).to.equal('PR5103');
  });
});

describe('a partitioned output', () => {
  it('writes one file for each value, names made safe', async () => {
    const text = `v = VALUES ("a", 1), ("../b", 2), (null, 3), ("", 4), ("a", 5) AS (k: string?, n);
      OUTPUT v TO "out/{k}/n.csv" USING CsvWriter(order = [n], header = false);`;
    expect(await filesOf(text)).to.deep.equal({
      'out/a/n.csv': '1\n5\n',
      'out/%2E.%2Fb/n.csv': '2\n',
      'out/_null/n.csv': '3\n',
      'out/_empty/n.csv': '4\n',
    });
  });

  it('keeps few files open, and writes the same whatever the batches', async () => {
    const inputs = { 'n.txt': Array.from({ length: 1000 }, (_, n) => `${(n * 7) % 500}`).join('\n') };
    const text = 'n = EXTRACT n: int FROM "n.txt" USING LineReader(); OUTPUT n TO "p/{n}.csv.gz";';
    const runs = [1, 64, 4096].map((batchRows) => runScript(text, { inputs, batchRows }));
    const [first, ...others] = await Promise.all(runs);
    expect(first?.result.outcome).to.equal('done');
    expect(first?.outputs.files.size).to.equal(500);
    expect(first?.outputs.mostOpen).to.be.lessThan(70);
    for (const other of others)
      expect([...other.outputs.files]).to.have.deep.members([...(first?.outputs.files ?? [])]);
  });

  it('gives no two values one file', () => {
    const values = [
      null,
      '',
      '_null',
      '_empty',
      '.',
      '..',
      'a/b',
      'a%2Fb',
      'a_b',
      'a',
      'a.',
      'a ',
      '%',
      '\\',
      ':',
      '\0',
    ];
    const paths = values.map((value) => partitionPath('/out/{k}.csv', new Map([['k', value]])));
    expect(new Set(paths).size).to.equal(values.length);
    for (const path of paths) expect(path).to.match(/^\/out\/[^/\\.][^/\\]*\.csv$/u);
  });

  it('refuses a value that is too long for a name', async () => {
    const text = `v = VALUES ("${'x'.repeat(300)}") AS (k); OUTPUT v TO "{k}.csv";`;
    expect(await failureOf(text)).to.match(/PR5104 column k: "x+"… is too long/u);
  });
});

describe('EXPECT', () => {
  const inputs = { 'in.csv': 'a,b\n1,x\n1,x\n2,y\n3,z\n' };
  const script = (expectation: string, writer = 'CsvWriter()'): string =>
    `t = EXTRACT a: int, b: string FROM "in.csv"; OUTPUT t TO "o.csv" USING ${writer} EXPECT ${expectation};`;

  it('counts rows as multisets, over the columns of the truth', async () => {
    const { result } = await runScript(script('"truth.csv"'), { inputs: { ...inputs, 'truth.csv': 'b\nx\ny\ny\n' } });
    expect(result.outcome).to.equal('done');
    expect(result.expectations).to.deep.equal([
      {
        truth: 'truth.csv',
        output: 'o.csv',
        truePositives: 2,
        falsePositives: 2,
        falseNegatives: 1,
        precision: 0.5,
        recall: 2 / 3,
        f1: 4 / 7,
        gate: null,
        passed: null,
      },
    ]);
  });

  it('is a gate with HAVING: the output is written, and the outcome says that it is not good enough', async () => {
    const truth = { 'truth.csv': 'a,b\n1,x\n' };
    const good = await runScript(script('"truth.csv" HAVING recall >= 0.9'), { inputs: { ...inputs, ...truth } });
    expect([good.result.outcome, good.result.expectations[0]?.passed]).to.deep.equal(['done', true]);
    const bad = await runScript(script('"truth.csv" HAVING f1 >= 0.9'), { inputs: { ...inputs, ...truth } });
    expect([bad.result.outcome, bad.result.expectations[0]?.passed]).to.deep.equal(['gate-failed', false]);
    expect(Object.keys(bad.files)).to.deep.equal(['o.csv']);
  });

  it('compares values as the writer prints them', async () => {
    const text = `v = VALUES (1.5, null, "x,y"), (2.0, "", "é") AS (f: float, n: string?, s);
      OUTPUT v TO "o.csv" EXPECT "truth.csv" HAVING f1 == 1.0;`;
    await filesOf(text, { inputs: { 'truth.csv': 's,f,n\né,2,""\n"x,y",1.5,\n' } });
  });

  it('refuses a truth with columns that are not written, and one that is not there', async () => {
    const other = { ...inputs, 'truth.csv': 'a,label\n1,x\n' };
    expect(await failureOf(script('"truth.csv"'), { inputs: other })).to.match(
      /PR5201 the ground truth truth\.csv has the column "label", which the output does not write; it writes a, b/u,
    );
    expect(await failureOf(script('"truth.csv"'), { inputs })).to.match(/PR1001 there is no file truth\.csv/u);
  });

  it('is 1 all along where nothing was expected and nothing written', async () => {
    const text = 't = EXTRACT a: int FROM "in.csv"; OUTPUT t WHERE a > 9 TO "o.csv" EXPECT "truth.csv";';
    const { result } = await runScript(text, { inputs: { ...inputs, 'truth.csv': 'a\n' } });
    expect(result.expectations.map(({ precision, recall, f1 }) => [precision, recall, f1])).to.deep.equal([[1, 1, 1]]);
  });
});
