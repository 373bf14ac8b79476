/** What it costs to keep answers: a model job with the job store and without, what a store takes a second, and what going on with a run saves. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import { open } from 'lmdb';
import { pack } from '../src/runtime/state/packed.ts';
import { openStore } from '../src/runtime/state/open.ts';
import type { StoreChoice } from '../src/runtime/state/open.ts';
import type { JobStart } from '../src/runtime/state/store.ts';
import type { Bench, BenchOptions } from './harness/bench.ts';
import { machine } from './harness/machine.ts';
import { markdown } from './harness/page.ts';
import { measure } from './harness/process.ts';
import type { Measured } from './harness/process.ts';
import { median, rounds } from './harness/rounds.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const BIN = here('../bin/pyscope');
const FOLDER = here('data/state');
const JOB = 'bench';
const PREFIX = `pyscope-bench-${process.pid}`;
const LIMITS = { seconds: 600, bytes: 8e9 };

function texts(rows: number): string {
  const words = ['film', 'good', 'bad', 'never', 'again', 'plot', 'actor', 'boring', 'loved', 'music', 'the', 'was'];
  const line = (row: number): string =>
    Array.from({ length: 5 + (row % 11) }, (_, at) => words[(row * 7 + at * (1 + (row % 5))) % words.length]).join(' ');
  return Array.from({ length: rows }, (_, row) => `${line(row)} ${row}\n`).join('');
}

function words(state: string, ...more: readonly string[]): readonly string[] {
  const script = here('jobs/state.scope');
  return [
    BIN,
    'run',
    script,
    '--quiet',
    '--no-cache',
    `--param=folder=${FOLDER}`,
    `--param=target=${FOLDER}/out.csv`,
    `--state=${state}`,
    ...more,
  ];
}

async function timed(arguments_: readonly string[]): Promise<Measured> {
  const measured = await measure(arguments_, LIMITS);
  if (measured.kind === 'measured') return measured;
  throw new Error(measured.why);
}

async function answersIn(folder: string): Promise<number> {
  const store = await openStore({ kind: 'embedded', folder, asked: true });
  const { length } = await store.committed(JOB);
  await store.close();
  return length;
}

/** A run that was killed as soon as half of all answers were kept; its folder is copied for each go. Gives how many were kept in the end. */
async function halfDone(folder: string, all: number): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  const child = spawn(process.execPath, [...words(folder, `--job=${JOB}`)], { stdio: 'ignore' });
  const ended = once(child, 'close');
  const store = await openStore({ kind: 'embedded', folder, asked: true });
  while (child.exitCode === null && (await store.committed(JOB)).length < all / 2) await pause(5);
  child.kill('SIGKILL');
  await ended;
  await store.close();
  return answersIn(folder);
}

// ── A whole job ─────────────────────────────────────────────────────────────────────────────────────────────────────

async function jobs({ rows, quick, rounds: wanted, tell }: BenchOptions, redis: string | null): Promise<string> {
  const count = rows?.[0] ?? (quick ? 10_000 : 40_000);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(`${FOLDER}/texts.txt`, texts(count));
  const embedded = `${FOLDER}/.pyscope`;
  const half = `${FOLDER}/half`;
  await timed(words(embedded, `--job=${JOB}`, '--keep'));
  const expected = readFileSync(`${FOLDER}/out.csv`);
  const all = await answersIn(embedded);
  const kept = await halfDone(half, all);
  const goes = [
    { key: 'off', go: () => timed(words('none')) },
    { key: 'embedded', go: () => timed(words(embedded, `--job=${JOB}`)) },
    ...(redis === null ? [] : [{ key: 'Redis', go: () => timed(words(redis, `--job=${JOB}`)) }]),
    {
      key: 'resume',
      go: () => {
        rmSync(`${half}-copy`, { recursive: true, force: true });
        cpSync(half, `${half}-copy`, { recursive: true });
        return timed(words(`${half}-copy`, `--resume=${JOB}`));
      },
    },
  ];
  const samples = await rounds(goes, wanted ?? (quick ? 3 : 5), (round) => tell(`round ${round + 1}`));
  if (!readFileSync(`${FOLDER}/out.csv`).equals(expected)) throw new Error('going on with a run gave other bytes');
  const middle = (key: string): number => median((samples.get(key) ?? []).map((one) => one.seconds));
  const off = middle('off');
  const table = goes.map(({ key }) => [key, middle(key).toFixed(2), (middle(key) / off).toFixed(3)]);
  return `${count.toLocaleString('en')} texts, TextClassifier over samples/models/sentiment-en, whole process; \`resume\`: a run killed when half of its answers were kept (${kept} of ${all} calls of the model in the end) is gone on with.\n\n${markdown({ header: ['state', 'seconds', '÷ off'], rows: table })}`;
}

