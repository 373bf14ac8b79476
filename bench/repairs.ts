/** What repairs cost: row by row, and through groups beside engines for incremental views. */
import { mkdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { difference } from './answers.ts';
import { wordsFile } from './data.ts';
import type { Bench, BenchOptions } from './harness/bench.ts';
import { machine, versionOf } from './harness/machine.ts';
import { markdown } from './harness/page.ts';
import { measure } from './harness/process.ts';
import type { Limits, Measured, Measurement } from './harness/process.ts';
import { median, rounds } from './harness/rounds.ts';
import type { Contest } from './harness/rounds.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const ANSWER = here('data/repairs-answer.csv');
const REFERENCE = here('data/repairs-reference.csv');

/** How many of a million rows are misspelt. */
const TYPOS = [0, 100, 10_000, 100_000] as const;
const ENGINES = ['map', 'recompute', 'db-ivm', 'd2ts'] as const;
const OURS = 'pyscope';

interface Case {
  readonly rows: number;
  readonly typos: number;
}

type Words = (file: string, target: string) => readonly string[];

const script =
  (job: string): Words =>
  (file, target) => [
    here('../bin/pyscope'),
    'run',
    here(`jobs/${job}.scope`),
    '--quiet',
    '--state=none',
    `--param=file=${file}`,
    `--param=target=${target}`,
  ];

const engine =
  (name: string): Words =>
  (file, target) => [here('peers/counts.mjs'), name, file, target];

const copies = script('copies');
const corrections = script('corrections');

/** Who keeps counts, by name. */
function keepers({ peers }: BenchOptions): readonly (readonly [string, Words])[] {
  const wanted = ENGINES.filter((name) => name === 'map' || (peers?.includes(name) ?? true));
  return [[OURS, script('counts')], ...wanted.map((name) => [name, engine(name)] as const)];
}

interface Figures {
  readonly seconds: number;
  readonly peakBytes: number;
}

const fileOf = ({ rows, typos }: Case): string => wordsFile(here('data'), rows, typos);

/** All keepers of counts must come to what the Map by hand comes to. */
async function agree(one: Case, options: BenchOptions, limits: Limits): Promise<void> {
  await measure(engine('map')(fileOf(one), REFERENCE), limits);
  for (const [name, words] of keepers(options)) {
    rmSync(ANSWER, { force: true });
    const made = await measure(words(fileOf(one), ANSWER), limits);
    if (made.kind === 'not-measured') throw new Error(`${name} did not count: ${made.why}`);
    const differs = difference(ANSWER, REFERENCE, false);
    if (differs !== null) throw new Error(`${name} counts differently: ${differs}`);
  }
}

function contestsOf(one: Case, options: BenchOptions, limits: Limits): readonly Contest<Measurement>[] {
  const file = fileOf(one);
  const go = (words: Words) => () => measure(words(file, ANSWER), limits);
  const corrected = { key: `corrections ${one.typos}`, go: go(corrections) };
  const plain = one.typos === 0 ? [{ key: 'copies', go: go(copies) }] : [];
  const counted = keepers(options).map(([name, words]) => ({ key: `${name} ${one.typos}`, go: go(words) }));
  return [...plain, corrected, ...counted];
}

function figuresOf(samples: ReadonlyMap<string, readonly Measurement[]>): ReadonlyMap<string, Figures> {
  const found = new Map<string, Figures>();
  for (const [key, all] of samples) {
    const done = all.filter((one): one is Measured => one.kind === 'measured');
    if (done.length < all.length) continue;
    const seconds = median(done.map((one) => one.seconds));
    found.set(key, { seconds, peakBytes: median(done.map((one) => one.peakBytes)) });
  }
  return found;
}

// ── Tables ──────────────────────────────────────────────────────────────────────────────────────────────────────────

type Found = ReadonlyMap<string, Figures>;

const cell = (one: Figures | undefined): string =>
  one === undefined ? 'failed' : `${one.seconds.toFixed(2)} s, ${(one.peakBytes / 1e6).toFixed(0)} MB`;

function ratio(found: Found, key: string, to: string): string {
  const [one, other] = [found.get(key), found.get(to)];
  return one === undefined || other === undefined ? '–' : (one.seconds / other.seconds).toFixed(2);
}

function rowByRow(found: Found, cases: readonly Case[]): string {
  const plain = ['no handler', cell(found.get('copies')), '1.00', '1.00'];
  const again = ['no handler, and the whole job again with a corrected file', '–', '2.00', ''];
  const rows = cases.map(({ rows: n, typos }) => [
    typos === 0 ? 'a handler that never fires' : `${typos.toLocaleString('en')} rows corrected`,
    cell(found.get(`corrections ${typos}`)),
    ratio(found, `corrections ${typos}`, 'copies'),
    typos === 0 ? '≤ 1.10' : `≤ ${(1 + (2 * typos) / n).toFixed(2)}`,
  ]);
  return markdown({ header: ['job', 'measured', '÷ no handler', 'target'], rows: [plain, ...rows, again] });
}

function byGroup(found: Found, cases: readonly Case[], options: BenchOptions): string {
  const names = keepers(options).map(([name]) => name);
  const header = ['who', ...cases.map(({ typos }) => `k = ${typos.toLocaleString('en')}`)];
  const rows = names.map((name) => [name, ...cases.map(({ typos }) => cell(found.get(`${name} ${typos}`)))]);
  const ratios = names
    .filter((name) => name !== OURS)
    .map((name) => [
      `**${OURS} ÷ ${name}**`,
      ...cases.map(({ typos }) => `**${ratio(found, `${OURS} ${typos}`, `${name} ${typos}`)}**`),
    ]);
  return markdown({ header, rows: [...rows, ...ratios] });
}

function settings(before: string, options: BenchOptions, count: number): string {
  const versions = ['@tanstack/db-ivm', '@electric-sql/d2ts'].map((name) => `${name} ${versionOf(name)}`);
  return [
    `Machine: ${before}; load at the end ${machine().split('load ')[1] ?? '?'}.`,
    `Peers: ${versions.join(', ')}; ${options.peers === null ? 'all' : options.peers.join(', ')}.`,
    `Each figure is the median of ${count} rounds: wall time of the whole process, start-up and reading the file included, and its peak memory.`,
  ].join('\n');
}

export const repairs: Bench = {
  name: 'repairs',
  about: 'repairs row by row and through groups',
  async run(options) {
    const before = machine();
    const count = options.rounds ?? (options.quick ? 3 : 5);
    const limits = { seconds: options.limitSeconds, bytes: totalmem() * 0.6 };
    mkdirSync(here('data'), { recursive: true });
    const texts: string[] = [];
    for (const rows of options.rows ?? (options.quick ? [100_000] : [1_000_000])) {
      const cases = TYPOS.filter((typos) => typos <= rows / 10).map((typos) => ({ rows, typos }));
      options.tell(`${rows} rows: comparing answers`);
      for (const one of cases) await agree(one, options, limits);
      const contests = cases.flatMap((one) => contestsOf(one, options, limits));
      const samples = await rounds(contests, count, (round) => options.tell(`round ${round + 1} of ${count}`));
      const found = figuresOf(samples);
      const title = `${rows.toLocaleString('en')} rows`;
      texts.push(`### Row by row, ${title}\n\n${rowByRow(found, cases)}`);
      texts.push(`### A count per word, ${title}, k words corrected\n\n${byGroup(found, cases, options)}`);
    }
    return `${settings(before, options, count)}\n\n${texts.join('\n\n')}`;
  },
};
