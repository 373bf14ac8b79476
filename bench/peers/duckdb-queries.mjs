/** Answers queries: each line of standard input is `{"setup": [sql…], "queries": [sql…]}`, each line of standard output the rows of its queries, or `{"error"}`. */
import { createInterface } from 'node:readline';
import { DuckDBInstance } from '@duckdb/node-api';

const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();

/** As PYSCOPE's CsvWriter writes it, with null as \N. */
const plain = (value) => (value === null ? '\\N' : value instanceof Date ? value.toISOString() : String(value));

async function answer({ setup, queries }) {
  for (const sql of setup) await connection.run(sql);
  const all = [];
  for (const sql of queries) {
    const reader = await connection.runAndReadAll(sql);
    all.push(reader.getRowsJS().map((row) => row.map(plain)));
  }
  return all;
}

for await (const line of createInterface({ input: process.stdin })) {
  const answered = await answer(JSON.parse(line)).catch((error) => ({ error: error.message }));
  process.stdout.write(`${JSON.stringify(answered)}\n`);
}