/** What a run leaves in Redis, and what is left when it is removed. */
async function inRedis(redis: string, rows: number): Promise<string> {
  await timed(words(redis, `--job=${JOB}-kept`, '--keep'));
  const client = new Redis(redis.replace(/\?.*/, ''));
  const bytesOf = async (key: string): Promise<number> => Number(await client.memory('USAGE', key, 'SAMPLES', 0));
  const ours = async (): Promise<readonly string[]> => client.keys(`{${PREFIX}}*`);
  const bytes = await Promise.all((await ours()).filter((key) => key.includes(':answers:')).map(bytesOf));
  const kept = bytes.reduce((sum, one) => sum + one, 0);
  const rm = spawn(process.execPath, [BIN, 'jobs', 'rm', `${JOB}-kept`, JOB, `--state=${redis}`], { stdio: 'inherit' });
  await once(rm, 'close');
  const left = (await ours()).filter((key) => !key.endsWith(':epoch'));
  await client.del(...(await ours()));
  client.disconnect();
  return `Redis holds ${(kept / rows).toFixed(1)} bytes a row of answers under \`--keep\`; after \`jobs rm\` ${left.length} keys of jobs are left.`;
}

// ── A store ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const BATCH = 1000;

/** Six columns, as numbers.md has them. */
function batch(at: number): Uint8Array {
  const number = (scale: number): Float64Array => Float64Array.from({ length: BATCH }, (_, row) => row * scale + at);
  const string = (make: (row: number) => string): string[] => Array.from({ length: BATCH }, (_, row) => make(row));
  return pack({
    digest: 0,
    asked: BATCH,
    milliseconds: 0,
    drawn: 0,
    length: BATCH,
    origins: null,
    carried: [],
    failures: [],
    repairs: [],
    vectors: [
      { kind: 'number', values: number(1), nulls: null },
      { kind: 'string', values: string((row) => `user${row}`) },
      { kind: 'string', values: string((row) => (row % 2 === 0 ? 'POSITIVE' : 'NEGATIVE')) },
      { kind: 'number', values: number(0.37), nulls: null },
      { kind: 'int', values: Int32Array.from({ length: BATCH }, (_, row) => row), nulls: null },
      { kind: 'string', values: string((row) => `some words of row ${row}`) },
    ],
  });
}

const START: JobStart = {
  id: 'bench-commits',
  script: 'bench',
  scriptPath: '',
  planFingerprint: '',
  parameters: [],
  scripts: [],
  inputs: [],
  modules: [],
  models: [],
  options: { batchRows: BATCH },
  startedAt: 0,
  owner: 'bench',
  process: '',
};

/** Batches in one step: what gathers while a step is under way. */
const TOGETHER = 20;

