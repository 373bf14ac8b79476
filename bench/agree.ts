/**
 * `npx tsx bench/agree.ts [queries] [seed] [every]`: random queries over random tables give what DuckDB gives, with all rules of the optimiser, without any, and without
 * one: the next one for each script, or with `every` each for every script.
 */
import Papa from 'papaparse';
import { rules } from '../src/planner/rules/index.ts';
import { runScript } from '../test/runtime/engine/support.ts';
import { difference, NULL } from './queries/compare.ts';
import type { Answer } from './queries/compare.ts';
import { Choices } from './queries/choices.ts';
import { startDuck } from './queries/duckdb.ts';
import { randomQuery, randomTable } from './queries/random.ts';
import type { Cell, Query, Row } from './queries/random.ts';

const QUERIES_A_SCRIPT = 4;

interface Job {
  readonly tables: readonly [readonly Row[], readonly Row[]];
  readonly queries: readonly Query[];
}

function jobOf(seed: number): Job {
  const choices = new Choices(Math.imul(seed, 2_654_435_761) ^ 0x5bd1e995);
  // The first numbers of near seeds are alike.
  for (let left = 0; left < 8; left++) choices.below(2);
  const tables = [randomTable(choices), randomTable(choices)] as const;
  return { tables, queries: Array.from({ length: QUERIES_A_SCRIPT }, () => randomQuery(choices)) };
}

const csv = (rows: readonly Row[]): string =>
  `i,a,b,c,d,e\n${rows.map((row) => `${row.map((cell) => cell ?? '').join(',')}\n`).join('')}`;

function scriptOf({ queries }: Job): string {
  const sources = ['r', 's'].map(
    (name) => `${name} = EXTRACT i: int, a: int, b: string, c: float?, d: int?, e: datetime? FROM "${name}.csv";`,
  );
  const outputs = queries.map(
    ({ scope }, at) =>
      `q${at} = ${scope};\nOUTPUT q${at} TO "q${at}.csv" USING CsvWriter(nullText = ${JSON.stringify(NULL)});`,
  );
  return [...sources, ...outputs].join('\n');
}

function setupOf({ tables }: Job): readonly string[] {
  const cell = (value: Cell): string => (typeof value === 'string' ? `'${value}'` : String(value ?? 'NULL'));
  return tables.flatMap((rows, at) => {
    const name = at === 0 ? 'r' : 's';
    const values = rows.map((row) => `(${row.map(cell).join(', ')})`).join(', ');
    return [
      `CREATE OR REPLACE TABLE ${name} (i INTEGER, a INTEGER, b VARCHAR, c DOUBLE, d INTEGER, e TIMESTAMP)`,
      ...(rows.length === 0 ? [] : [`INSERT INTO ${name} VALUES ${values}`]),
    ];
  });
}

/** Without the line that names the columns. */
const rowsOf = (text: string): Answer =>
  Papa.parse<readonly string[]>(text.slice(0, -1), { delimiter: ',' }).data.slice(1);

interface Way {
  readonly name: string;
  readonly noOpt: boolean;
  readonly disableOpts: ReadonlySet<string>;
}

const ALL: Way = { name: 'with all rules', noOpt: false, disableOpts: new Set() };
const NONE: Way = { name: 'without rules', noOpt: true, disableOpts: new Set() };
const EACH: readonly Way[] = rules.map(({ name }) => ({
  name: `without ${name}`,
  noOpt: false,
  disableOpts: new Set([name]),
}));

function waysOf(seed: number, every: boolean): readonly Way[] {
  const one = EACH[seed % EACH.length];
  return [ALL, NONE, ...(every || one === undefined ? EACH : [one])];
}

async function check(job: Job, expected: readonly Answer[], seed: number, every: boolean): Promise<void> {
  for (const { name, noOpt, disableOpts } of waysOf(seed, every)) {
    const ran = await runScript(scriptOf(job), {
      inputs: { 'r.csv': csv(job.tables[0]), 's.csv': csv(job.tables[1]) },
      plan: { noOpt, disableOpts },
      batchRows: [1, 3, 4096][seed % 3] ?? 4096,
    });
    if (ran.result.error !== null) throw new Error(`seed ${seed}, ${name}: ${ran.result.error.message}\n${ran.text}`);
    for (const [at, query] of job.queries.entries()) {
      const found = difference(rowsOf(ran.files[`q${at}.csv`] ?? ''), expected[at] ?? [], query.ordered);
      if (found === null) continue;
      throw new Error(`seed ${seed}, ${name}: ${found}\n${query.scope}\n${query.sql}\n${JSON.stringify(job.tables)}`);
    }
  }
}

async function main(count: number, first: number, every: boolean): Promise<void> {
  const duck = startDuck();
  let rows = 0;
  try {
    for (let seed = first; seed < first + count / QUERIES_A_SCRIPT; seed++) {
      const job = jobOf(seed);
      const expected = await duck.ask({ setup: setupOf(job), queries: job.queries.map(({ sql }) => sql) });
      rows += expected.reduce((sum, answer) => sum + answer.length, 0);
      await check(job, expected, seed, every);
      if (seed % 250 === 0) console.error(`${(seed - first) * QUERIES_A_SCRIPT} queries`);
    }
  } finally {
    duck.close();
  }
  console.log(
    `${count} queries of ${rows} rows from seed ${first}: the same as DuckDB's, ${waysOf(first, every).length} ways each`,
  );
}

await main(Number(process.argv[2] ?? 10_000), Number(process.argv[3] ?? 1), process.argv[4] === 'every');
