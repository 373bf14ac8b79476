/** Exercise 3 of the POPPER lab as a program: `npx tsx samples/reactive/job.ts` writes what job.scope writes. */
import { CsvWriter, JobBuilder, LineReader, TextClassifier, Translator } from 'pyscope';
import type { JobNode } from 'pyscope';
import { Faulty } from './operators.ts';

function prepareJob(): JobBuilder {
  const jobc = new JobBuilder({ folder: import.meta.dirname, template: 'reactive' });
  const classified = jobc
    .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
    .process({
      using: new TextClassifier({ text: 'line', model: '../models/language-id' }),
      produce: { label: 'language' },
    })
    .assert({ predicate: "language == 'en' || attempts(line) == 0", otherwise: 'DROP' })
    .getNode();

  const translator = (language: string, model: string): JobNode =>
    jobc
      .where({ inp: classified, predicate: `language == '${language}'` })
      .process({ using: new Translator({ text: 'line', model }), produce: ['translation'] })
      .getNode();
  const hindi = translator('hi', '../models/translate-hi-en');
  const german = translator('de', '../models/translate-de-en');
  jobc
    .union({ inp: [hindi, german] })
    .process({ using: new Faulty({ text: 'line', translation: 'translation', rate: 0.1 }), produce: ['answer'] })
    .assert({ predicate: 'attempts(line) > 0', otherwise: 'APPEND line = answer LIMIT 1 ELSE KEEP' })
    .output({ using: new CsvWriter({ to: 'out/translations.csv', order: ['line', 'answer'] }) });

  const known = jobc
    .where({ inp: classified, predicate: "language == 'en'" })
    .process({
      using: new TextClassifier({ text: 'line', model: '../models/sentiment-en' }),
      produce: { label: 'sentiment' },
    })
    .select({ items: ['original(line) AS original', 'line', 'sentiment'] })
    .getNode();
  for (const [sentiment, file] of [
    ['POSITIVE', 'positive.csv'],
    ['NEGATIVE', 'negative.csv'],
  ] as const) {
    jobc.where({ inp: known, predicate: `sentiment == '${sentiment}'` }).output({
      using: new CsvWriter({
        to: `out/${file}`,
        order: ['original', 'line'],
        gt: `truth/${file}`,
        having: 'precision >= 0.8',
      }),
    });
  }
  return jobc;
}

const { outputs, expectations } = await prepareJob().run();
for (const { path, rows } of outputs) console.log(`${path}: ${rows} rows`);
for (const { truth, f1 } of expectations) console.log(`F1 against ${truth}: ${f1.toFixed(3)}`);
