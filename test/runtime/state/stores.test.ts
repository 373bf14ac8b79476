import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { embeddedStore } from '../../../src/runtime/state/embedded/store.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import { chooseStore } from '../../../src/runtime/state/open.ts';
import { redisStore } from '../../../src/runtime/state/redis/store.ts';
import type { StateStore } from '../../../src/runtime/state/store.ts';
import { behavesAsStore, faultOf, LEASE, me, start } from './conformance.ts';
import { findRedis, freePort, startRedis } from './redis-server.ts';
import type { TestRedis } from './redis-server.ts';

const settings = { leaseMilliseconds: LEASE };

describe('the memory store', () => {
  let store: StateStore;
  beforeEach(() => {
    store = memoryStore(settings);
  });
  behavesAsStore(async () => store);
});

describe('the embedded store', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-state-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  behavesAsStore(() => embeddedStore(join(folder, '.pyscope'), settings));

  it('keeps jobs when it is closed and opened again', async () => {
    const first = await embeddedStore(folder, settings);
    await first.begin(start('a'));
    await first.close();
    const second = await embeddedStore(folder, settings);
    expect(await second.read('a')).to.include({ id: 'a' });
    await second.close();
  });

  it('keeps itself out of repositories', async () => {
    const store = await embeddedStore(join(folder, '.pyscope'), settings);
    await store.close();
    expect(await readFile(join(folder, '.pyscope', '.gitignore'), 'utf8')).to.equal('*\n');
  });

  it('says which folder cannot be used', async () => {
    await writeFile(join(folder, 'file'), '');
    expect(await faultOf(embeddedStore(join(folder, 'file'), settings))).to.equal('PR6001');
  });

  it('refuses a file that is no database', async () => {
    await writeFile(join(folder, 'state.mdb'), 'not a database '.repeat(1000));
    expect(await faultOf(embeddedStore(folder, settings))).to.equal('PR6001');
  });
});

describe('the Redis store', () => {
  const prefix = `pyscope-test-${process.pid}`;
  let redis: TestRedis;

  async function clear(): Promise<void> {
    const client = new Redis(redis.url);
    const keys = await client.keys(`{${prefix}}*`);
    if (keys.length > 0) await client.del(...keys);
    client.disconnect();
  }

  before(async function () {
    const found = await findRedis();
    if (found === null) {
      console.warn('\n    SKIPPED: no Redis to test with: set REDIS_URL, start one on 6379 or install redis-server\n');
      this.skip();
    }
    redis = found;
  });
  afterEach(clear);
  after(async () => {
    await redis?.stop();
  });

  behavesAsStore(() => redisStore(`${redis.url}?prefix=${prefix}`, settings));

  it('keeps all of its keys under its prefix', async () => {
    const client = new Redis(redis.url);
    const before = await client.dbsize();
    const store = await redisStore(`${redis.url}?prefix=${prefix}`, settings);
    const lease = await store.begin(start('a'));
    await store.recordOutput(lease, { path: 'o', rows: 1, bytes: 1, sha256: '' });
    await store.commit(lease, [{ key: 'k', bytes: Buffer.from('v') }]);
    expect(await client.keys(`{${prefix}}*`)).to.have.length((await client.dbsize()) - before);
    await store.close();
    client.disconnect();
  });
});

describe('keys in Redis', () => {
  const prefix = `pyscope-life-${process.pid}`;

  it('of a job that is not done have an end of life, those of one that is done have none', async function () {
    const redis = await findRedis();
    if (redis === null) this.skip();
    const client = new Redis(redis.url);
    const store = await redisStore(`${redis.url}?prefix=${prefix}`, settings);
    const lives = async (): Promise<readonly number[]> =>
      Promise.all(
        (await client.keys(`{${prefix}}:*:a`)).toSorted().map(async (key) => Math.sign(await client.pttl(key))),
      );
    try {
      const lease = await store.begin(start('a'));
      await store.recordOutput(lease, { path: 'o', rows: 1, bytes: 1, sha256: '' });
      await store.commit(lease, [{ key: 'k', bytes: Buffer.from('v') }]);
      expect(await lives()).to.deep.equal([1, 1, 1]);
      await store.finish(lease, { outcome: 'interrupted', at: 1, report: null }, 'keep');
      expect(await lives()).to.deep.equal([1, 1, 1]);
      const again = await store.resume('a', me);
      await store.finish(again.lease, { outcome: 'done', at: 1, report: null }, 'keep');
      expect(await lives()).to.deep.equal([-1, -1]);
      await store.remove('a');
      expect(await lives()).to.deep.equal([]);
    } finally {
      await client.del(...(await client.keys(`{${prefix}}*`)));
      await store.close();
      client.disconnect();
      await redis.stop();
    }
  });
});

describe('a Redis that cannot be had', () => {
  async function messageOf(address: string): Promise<string> {
    try {
      await (await redisStore(address)).close();
    } catch (thrown) {
      return thrown instanceof Error ? thrown.message : String(thrown);
    }
    return 'no error';
  }

  it('is named, with why and without the password', async () => {
    const address = `redis://me:s3cret%2F@127.0.0.1:${await freePort()}/2`;
    expect(await faultOf(redisStore(address))).to.equal('PR6002');
    const message = await messageOf(address);
    expect(message).to.match(/cannot reach Redis at redis:\/\/me:\*\*\*@127\.0\.0\.1:\d+\/2: nothing listens there/);
    expect(message).to.not.include('s3cret');
  });

  it('says that the password was refused', async function () {
    const server = await startRedis('--requirepass', 'right');
    if (server === null) {
      console.warn('\n    SKIPPED: no redis-server in PATH to set a password on\n');
      this.skip();
    }
    try {
      const address = server.url.replace('redis://', 'redis://:wr0ng@');
      for (let tries = 0; tries < 40 && (await faultOf(redisStore(address))) === 'PR6002'; tries += 1) await pause(50);
      expect(await faultOf(redisStore(address))).to.equal('PR6003');
      expect(await messageOf(address)).to.not.include('wr0ng');
      expect(await faultOf(redisStore(server.url))).to.equal('PR6021');
    } finally {
      await server.stop();
    }
  });

  it('refuses an address it does not understand', async () => {
    for (const address of ['redis://', 'http://x', 'redis://h/db', 'redis://h?prefix=a:b', 'redis://h?tls=1']) {
      expect(await faultOf(redisStore(address)), address).to.equal('PR6001');
    }
  });
});

describe('chooseStore', () => {
  it('takes --state before REDIS_URL before the folder of the script', () => {
    expect(chooseStore(undefined, undefined, 'd/.pyscope')).to.include({ kind: 'embedded', asked: false });
    expect(chooseStore(undefined, 'redis://h', 'd')).to.deep.equal({
      kind: 'redis',
      address: 'redis://h',
      objects: 'd/objects',
    });
    expect(chooseStore('none', 'redis://h', 'd')).to.deep.equal({ kind: 'none' });
    expect(chooseStore('else', 'redis://h', 'd')).to.deep.equal({ kind: 'embedded', folder: 'else', asked: true });
    expect(chooseStore('rediss://h', undefined, 'd')).to.include({ kind: 'redis' });
  });
});