async function perSecond(batches: number, write: (from: number, to: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  for (let at = 0; at < batches; at += TOGETHER) await write(at, at + TOGETHER);
  return (batches * BATCH * 1000) / (performance.now() - began);
}

/** Rows a second, packing included, by the store and by its client alone. */
async function commits(choice: Exclude<StoreChoice, { readonly kind: 'none' }>, batches: number): Promise<number> {
  const store = await openStore(choice);
  const lease = await store.begin(START);
  const rate = await perSecond(batches, (from, to) =>
    store.commit(
      lease,
      Array.from({ length: to - from }, (_, at) => ({ key: `1.0/${from + at}/0/0`, bytes: batch(from + at) })),
    ),
  );
  await store.finish(lease, { outcome: 'done', at: 0, report: null }, 'drop');
  await store.remove(START.id);
  await store.close();
  return rate;
}

async function plainLmdb(batches: number): Promise<number> {
  const path = `${FOLDER}/plain.mdb`;
  rmSync(path, { force: true });
  const database = open<Buffer, number>({ path, encoding: 'binary' });
  const rate = await perSecond(batches, async (from, to) => {
    await database.transaction(() => {
      for (let at = from; at < to; at += 1) void database.put(at, Buffer.from(batch(at)));
    });
    await database.flushed;
  });
  await database.close();
  return rate;
}

async function plainRedis(url: string, batches: number): Promise<number> {
  const client = new Redis(url.replace(/\?.*/, ''));
  const key = `{${PREFIX}}:plain`;
  const rate = await perSecond(batches, async (from, to) => {
    const pipeline = client.pipeline();
    for (let at = from; at < to; at += 1) pipeline.hset(key, String(at), Buffer.from(batch(at)));
    await pipeline.exec();
  });
  await client.del(key);
  client.disconnect();
  return rate;
}

async function stores({ quick, tell }: BenchOptions, redis: string | null): Promise<string> {
  const batches = quick ? 400 : 2000;
  const folder = `${FOLDER}/commits`;
  rmSync(folder, { recursive: true, force: true });
  const goes = [
    { key: 'lmdb alone', go: () => plainLmdb(batches) },
    { key: 'embedded', go: () => commits({ kind: 'embedded', folder, asked: true }, batches) },
    ...(redis === null
      ? []
      : [
          { key: 'ioredis alone', go: () => plainRedis(redis, batches) },
          { key: 'Redis', go: () => commits({ kind: 'redis', address: redis, objects: `${FOLDER}/objects` }, batches) },
        ]),
  ];
  const samples = await rounds(goes, 5, (round) => tell(`stores, round ${round + 1}`));
  const middle = (key: string): number => median(samples.get(key) ?? []);
  const ratio = (ours: string, alone: string): string => (middle(ours) / middle(alone)).toFixed(2);
  const row = (ours: string, alone: string): readonly string[] => [
    ours,
    Math.round(middle(ours)).toLocaleString('en'),
    Math.round(middle(alone)).toLocaleString('en'),
    ratio(ours, alone),
  ];
  const rows = [row('embedded', 'lmdb alone'), ...(redis === null ? [] : [row('Redis', 'ioredis alone')])];
  return markdown({ header: ['store', 'rows/s committed', 'rows/s packed by its client alone', 'ratio'], rows });
}

async function redisAddress(): Promise<string | null> {
  const url = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  client.on('error', () => undefined);
  const answers = await client.connect().then(
    () => true,
    () => false,
  );
  client.disconnect();
  return answers ? `${url}?prefix=${PREFIX}` : null;
}

export const state: Bench = {
  name: 'state',
  about: 'what keeping answers costs, and what going on with a run saves',
  run: async (options) => {
    const redis = await redisAddress();
    if (redis === null) options.tell('no Redis answers: only the embedded store is measured');
    const whole = await jobs(options, redis);
    const rows = options.rows?.[0] ?? (options.quick ? 10_000 : 40_000);
    const kept = redis === null ? '' : await inRedis(redis, rows);
    const rates = await stores(options, redis);
    if (existsSync(FOLDER)) rmSync(FOLDER, { recursive: true });
    return [machine(), whole, kept, rates].filter((part) => part !== '').join('\n\n');
  },
};
