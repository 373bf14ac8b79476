/** A Redis that is killed, stopped, full, flushed, made a replica or taken over while a job runs: bin/pyscope as a process, and a server of the test's own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { seededRandom } from '../../src/runtime/operators/random.ts';
import { thisOwner } from '../../src/runtime/state/owner.ts';
import { keysUnder } from '../../src/runtime/state/redis/keys.ts';
import { redisStore } from '../../src/runtime/state/redis/store.ts';
import { startRedis } from '../runtime/state/redis-server.ts';
import type { OwnRedis } from '../runtime/state/redis-server.ts';
import { LONG, SEED } from '../support/seed.ts';
import { folderWith, pyscope } from './pyscope.ts';
import type { Ended } from './pyscope.ts';
import { ARGS, FILES, OUTPUTS } from './resume-job.ts';

/** In the long run each fault comes so often, each time at another instant of the job. */
const TIMES = LONG ? Number(process.env['PYSCOPE_TIMES'] ?? 20) : 1;
const random = seededRandom(`redis trouble ${SEED}`);
/** How long after its first call a job is hit at most, in milliseconds: much is still to be kept then. */
const LATEST = LONG ? 400 : 0;

/** Longer than a silence that is not told. */
const AWAY = 2600;
const keys = keysUnder('pyscope');
const UNTOUCHED = OUTPUTS.map(() => 'of before');

