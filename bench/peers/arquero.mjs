/** The jobs as verbs over a table that is loaded whole. */
import { createWriteStream, readFileSync } from 'node:fs';
import * as aq from 'arquero';

const [job, folder, target] = process.argv.slice(2);

const load = (name) => aq.fromCSV(readFileSync(`${folder}/${name}.csv`, 'utf8'), { autoType: true });
const counted = (table, key) => table.groupby(key).rollup({ n: aq.op.count(), total: aq.op.sum('amount') });
const rows = load('rows');

const tables = {
  filter: () => rows.filter((d) => d.amount >= 750 && d.region !== 'west'),
  'by-region': () => counted(rows, 'region'),
  'by-user': () => counted(rows, 'user'),
  join: () => counted(rows.join(load('users'), 'user'), 'country'),
  words: () =>
    rows
      .derive({ word: (d) => aq.op.split(d.text, ' ') })
      .select('word')
      .unroll('word')
      .groupby('word')
      .count({ as: 'n' }),
};

createWriteStream(target).end(`${tables[job]().toCSV()}\n`);
