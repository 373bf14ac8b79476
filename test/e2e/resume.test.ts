/** Runs that are interrupted or killed, and gone on with: bin/pyscope as a process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { embeddedStore } from '../../src/runtime/state/embedded/store.ts';
import { redisStore } from '../../src/runtime/state/redis/store.ts';
import type { StateStore } from '../../src/runtime/state/store.ts';
import { findRedis } from '../runtime/state/redis-server.ts';
import type { TestRedis } from '../runtime/state/redis-server.ts';
import { seededRandom } from '../../src/runtime/operators/random.ts';
import { BIN, folderWith, pyscope } from './pyscope.ts';
import type { Ended, Setting } from './pyscope.ts';
import { ARGS, committedCalls, FILES, OUTPUTS } from './resume-job.ts';

const LONG = process.env['PYSCOPE_LONG'] === '1';
/** Jobs that are killed, over both stores; a quarter of them once more while they are gone on with. */
const KILLS = Number(process.env['PYSCOPE_KILLS'] ?? (LONG ? 400 : 20));
const AT_ONCE = LONG ? 2 : 3;
const SEED = process.env['PYSCOPE_SEED'] ?? (LONG ? String(Date.now() % 1e6) : '');

async function outputsIn(folder: string): Promise<readonly string[]> {
  return Promise.all(OUTPUTS.map((name) => readFile(join(folder, name), 'utf8').catch(() => 'not there')));
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** Starts a run and kills it some milliseconds after it began, or after its operators did; its exit code where it ended before. */
async function killed(
  folder: string,
  args: readonly string[],
  calls: string,
  { from, after }: { readonly from: 'start' | 'work'; readonly after: number },
): Promise<number | null> {
  const env = { ...process.env, CALLS: join(folder, calls) };
  const child = spawn(process.execPath, [BIN, ...args], { cwd: folder, env, stdio: 'ignore' });
  const ended = once(child, 'close');
  if (from === 'work') while (child.exitCode === null && !existsSync(env.CALLS)) await pause(5);
  await Promise.race([ended, pause(after)]);
  child.kill('SIGKILL');
  await ended;
  return child.exitCode;
}

let expected: readonly string[] = [];
/** How long a run takes here and now, and its operators. */
let whole = 0;
let work = 0;

async function undisturbed(): Promise<void> {
  if (expected.length > 0) return;
  const { folder, remove } = await folderWith(FILES);
  const before = Date.now();
  const { code, err } = await pyscope(ARGS, { folder });
  whole = Date.now() - before;
  work = Date.now() - (await stat(join(folder, 'calls.log'))).birthtimeMs;
  expect({ code, err }).to.deep.equal({ code: 0, err: '' });
  expected = await outputsIn(folder);
  expect(expected).to.not.include('not there');
  await remove();
}

interface Crashed {
  readonly kills: number;
  /** Runs that ended before they were to be killed. */
  readonly finished: number;
  /** Calls that were in the store when the process died. */
  readonly committed: number;
}

/** One job that is killed at a random instant, perhaps once more while it is gone on with, and then run to its end. */
async function crash(
  seed: string,
  state: readonly string[],
  open: (folder: string) => Promise<StateStore>,
): Promise<Crashed> {
  const random = seededRandom(seed);
  const { folder, remove } = await folderWith(FILES);
  const resume = [...ARGS, ...state, '--resume', 'the-job'];
  let [args, kills, finished, seen] = [[...ARGS, ...state, '--job', 'the-job'], 0, 0, 0];
  const when = (): { readonly from: 'start' | 'work'; readonly after: number } =>
    random() < 0.2 ? { from: 'start', after: random() * whole } : { from: 'work', after: random() * work };
  const times = random() < 0.25 ? 2 : 1;
  for (let time = 1; time <= times; time += 1) {
    const code = await killed(folder, args, `calls-${time}.log`, when());
    const outputs = await outputsIn(folder);
    if (code === 0) finished += 1;
    else kills += 1;
    if (code !== 0)
      outputs.forEach((text, at) => expect(['not there', expected[at]], `${seed}: ${OUTPUTS[at]}`).to.include(text));
    if (code === 0) break;
    const store = await open(folder);
    const record = await store.read('the-job');
    const committed = await committedCalls(store, 'the-job');
    await store.close();
    seen += committed.size;
    args = record === null ? [...ARGS, ...state, '--job', 'the-job'] : resume;
    if (time < times) continue;
    if (record?.end?.outcome === 'done') break;
    const { code: last, err } = await pyscope(args, { folder, env: { CALLS: join(folder, 'last.log') } });
    expect({ code: last, err }, seed).to.deep.equal({ code: 0, err: '' });
    const repeated = (await linesOf(join(folder, 'last.log'))).filter((call) => committed.has(call));
    expect(repeated, `${seed}: committed calls that were made again`).to.deep.equal([]);
  }
  expect(await outputsIn(folder), seed).to.deep.equal(expected);
  expect(
    (await readdir(folder)).filter((name) => name.endsWith('.tmp') && finished > 0),
    seed,
  ).to.deep.equal([]);
  await remove();
  return { kills, finished, committed: seen };
}

async function crashes(
  name: string,
  state: (at: number) => readonly string[],
  open: (at: number) => (folder: string) => Promise<StateStore>,
): Promise<void> {
  const results: Crashed[] = [];
  const waiting = Array.from({ length: KILLS / 2 }, (_, at) => at);
  const worker = async (): Promise<void> => {
    for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
      results.push(await crash(`${name} ${SEED}${SEED === '' ? '' : ' '}${at}`, state(at), open(at)));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const sum = (facts: readonly number[]): number => facts.reduce((total, fact) => total + fact, 0);
  const kills = sum(results.map((one) => one.kills));
  const committed = sum(results.map((one) => one.committed));
  if (LONG) {
    const facts = `${results.length} jobs, ${kills} kills, ${committed} calls committed before them`;
    console.warn(`\n    ${name}: seed ${SEED}: ${facts}\n`);
  }
  expect(sum(results.map(({ finished }) => finished)), 'runs that ended before they were killed').to.be.below(
    KILLS * 0.4,
  );
  expect(committed, 'calls that were in the store').to.be.greaterThan(KILLS * 2);
}

describe('a run that is killed at a random instant and gone on with writes the same bytes, and makes no committed call again', function () {
  this.timeout(LONG ? 3_600_000 : 120_000);
  before(undisturbed);

  it('with the embedded store', () =>
    crashes(
      'embedded',
      () => [],
      () => (folder) => embeddedStore(join(folder, '.pyscope')),
    ));

  it('with Redis', async function () {
    const redis: TestRedis | null = await findRedis();
    if (redis === null) this.skip();
    const address = (at: number): string => `${redis.url}?prefix=pyscope-crash-${process.pid}-${at}`;
    try {
      await crashes(
        'Redis',
        (at) => ['--state', address(at)],
        (at) => () => redisStore(address(at)),
      );
    } finally {
      const client = new Redis(redis.url);
      const keys = await client.keys(`{pyscope-crash-${process.pid}-*`);
      if (keys.length > 0) await client.del(...keys);
      client.disconnect();
      await redis.stop();
    }
  });
});

describe('pyscope run --resume', () => {
  let folder = '';
  let remove = async (): Promise<void> => {};
  before(undisturbed);
  beforeEach(async () => {
    ({ folder, remove } = await folderWith(FILES));
  });
  afterEach(() => remove());

  const call = (args: readonly string[], setting: Setting = {}): Promise<Ended> =>
    pyscope(args, { folder, ...setting });
  /** Interrupts a run when its operators have been asked a few times. */
  async function interrupted(args: readonly string[], signal: NodeJS.Signals): Promise<Ended> {
    const act = (kill: (signal: NodeJS.Signals) => void): void => void setTimeout(() => kill(signal), 150);
    return call(args, { when: { err: 'asked', act }, env: { PACE: '60', TELL: 'yes' } });
  }
  const RUN = ['run', 'job.scope', '--batch', '5', '-p', 'in=in.csv'];

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`goes on with a run that ${signal} ended, by the command that it was told`, async () => {
      const first = await interrupted([...RUN, '--job', 'j'], signal);
      expect(first.code).to.equal(130);
      expect(await outputsIn(folder)).to.deep.equal(OUTPUTS.map(() => 'not there'));
      const [, command = ''] = /to go on: pyscope (.*)\n/.exec(first.err) ?? [];
      expect(command).to.equal('run job.scope -p in=in.csv --resume j');
      const asked = await linesOf(join(folder, 'calls.log'));
      const second = await call(command.split(' '));
      expect(second.code).to.equal(0);
      expect(second.err).to.match(/\d+ answers for \d+ rows came from the job's store/);
      expect(await outputsIn(folder)).to.deep.equal(expected);
      const all = await linesOf(join(folder, 'calls.log'));
      // What was under way was finished and kept: so nothing at all is asked twice.
      const repairs = all.filter((one) => !one.startsWith('Repair'));
      expect(new Set(repairs).size).to.equal(repairs.length);
      expect(all.length).to.be.greaterThan(asked.length);
    });
  }

  it('finds the latest run of the script, or of the folder, by itself', async () => {
    await interrupted(RUN, 'SIGINT');
    const { code, out } = await call(['run', '--resume', '-p', 'in=in.csv']);
    expect({ code, done: out.includes('done in') }).to.deep.equal({ code: 0, done: true });
    const none = await call(['run', '--resume', 'job.scope']);
    expect(none.code).to.equal(2);
    expect(none.err).to.match(/^error: there is no run of job\.scope in \.pyscope that could be gone on with; .*\n$/);
  });

  it('is what a run that starts anew tells of, in one line', async () => {
    await interrupted([...RUN, '--job', 'first'], 'SIGINT');
    const { code, err } = await call([...RUN, '--json']);
    expect(code).to.equal(0);
    expect(err).to.match(
      /^note: this run starts anew; --resume first goes on with the one of [-\d]+ [\d:]+ UTC, which did not end\n$/,
    );
    expect(await call([...RUN, '--quiet'])).to.deep.equal({ code: 0, out: '', err: '' });
    expect((await call(['jobs', 'ls'])).out)
      .to.include('first')
      .and.include('interrupted')
      .and.include('done');
  });

  it('is not needed for what a killed run left beside its outputs to go: the next run of the script takes it away', async () => {
    await killed(folder, [...RUN, '--job', 'dead'], 'calls.log', { from: 'work', after: 100 });
    await writeFile(join(folder, '.lines.csv.dead.old'), 'of before');
    const hidden = async (): Promise<readonly string[]> =>
      (await readdir(folder)).filter((name) => name.startsWith('.') && name !== '.pyscope');
    expect((await hidden()).length).to.be.greaterThan(1);
    expect((await call([...RUN, '--quiet'])).err).to.equal('');
    expect(await hidden()).to.deep.equal([]);
  });

  it('refuses what has changed, and names it', async () => {
    await interrupted([...RUN, '--job', 'j'], 'SIGINT');
    const refusal = async (args: readonly string[] = []): Promise<string> => {
      const { code, err } = await call([...RUN, '--quiet', '--resume', 'j', ...args]);
      expect(code, err).to.equal(1);
      return err;
    };
    await writeFile(join(folder, 'operators.ts'), `${FILES['operators.ts']}// other`);
    await writeFile(join(folder, 'other.csv'), FILES['in.csv'] ?? '');
    const said = await refusal(['-p', 'in=other.csv', '--no-opt']);
    expect(said).to.match(/PR6011: .*\n +the parameter @in was "in\.csv" and is "other\.csv"\n/);
    expect(said).to.match(/\n +the input .*in\.csv is not there any more\n +the input .*other\.csv is new\n/);
    expect(said).to.match(/\n +the module operators\.ts has changed\n/);
    expect((await call(['jobs', 'show', 'j'])).code).to.equal(0);
  });

  it('refuses a job that is done, one that nobody knows and one that another process holds, each with its cure', async () => {
    expect((await call([...RUN, '--quiet', '--job', 'done'])).code).to.equal(0);
    const refusal = async (id: string): Promise<string> => (await call([...RUN, '--quiet', '--resume', id])).err;
    expect(await refusal('done')).to.match(/PR6010: job done is done.*help: run the script without --resume/s);
    expect(await refusal('nobody')).to.match(/PR6009: there is no job nobody.*help: pyscope jobs ls/s);
    const store = await embeddedStore(join(folder, '.pyscope'));
    const record = await store.read('done');
    if (record === null) throw new Error('it was recorded');
    await store.begin({ ...record, id: 'held', owner: 'elsewhere, process 7', process: '' });
    expect(await refusal('held')).to.match(/PR6004: job held is being run by elsewhere, process 7/);
    await store.close();
  });

  it('removes the answers of a job with its record', async () => {
    await interrupted([...RUN, '--job', 'j'], 'SIGINT');
    expect((await call(['jobs', 'rm', 'j'])).code).to.equal(0);
    const store = await embeddedStore(join(folder, '.pyscope'));
    expect(await store.committed('j')).to.deep.equal([]);
    await store.close();
  });
});
