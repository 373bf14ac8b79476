/** Servers that may not hold the state of jobs, or that do not let one in: each test starts its own. */
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { redisFacts } from '../../../src/runtime/state/redis/facts.ts';
import { refuseUnfit } from '../../../src/runtime/state/redis/fitness.ts';
import { redisStore } from '../../../src/runtime/state/redis/store.ts';
import { start } from './conformance.ts';
import { startRedis } from './redis-server.ts';
import type { TestRedis } from './redis-server.ts';

async function refusalOf(call: () => unknown): Promise<string> {
  try {
    await call();
  } catch (thrown) {
    if (thrown instanceof StateError) return `${thrown.fault}: ${thrown.message}; ${thrown.help ?? ''}`;
    throw thrown;
  }
  return 'no error';
}

async function beginsAt(address: string): Promise<void> {
  const store = await redisStore(address);
  try {
    await store.begin(start('a'));
  } finally {
    await store.close();
  }
}

describe('a Redis that may not hold jobs', () => {
  let server: TestRedis | null = null;
  afterEach(async () => {
    await server?.stop();
    server = null;
  });

  /** A server of the test's own, or the test is skipped, loudly. */
  async function own(context: Mocha.Context, ...options: readonly string[]): Promise<TestRedis> {
    server = await startRedis(...options);
    if (server !== null) return server;
    console.warn('\n    SKIPPED: no redis-server in PATH\n');
    return context.skip();
  }

  it('is refused for its policy, with the setting to change, until it is changed', async function () {
    const { url } = await own(this, '--maxmemory-policy', 'allkeys-lru');
    const refusal = await refusalOf(() => beginsAt(url));
    expect(refusal).to.match(
      /^PR6013: Redis at redis:\/\/127\.0\.0\.1:\d+ may throw .* maxmemory-policy is allkeys-lru;/,
    );
    expect(refusal).to.include('CONFIG SET maxmemory-policy noeviction').and.include('in redis.conf');
    const client = new Redis(url);
    expect(await client.keys('*'), 'what was written').to.deep.equal([]);
    await client.config('SET', 'maxmemory-policy', 'noeviction');
    client.disconnect();
    expect(await refusalOf(() => beginsAt(url))).to.equal('no error');
  });

  it('is refused when it is a replica', async function () {
    const { url } = await own(this, '--replicaof', '127.0.0.1', '1');
    expect(await refusalOf(() => beginsAt(url))).to.match(
      /^PR6015: Redis at .* is a replica.*; give the address of the primary/,
    );
  });

  it('is refused when it is older than 6.2, a Valkey by what it is compatible with', async () => {
    const judged = async (info: string): Promise<string> =>
      refusalOf(() => refuseUnfit(redisFacts(`role:master\nmaxmemory_policy:noeviction\n${info}`, []), 'there'));
    expect(await judged('redis_version:6.0.20')).to.match(
      /^PR6014: Redis at there is too old: 6\.0\.20; use Redis 6\.2/,
    );
    expect(await judged('redis_version:6.2.0')).to.equal('no error');
    expect(await judged('redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.0.0')).to.equal('no error');
  });

  it('that wants a password says so to one who has none, and to one who has a wrong one', async function () {
    const { url } = await own(this, '--requirepass', 'right');
    const withUser = (user: string): string => url.replace('redis://', `redis://${user}@`);
    expect(await refusalOf(() => beginsAt(withUser(':right')))).to.equal('no error');
    expect(await refusalOf(() => beginsAt(url))).to.match(
      /^PR6021: .* wants a password, and the address has none; put user:password@ in front of the host/,
    );
    const wrong = await refusalOf(() => beginsAt(withUser('me:wr0ng')));
    expect(wrong).to.match(/^PR6003: Redis at redis:\/\/me:\*\*\*@127.* refused the user or password/);
    expect(wrong).to.not.include('wr0ng');
  });

  it('that speaks no TLS says so to rediss://', async function () {
    // It lets go of who says nothing that it understands within a second.
    const { url } = await own(this, '--timeout', '1');
    const refusal = await refusalOf(() => beginsAt(url.replace('redis:', 'rediss:')));
    expect(refusal).to.match(
      /^PR6016: no TLS connection to Redis at rediss:.*; rediss:\/\/ is for a server that speaks TLS/,
    );
  });

  it('is named when there is no such host', async () => {
    expect(await refusalOf(() => beginsAt('redis://:s3cret@no-such-host.invalid:1'))).to.match(
      /^PR60(20|02): cannot reach Redis at redis:\/\/:\*\*\*@no-such-host\.invalid:1: (there is no such host|the host name cannot be looked up now);/,
    );
  });
});
