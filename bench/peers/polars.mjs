/** The jobs as lazy frames over a scan with a given schema; the filter streams to its file. */
import pl from 'nodejs-polars';

const [job, folder, target] = process.argv.slice(2);

const rows = pl.scanCSV(`${folder}/rows.csv`, {
  schema: { id: pl.Int32, user: pl.Utf8, region: pl.Utf8, amount: pl.Float64, text: pl.Utf8 },
});
const users = () => pl.scanCSV(`${folder}/users.csv`, { schema: { user: pl.Utf8, country: pl.Utf8, age: pl.Int32 } });

const counted = (frame, key) =>
  frame.groupBy(key).agg(pl.col('amount').count().alias('n'), pl.col('amount').sum().alias('total'));

const frames = {
  filter: () =>
    rows.filter(
      pl
        .col('amount')
        .gtEq(750)
        .and(pl.col('region').neq(pl.lit('west'))),
    ),
  'by-region': () => counted(rows, 'region'),
  'by-user': () => counted(rows, 'user'),
  join: () => counted(rows.join(users(), { on: 'user', how: 'inner' }), 'country'),
  words: () =>
    rows
      .select(pl.col('text').str.split(' ').alias('word'))
      .explode('word')
      .groupBy('word')
      .agg(pl.col('word').count().alias('n')),
};

if (job === 'filter') await frames.filter().sinkCSV(target).collect();
else (await frames[job]().collect()).writeCSV(target);
