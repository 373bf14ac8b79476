/** The five relational jobs on CSV, as whole processes: pyscope beside DuckDB, Polars, Arquero, papaparse and a hand-written loop. */
import { mkdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { difference } from './answers.ts';
import { dataFolder } from './data.ts';
import type { Bench, BenchOptions } from './harness/bench.ts';
import { machine, versionOf } from './harness/machine.ts';
import { markdown } from './harness/page.ts';
import { measure } from './harness/process.ts';
import type { Limits, Measured, Measurement } from './harness/process.ts';
import { median, rounds } from './harness/rounds.ts';

const JOBS = ['filter', 'by-region', 'by-user', 'join', 'words'] as const;
type Job = (typeof JOBS)[number];

interface Peer {
  readonly name: string;
  /** The arguments of Node that do a job over a folder's files and leave the answer at `target`. */
  readonly words: (job: Job, folder: string, target: string) => readonly string[];
  /** From so many rows on it is not tried: it would not end within reason. */
  readonly upTo: number;
}

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const program =
  (file: string, ...more: readonly string[]): Peer['words'] =>
  (job, folder, target) => [here(`peers/${file}`), job, folder, target, ...more];

const OURS = 'pyscope';
const HAND = 'hand-written (1 thread)';

const PEERS: readonly Peer[] = [
  {
    name: OURS,
    words: (job, folder, target) => [
      here('../bin/pyscope'),
      'run',
      here(`jobs/${job}.scope`),
      '--quiet',
      '--state=none',
      `--param=folder=${folder}`,
      `--param=target=${target}`,
    ],
    upTo: Infinity,
  },
  { name: 'DuckDB', words: program('duckdb.mjs'), upTo: Infinity },
  { name: 'Polars', words: program('polars.mjs'), upTo: Infinity },
  { name: HAND, words: program('hand.mjs'), upTo: Infinity },
  { name: 'hand-written (2 threads)', words: program('hand.mjs', '2'), upTo: Infinity },
  { name: 'papaparse + hand-written', words: program('papaparse.mjs'), upTo: 1_000_000 },
  { name: 'Arquero', words: program('arquero.mjs'), upTo: 1_000_000 },
];

const ANSWER = here('data/answer.csv');
const REFERENCE = here('data/reference.csv');

/** Everything is run once before it is timed: the answers must agree, and the files are then in the system's cache. */
async function agreeing(
  folder: string,
  jobs: readonly Job[],
  peers: readonly Peer[],
  limits: Limits,
): Promise<ReadonlyMap<string, string>> {
  const unable = new Map<string, string>();
  const reference = PEERS.find(({ name }) => name === HAND);
  for (const job of jobs) {
    const made = await measure(reference?.words(job, folder, REFERENCE) ?? [], limits);
    if (made.kind === 'not-measured') throw new Error(`${HAND} did not do ${job}: ${made.why}`);
    for (const peer of peers) {
      rmSync(ANSWER, { force: true });
      const answer = await measure(peer.words(job, folder, ANSWER), limits);
      if (answer.kind === 'not-measured') {
        if (peer.name === OURS) throw new Error(`${OURS} did not do ${job}: ${answer.why}`);
        unable.set(`${job} ${peer.name}`, answer.why);
        continue;
      }
      const differs = difference(ANSWER, REFERENCE, job === 'filter');
      if (differs !== null) throw new Error(`${peer.name} answers ${job} differently: ${differs}`);
    }
  }
  return unable;
}

interface Figures {
  readonly seconds: number;
  readonly peakBytes: number;
}

/** Medians by `job peer`. */
async function figures(rows: number, options: BenchOptions): Promise<ReadonlyMap<string, Figures | string>> {
  const { tell } = options;
  const jobs = JOBS.filter((job) => options.jobs?.includes(job) ?? true);
  const peers = peersAt(rows, options);
  const folder = dataFolder(here('data'), rows);
  const limits = { seconds: options.limitSeconds, bytes: totalmem() * 0.6 };
  tell(`${rows} rows: comparing answers`);
  const unable = await agreeing(folder, jobs, peers, limits);
  const contests = jobs.flatMap((job) =>
    peers
      .filter(({ name }) => !unable.has(`${job} ${name}`))
      .map((peer) => ({ key: `${job} ${peer.name}`, go: () => measure(peer.words(job, folder, ANSWER), limits) })),
  );
  const count = options.rounds ?? (options.quick ? 3 : 5);
  const samples = await rounds<Measurement>(contests, count, (round) =>
    tell(`${rows} rows: round ${round + 1} of ${count}`),
  );
  const answer = new Map<string, Figures | string>(unable);
  for (const [key, all] of samples) {
    const done = all.filter((one): one is Measured => one.kind === 'measured');
    if (done.length < all.length) answer.set(key, 'it failed in a round');
    else {
      answer.set(key, {
        seconds: median(done.map(({ seconds }) => seconds)),
        peakBytes: median(done.map(({ peakBytes }) => peakBytes)),
      });
    }
  }
  return answer;
}

function peersAt(rows: number, { peers }: BenchOptions): readonly Peer[] {
  return PEERS.filter(({ name, upTo }) => name === OURS || (rows <= upTo && (peers?.includes(name) ?? true)));
}

// ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const cell = (one: Figures | string | undefined): string =>
  typeof one === 'object' ? `${one.seconds.toFixed(2)} s, ${megabytes(one)} MB` : `cannot: ${one ?? 'not run'}`;

const megabytes = ({ peakBytes }: Figures): string => (peakBytes / 1e6).toFixed(0);

function table(rows: number, found: ReadonlyMap<string, Figures | string>, options: BenchOptions): string {
  const jobs = JOBS.filter((job) => options.jobs?.includes(job) ?? true);
  const peers = peersAt(rows, options);
  const measured = peers.map(({ name }) => [name, ...jobs.map((job) => cell(found.get(`${job} ${name}`)))]);
  const left = PEERS.filter(({ upTo }) => upTo < rows).map(({ name }) => name);
  const note = left.length === 0 ? '' : `\n\nNot tried at this size: ${left.join(', ')}.`;
  return `### ${rows.toLocaleString('en')} rows\n\n${markdown({ header: ['peer', ...jobs], rows: [...measured, ...ratios(jobs, found)] })}${note}`;
}

interface Ratio {
  readonly name: string;
  readonly of: (job: Job, figure: (peer: string) => Figures) => number;
}

const RATIOS: readonly Ratio[] = [
  {
    name: 'time ÷ the better of DuckDB and Polars',
    of: (_, figure) => figure(OURS).seconds / Math.min(figure('DuckDB').seconds, figure('Polars').seconds),
  },
  { name: 'time ÷ hand-written (1 thread)', of: (_, figure) => figure(OURS).seconds / figure(HAND).seconds },
  { name: 'peak memory ÷ DuckDB', of: (_, figure) => figure(OURS).peakBytes / figure('DuckDB').peakBytes },
];

const UNKNOWN: Figures = { seconds: Number.NaN, peakBytes: Number.NaN };

function ratios(jobs: readonly Job[], found: ReadonlyMap<string, Figures | string>): readonly (readonly string[])[] {
  return RATIOS.map(({ name, of }) => [
    `**${OURS}: ${name}**`,
    ...jobs.map((job) => {
      const ratio = of(job, (peer) => {
        const one = found.get(`${job} ${peer}`);
        return typeof one === 'object' ? one : UNKNOWN;
      });
      return Number.isNaN(ratio) ? '–' : `**${ratio.toFixed(2)}**`;
    }),
  ]);
}

function settings(options: BenchOptions, before: string): string {
  const versions = [
    ['DuckDB', '@duckdb/node-api'],
    ['Polars', 'nodejs-polars'],
    ['Arquero', 'arquero'],
    ['papaparse', 'papaparse'],
  ].map(([name = '', of = '']) => `${name} ${versionOf(of)} (${of})`);
  return [
    `Machine: ${before}; load at the end ${machine().split('load ')[1] ?? '?'}.`,
    `Peers: ${versions.join(', ')}; all with their default number of threads.`,
    `Each figure is the median of ${options.rounds ?? (options.quick ? 3 : 5)} rounds: wall time of the whole process, start-up included, and its peak memory.`,
    'Every peer had its turn in every round, after all answers had been found equal.',
  ].join('\n');
}

export const relational: Bench = {
  name: 'relational',
  about: 'the five relational jobs on CSV',
  async run(options) {
    const before = machine();
    const sizes = options.rows ?? (options.quick ? [20_000, 100_000] : [20_000, 100_000, 1_000_000, 10_000_000]);
    mkdirSync(here('data'), { recursive: true });
    const tables: string[] = [];
    for (const rows of sizes) {
      const text = table(rows, await figures(rows, options), options);
      options.tell(`\n${text}\n`);
      tables.push(text);
    }
    return `${settings(options, before)}\n\n${tables.join('\n\n')}`;
  },
};
