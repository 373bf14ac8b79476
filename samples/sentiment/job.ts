/** The first workflow of the POPPER lab as a program: `npx tsx samples/sentiment/job.ts` writes what job.scope writes. */
import { CsvWriter, JobBuilder, LineReader } from 'pyscope';
import { SentimentProcessor } from './operators.ts';

function prepareJob(): JobBuilder {
  const jobc = new JobBuilder({ folder: import.meta.dirname, template: 'sentiment' });
  return jobc
    .extract({ using: new LineReader({ from: 'reviews.txt', outCol: 'line' }) })
    .process({ using: new SentimentProcessor({ text: 'line', model: '../models/sentiment-en' }) })
    .output({
      using: new CsvWriter({
        to: 'out/sentiment.csv',
        order: ['line', 'sentiment'],
        gt: 'truth/sentiment.csv',
        having: 'f1 >= 0.8',
      }),
    });
}

const { outputs, expectations } = await prepareJob().run();
for (const { path, rows } of outputs) console.log(`${path}: ${rows} rows`);
for (const { truth, f1 } of expectations) console.log(`F1 against ${truth}: ${f1.toFixed(3)}`);
