/** TPC-H: its 22 queries as scripts (`tpch/*.scope`) beside DuckDB's answers to its SQL (`tpch/*.sql`), over generated tables, as whole processes. */
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import Papa from 'papaparse';
import type { Bench, BenchOptions } from './harness/bench.ts';
import { machine, versionOf } from './harness/machine.ts';
import { markdown } from './harness/page.ts';
import { measure } from './harness/process.ts';
import type { Limits, Measured, Measurement } from './harness/process.ts';
import { median, rounds } from './harness/rounds.ts';
import { difference } from './queries/compare.ts';
import { tpchFolder } from './tpch/data.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const QUERIES: readonly string[] = readdirSync(here('tpch'))
  .filter((name) => name.endsWith('.scope'))
  .map((name) => name.slice(0, -'.scope'.length));

type Who = 'pyscope' | 'DuckDB';

const WHO: readonly Who[] = ['pyscope', 'DuckDB'];

const OURS = here('data/tpch-ours.csv');
const THEIRS = here('data/tpch-theirs.csv');

function wordsOf(who: Who, query: string, folder: string): readonly string[] {
  if (who === 'DuckDB') return [here('peers/duckdb-tpch.mjs'), query, folder, THEIRS];
  const params = [`--param=folder=${folder}`, `--param=target=${OURS}`];
  return [here('../bin/pyscope'), 'run', here(`tpch/${query}.scope`), '--quiet', '--state=none', ...params];
}

const rowsOf = (path: string): readonly (readonly string[])[] =>
  Papa.parse<readonly string[]>(readFileSync(path, 'utf8').trimEnd(), { delimiter: ',' }).data;

/** Runs both once: the answers must agree, row by row, and the files are then in the system's cache. Gives the number of rows. */
async function agreeing(query: string, folder: string, limits: Limits): Promise<number> {
  for (const path of [OURS, THEIRS]) rmSync(path, { force: true });
  for (const who of WHO) {
    const done = await measure(wordsOf(who, query, folder), limits);
    if (done.kind === 'not-measured') throw new Error(`${who} did not do ${query}: ${done.why}`);
  }
  const differs = difference(rowsOf(OURS), rowsOf(THEIRS), true);
  if (differs !== null) throw new Error(`${query} has another answer than DuckDB's: ${differs}`);
  return rowsOf(OURS).length - 1;
}

interface Figures {
  readonly seconds: number;
  readonly peakBytes: number;
}

function figuresOf(all: readonly Measurement[]): Figures {
  const done = all.filter((one): one is Measured => one.kind === 'measured');
  if (done.length < all.length) throw new Error('a query failed in a round');
  return { seconds: median(done.map(({ seconds }) => seconds)), peakBytes: median(done.map((one) => one.peakBytes)) };
}

const cell = ({ seconds, peakBytes }: Figures): string => `${seconds.toFixed(2)} s, ${(peakBytes / 1e6).toFixed(0)} MB`;

const geometricMean = (ratios: readonly number[]): number =>
  Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);

async function run(options: BenchOptions): Promise<string> {
  const { tell } = options;
  const before = machine();
  const scale = options.scale ?? (options.quick ? 0.01 : 0.1);
  const count = options.rounds ?? 3;
  const queries = QUERIES.filter((query) => options.jobs?.includes(query) ?? true);
  const limits = { seconds: options.limitSeconds, bytes: totalmem() * 0.6 };
  mkdirSync(here('data'), { recursive: true });
  const folder = tpchFolder(here('data'), scale);
  tell('comparing answers');
  const sizes = new Map<string, number>();
  for (const query of queries) sizes.set(query, await agreeing(query, folder, limits));
  const contests = queries.flatMap((query) =>
    WHO.map((who) => ({ key: `${query} ${who}`, go: () => measure(wordsOf(who, query, folder), limits) })),
  );
  const samples = await rounds(contests, count, (round) => tell(`round ${round + 1} of ${count}`));
  const of = (query: string, who: Who): Figures => figuresOf(samples.get(`${query} ${who}`) ?? []);
  const ratios = queries.map((query) => of(query, 'pyscope').seconds / of(query, 'DuckDB').seconds);
  const rows = queries.map((query, at) => [
    query.replace(/^q0?/u, 'Q'),
    String(sizes.get(query) ?? 0),
    ...WHO.map((who) => cell(of(query, who))),
    (ratios[at] ?? Number.NaN).toFixed(2),
  ]);
  const mean = ['**geometric mean**', '', '', '', `**${geometricMean(ratios).toFixed(2)}**`];
  return [
    `Machine: ${before}; load at the end ${machine().split('load ')[1] ?? '?'}.`,
    `Scale ${scale}. DuckDB ${versionOf('@duckdb/node-api')} (@duckdb/node-api), with its default number of threads.`,
    `Each figure is ${count === 1 ? 'one round' : `the median of ${count} rounds`}: wall time of the whole process, start-up and reading the files included, and its peak memory.`,
    `All ${queries.length} answers had been found equal to DuckDB's, in their order.`,
    '',
    markdown({ header: ['query', 'rows', ...WHO, 'pyscope ÷ DuckDB'], rows: [...rows, mean] }),
  ].join('\n');
}

export const tpch: Bench = { name: 'tpch', about: 'the queries of TPC-H over generated tables', run };