describe('a job whose Redis', function () {
  this.timeout(LONG ? 120_000 : 30_000);
  let [folder, expected]: [string, readonly string[]] = ['', []];
  let remove = async (): Promise<void> => {};
  let server: OwnRedis;
  let client: Redis;

  const outputs = async (): Promise<readonly string[]> =>
    Promise.all(OUTPUTS.map((name) => readFile(join(folder, name), 'utf8')));

  before(async function () {
    const started = await startRedis('--appendonly', 'yes');
    if (started === null) {
      console.warn('\n    SKIPPED: no redis-server in PATH to bring into trouble\n');
      this.skip();
    }
    server = started;
    client = new Redis(server.url);
    client.on('error', () => {});
    const undisturbed = await folderWith(FILES);
    ({ folder } = undisturbed);
    expect(await pyscope([...ARGS, '--state', 'none'], { folder })).to.deep.equal({ code: 0, err: '', out: '' });
    expected = await outputs();
    await undisturbed.remove();
  });
  beforeEach(async () => {
    ({ folder, remove } = await folderWith({
      ...FILES,
      ...Object.fromEntries(OUTPUTS.map((name) => [name, 'of before'])),
    }));
  });
  afterEach(async () => {
    await client.config('SET', 'maxmemory', '0');
    await client.flushall();
    await remove();
  });
  after(async () => {
    client?.disconnect();
    await server?.stop();
  });

  const start = ['--job', 'j', '--no-cache'];
  /** Runs the job; the fault comes when an operator was first asked. What the operators say is taken out of the errors. */
  async function disturbed(fault: () => Promise<unknown>, args: readonly string[] = start): Promise<Ended> {
    let done: Promise<unknown> = Promise.reject(new Error('the fault never came'));
    done.catch(() => {});
    const after = random() * LATEST;
    const act = (): void => void (done = pause(after).then(fault));
    const env = { PACE: '80', TELL: 'yes' };
    const ended = await pyscope([...ARGS, '--state', server.url, ...args], {
      folder,
      when: { err: 'asked', act },
      env,
    });
    await done;
    return { ...ended, err: ended.err.replaceAll('asked\n', '') };
  }
  async function resumes(): Promise<void> {
    const { code, err } = await pyscope([...ARGS, '--state', server.url, '--no-cache', '--resume', 'j'], { folder });
    expect({ code, err }).to.deep.equal({ code: 0, err: '' });
    expect(await outputs()).to.deep.equal(expected);
  }
  async function goesOn({ code, err }: Ended): Promise<void> {
    expect(err).to.match(
      /^Redis at redis:\/\/127\.0\.0\.1:\d+ does not answer; waiting \(since \d+ s\), for 5 min at most\nRedis at \S+ answers again, after \d+ s; the job goes on\n$/,
    );
    expect(code).to.equal(0);
    expect(await outputs()).to.deep.equal(expected);
    const store = await redisStore(server.url);
    const record = await store.read('j');
    await store.close();
    expect(record?.end?.outcome).to.equal('done');
    expect(record?.outputs).to.have.length(OUTPUTS.length);
    const calls = (await readFile(join(folder, 'calls.log'), 'utf8'))
      .split('\n')
      .filter((call) => /^(Label|Count)/.test(call));
    expect(new Set(calls).size, 'calls that were made twice').to.equal(calls.length);
  }
  async function stopsWith({ code, err }: Ended, said: RegExp): Promise<void> {
    expect(err).to.match(said);
    expect(err).to.not.include('warning');
    expect(code).to.equal(1);
    expect(await outputs()).to.deep.equal(UNTOUCHED);
  }

  const each = (what: string, body: () => Promise<void>): void => {
    for (let time = 1; time <= TIMES; time += 1) it(TIMES === 1 ? what : `${what} (${time})`, body);
  };

  each('is killed and started again waits for it, says so once, and goes on', async () => {
    const killed = async (): Promise<void> => {
      await server.kill();
      await pause(AWAY);
      await server.restart();
    };
    await goesOn(await disturbed(killed));
  });

  each('hangs waits for it, says so once, and goes on', async () => {
    const hung = async (): Promise<void> => {
      server.signal('SIGSTOP');
      await pause(AWAY);
      server.signal('SIGCONT');
    };
    await goesOn(await disturbed(hung));
  });

  each('is full stops, publishes nothing, and can be gone on with', async () => {
    const ended = await disturbed(() => client.config('SET', 'maxmemory', '1mb'));
    await stopsWith(ended, /PR6017: Redis at \S+ is out of memory: .*raise maxmemory/s);
    await client.config('SET', 'maxmemory', '0');
    await resumes();
  });

  each('has become a replica stops, publishes nothing, and can be gone on with', async () => {
    // Its data stay: no primary ever answers.
    const ended = await disturbed(() => client.replicaof('127.0.0.1', '1'));
    await client.replicaof('NO', 'ONE');
    await stopsWith(ended, /PR6015: Redis at \S+ is a replica: /);
    await resumes();
  });

  each('was flushed stops and publishes nothing', async () => {
    await stopsWith(await disturbed(() => client.flushall()), /PR6018: job j is gone from redis:.*appendonly yes/s);
  });

  each('was flushed publishes nothing, also where there is no answer to keep any more', async () => {
    const flushedLate = async (): Promise<void> => {
      while ((await client.hlen(keys.answers('j'))) === 0) await pause(5);
      await client.flushall();
    };
    await stopsWith(await disturbed(flushedLate), /PR6018: job j is gone/);
  });

  each('was told that another process owns the job stops and publishes nothing', async () => {
    const takenOver = async (): Promise<void> => {
      await client.hset(keys.job('j'), 'leaseUntil', 0);
      const store = await redisStore(server.url);
      const { lease } = await store.resume('j', { ...thisOwner(), owner: 'another' });
      await store.renew(lease);
      await store.close();
    };
    await stopsWith(await disturbed(takenOver), /PR6005: job j was taken over by another process/);
    expect(await client.hget(keys.job('j'), 'owner')).to.equal('another');
  });

  each('may throw state away is refused, and no operator is asked', async () => {
    const policies = ['allkeys-lru', 'volatile-lru', 'allkeys-random', 'volatile-ttl', 'allkeys-lfu'];
    const policy = policies[Math.floor(random() * policies.length)] ?? '';
    await client.config('SET', 'maxmemory-policy', policy);
    try {
      const ended = await pyscope([...ARGS, '--state', server.url, ...start], { folder });
      await stopsWith(ended, new RegExp(`PR6013: .*maxmemory-policy is ${policy}`));
      expect(await readFile(join(folder, 'calls.log'), 'utf8').catch(() => 'none')).to.equal('none');
    } finally {
      await client.config('SET', 'maxmemory-policy', 'noeviction');
    }
  });
});
