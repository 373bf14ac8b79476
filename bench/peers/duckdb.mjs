/** The jobs as SQL. Column types are given, so that nothing is sniffed. */
import { DuckDBInstance } from '@duckdb/node-api';

const [job, folder, target] = process.argv.slice(2);

const rows = `read_csv('${folder}/rows.csv', header = true, auto_detect = false, delim = ',', quote = '"', new_line = '\\n',
  columns = {id: 'INTEGER', "user": 'VARCHAR', region: 'VARCHAR', amount: 'DOUBLE', "text": 'VARCHAR'})`;
const users = `read_csv('${folder}/users.csv', header = true, auto_detect = false, delim = ',', quote = '"', new_line = '\\n',
  columns = {"user": 'VARCHAR', country: 'VARCHAR', age: 'INTEGER'})`;

const queries = {
  filter: `SELECT * FROM ${rows} WHERE amount >= 750 AND region <> 'west'`,
  'by-region': `SELECT region, COUNT(*) AS n, SUM(amount) AS total FROM ${rows} GROUP BY region`,
  'by-user': `SELECT "user", COUNT(*) AS n, SUM(amount) AS total FROM ${rows} GROUP BY "user"`,
  join: `SELECT country, COUNT(*) AS n, SUM(amount) AS total FROM ${rows} AS r JOIN ${users} AS u ON r."user" = u."user" GROUP BY country`,
  words: `SELECT word, COUNT(*) AS n FROM (SELECT unnest(string_split("text", ' ')) AS word FROM ${rows}) GROUP BY word`,
};

const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`COPY (${queries[job]}) TO '${target}' (HEADER, DELIMITER ',')`);
