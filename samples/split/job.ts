/** Exercise 1 of the POPPER lab as a program: `npx tsx samples/split/job.ts` writes what job.scope writes. */
import { CsvWriter, JobBuilder, LineReader } from 'pyscope';
import type { RowOf } from 'pyscope';
import { SentimentProcessor } from '../sentiment/operators.ts';

const inColTypes = { sentiment: 'string' } as const;
const isPositive = (row: RowOf<typeof inColTypes>): boolean => row.get('sentiment') === 'POSITIVE';
const isNegative = (row: RowOf<typeof inColTypes>): boolean => row.get('sentiment') === 'NEGATIVE';

function prepareJob(): JobBuilder {
  const jobc = new JobBuilder({ folder: import.meta.dirname, template: 'split' });
  const n = jobc
    .extract({ using: new LineReader({ from: '../sentiment/reviews.txt', outCol: 'line' }) })
    .process({ using: new SentimentProcessor({ text: 'line', model: '../models/sentiment-en' }) })
    .getNode();

  jobc.where({ inp: n, predicate: isPositive, inColTypes }).output({
    using: new CsvWriter({ to: 'out/positive.csv', order: ['line'], gt: 'truth/positive.csv', having: 'f1 >= 0.8' }),
  });
  jobc.where({ inp: n, predicate: isNegative, inColTypes }).output({
    using: new CsvWriter({ to: 'out/negative.csv', order: ['line'], gt: 'truth/negative.csv', having: 'f1 >= 0.8' }),
  });
  return jobc;
}

const { outputs, expectations } = await prepareJob().run();
for (const { path, rows } of outputs) console.log(`${path}: ${rows} rows`);
for (const { truth, f1 } of expectations) console.log(`F1 against ${truth}: ${f1.toFixed(3)}`);
