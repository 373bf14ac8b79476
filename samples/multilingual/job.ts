/** Exercise 2 of the POPPER lab as a program: `npx tsx samples/multilingual/job.ts` writes what job.scope writes. */
import { CsvWriter, JobBuilder, LineReader, TextClassifier, Translator } from 'pyscope';
import type { JobNode } from 'pyscope';
import { SentimentProcessor } from '../sentiment/operators.ts';

function prepareJob(): JobBuilder {
  const jobc = new JobBuilder({ folder: import.meta.dirname, template: 'multilingual' });
  const classified = jobc
    .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
    .process({
      using: new TextClassifier({ text: 'line', model: '../models/language-id' }),
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
      .process({ using: new Translator({ text: 'line', model }), produce: { translation: 'text' } })
      .getNode();
  const hindi = translated('hi', '../models/translate-hi-en');
  const german = translated('de', '../models/translate-de-en');

  const scored = jobc
    .union({ inp: [english, hindi, german] })
    .process({ using: new SentimentProcessor({ text: 'text', model: '../models/sentiment-en' }) })
    .getNode();
  for (const [sentiment, file] of [
    ['POSITIVE', 'positive.csv'],
    ['NEGATIVE', 'negative.csv'],
  ] as const) {
    jobc.where({ inp: scored, predicate: `sentiment == '${sentiment}'` }).output({
      using: new CsvWriter({
        to: `out/${file}`,
        order: ['line', 'text'],
        gt: `truth/${file}`,
        having: 'f1 >= 0.8',
      }),
    });
  }
  jobc
    .where({ inp: classified, predicate: "language NOT IN ('en', 'hi', 'de')" })
    .output({ using: new CsvWriter({ to: 'out/untranslated.csv', order: ['language', 'line'] }) });
  return jobc;
}

const { outputs, expectations } = await prepareJob().run();
for (const { path, rows } of outputs) console.log(`${path}: ${rows} rows`);
for (const { truth, f1 } of expectations) console.log(`F1 against ${truth}: ${f1.toFixed(3)}`);
