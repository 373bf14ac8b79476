/** A job over a model that misbehaves loses no row: each has a result, or is routed with the cause. Every test says that the fault happened: by its code. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runJob } from '../../../src/api/run-job.ts';
import { createModelHost } from '../../../src/runtime/models/host.ts';
import { randomFrom } from '../../support/random.ts';
import { SEED } from '../../support/seed.ts';
import { oddClassifier } from './odd-onnx.ts';
import { SHIPPED } from './support.ts';

const ODD = new URL('./odd-worker.mjs', import.meta.url);
const CALLS = Number(process.env['PYSCOPE_CALLS'] ?? 20_000);
const LONG = process.env['PYSCOPE_LONG'] === '1';

const CODES: Readonly<Record<string, string>> = {
  die: 'PR4007',
  hang: 'PR4008',
  fewer: 'PR4010',
  nan: 'PR4010',
  throw: 'PR4011',
};

describe('a job over a model', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-odd-'));
    await cp(join(SHIPPED, 'sentiment-en-tiny'), join(folder, 'model'), { recursive: true });
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const lines = async (name: string): Promise<readonly string[]> =>
    (await readFile(join(folder, name), 'utf8')).split('\n').slice(1, -1);

  /** Classifies texts, what fails routed apart; gives the lines of both outputs. */
  async function classified(texts: readonly string[], worker?: URL) {
    await writeFile(join(folder, 'in.txt'), `${texts.join('\n')}\n`);
    const script = `lines = EXTRACT line: string FROM "in.txt";
      good = PROCESS lines USING TextClassifier(text = line, model = "./model", timeoutMs = 300) PRODUCE label
          ON ERROR ROUTE TO bad;
      OUTPUT good TO "good.csv"; OUTPUT bad TO "bad.csv";`;
    const models = createModelHost({ parallelism: 2, ...(worker === undefined ? {} : { worker }) });
    try {
      const report = await runJob({ text: script, name: 'job.scope', folder }, { models });
      expect(report.nodes.find(({ kind }) => kind === 'process')).to.include({ rowsIn: texts.length });
      return { good: await lines('good.csv'), bad: await lines('bad.csv') };
    } finally {
      await models.close();
    }
  }

  for (const [kind, code] of Object.entries(CODES)) {
    it(`rejects the row alone that the model does this over: ${kind}`, async () => {
      const { good, bad } = await classified(['a', `${kind} 1`, 'b', 'c'], ODD);
      expect(good).to.deep.equal(['a,said a', 'b,said b', 'c,said c']);
      expect(bad).to.have.lengthOf(1);
      expect(bad[0]).to.include(`${kind} 1,`).and.include(code);
    });
  }

  for (const [kind, reason] of [
    ['nan', 'NaN or infinite'],
    ['shape', 'wrong shape'],
  ] as const) {
    it(`rejects every row of a network whose output is odd: ${kind}`, async () => {
      await writeFile(join(folder, 'model/onnx/model_quantized.onnx'), oddClassifier(kind));
      const { good, bad } = await classified(['good film', 'bad film', 'so so']);
      expect(good).to.deep.equal([]);
      expect(bad).to.have.lengthOf(3);
      for (const line of bad) expect(line).to.include('PR4010').and.include(reason);
    });
  }

  it('has a result or a cause for every one of many calls, a tenth of them bad', async function () {
    if (!LONG) this.skip();
    const seed = SEED;
    console.warn(`\n    seed ${seed}\n`);
    const { below, pick } = randomFrom(seed);
    const kinds = Object.keys(CODES);
    // Of one length, so that good and bad stand beside each other where texts are sorted by it.
    const texts = Array.from(
      { length: CALLS },
      (_, at) => `${(below(10) === 0 ? pick(kinds) : 'text').padEnd(5, '_')} ${at}`,
    );
    const { good, bad } = await classified(texts, ODD);
    const fine = texts.filter((text) => text.startsWith('text'));
    expect(good).to.deep.equal(fine.map((text) => `${text},said ${text}`));
    const odd = texts.filter((text) => !text.startsWith('text'));
    expect(bad).to.have.lengthOf(odd.length);
    odd.forEach((text, at) => {
      expect(bad[at])
        .to.include(`${text},`)
        .and.include(CODES[text.split(/[_ ]/)[0] ?? ''] ?? 'no kind');
    });
  });
});
