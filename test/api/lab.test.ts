/** The lab's first workflow and exercises 1 and 2: the sample's script and a builder program give the same bytes, with the real models. */
import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { CsvWriter, JobBuilder, LineReader, TextClassifier, Translator, runJob } from '../../src/api/index.ts';
import type { JobNode } from '../../src/api/index.ts';

const SAMPLES = fileURLToPath(new URL('../../samples', import.meta.url));
const MODELS = join(SAMPLES, 'models');

const sentiment = (text: string): TextClassifier => new TextClassifier({ text, model: join(MODELS, 'sentiment-en') });

function firstWorkflow(folder: string): JobBuilder {
  return new JobBuilder({ folder })
    .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
    .process({ using: sentiment('line'), produce: { label: 'sentiment', score: 'confidence' } })
    .output({
      using: new CsvWriter({ to: 'out/sentiment.csv', order: ['line', 'sentiment'], gt: 'truth/sentiment.csv' }),
    });
}

function exercise1(folder: string): JobBuilder {
  const jobc = new JobBuilder({ folder });
  const n = jobc
    .extract({ using: new LineReader({ from: '../sentiment/reviews.txt', outCol: 'line' }) })
    .process({ using: sentiment('line'), produce: { label: 'sentiment' } })
    .getNode();
  jobc
    .where({ inp: n, predicate: (row) => row.get('sentiment') === 'POSITIVE', inColTypes: { sentiment: 'string' } })
    .output({ using: new CsvWriter({ to: 'out/positive.csv', order: ['line'], gt: 'truth/positive.csv' }) });
  jobc
    .where({ inp: n, predicate: (row) => row.get('sentiment') === 'NEGATIVE', inColTypes: { sentiment: 'string' } })
    .output({ using: new CsvWriter({ to: 'out/negative.csv', order: ['line'], gt: 'truth/negative.csv' }) });
  return jobc;
}

function exercise2(folder: string): JobBuilder {
  const jobc = new JobBuilder({ folder });
  const classified = jobc
    .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
    .process({
      using: new TextClassifier({ text: 'line', model: join(MODELS, 'language-id') }),
      produce: { label: 'language' },
    })
    .getNode();
  const english = jobc
    .where({ inp: classified, predicate: "language == 'en'" })
    .select({ items: ['line', 'language', 'line AS text'] })
    .getNode();
  const translated = (language: string, model: string): JobNode =>
    jobc
      .where({ inp: classified, predicate: `language == '${language}'` })
      .process({
        using: new Translator({ text: 'line', model: join(MODELS, model) }),
        produce: { translation: 'text' },
      })
      .getNode();
  const scored = jobc
    .union({ inp: [english, translated('hi', 'translate-hi-en'), translated('de', 'translate-de-en')] })
    .process({ using: sentiment('text'), produce: { label: 'sentiment' } })
    .getNode();
  for (const label of ['POSITIVE', 'NEGATIVE']) {
    const to = `out/${label.toLowerCase()}.csv`;
    jobc
      .where({ inp: scored, predicate: `sentiment == '${label}'` })
      .output({ using: new CsvWriter({ to, order: ['line', 'text'] }) });
  }
  jobc
    .where({ inp: classified, predicate: "language NOT IN ('en', 'hi', 'de')" })
    .output({ using: new CsvWriter({ to: 'out/untranslated.csv', order: ['language', 'line'] }) });
  return jobc;
}

/** The files under `out/` by name. */
async function outputs(folder: string): Promise<readonly (readonly [string, string])[]> {
  const names = (await readdir(join(folder, 'out'))).toSorted();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, 'out', name), 'utf8')] as const));
}

describe("the lab's workflows", () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-lab-'));
    await cp(SAMPLES, folder, { recursive: true, filter: (path) => !/[/\\](?:out|\.pyscope)$/.test(path) });
  });
  afterEach(() => rm(folder, { recursive: true }));

  for (const [what, sample, build, files] of [
    ['the first workflow', 'sentiment', firstWorkflow, 1],
    ['exercise 1', 'split', exercise1, 2],
    ['exercise 2', 'multilingual', exercise2, 3],
  ] as const) {
    it(`give the same bytes as script and as program: ${what}`, async () => {
      const home = join(folder, sample);
      const script = await runJob(join(home, 'job.scope'));
      const byScript = await outputs(home);
      await rm(join(home, 'out'), { recursive: true });
      const program = await build(home).run();
      expect([script.outcome, program.outcome]).to.deep.equal(['done', 'done']);
      expect(byScript.map(([, text]) => text.length > 0)).to.deep.equal(Array.from({ length: files }, () => true));
      expect(await outputs(home)).to.deep.equal(byScript);
    });
  }
});
