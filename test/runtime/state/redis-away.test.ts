/** A Redis that goes away from an open store. */
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { keysUnder } from '../../../src/runtime/state/redis/keys.ts';
import { redisStore } from '../../../src/runtime/state/redis/store.ts';
import type { JobEnd } from '../../../src/runtime/state/store.ts';
import { faultOf, start } from './conformance.ts';
import { startRedis } from './redis-server.ts';
import type { OwnRedis } from './redis-server.ts';

const end: JobEnd = { outcome: 'done', at: 1, report: null };

describe('an open store on Redis', () => {
  let server: OwnRedis;
  beforeEach(async function () {
    const started = await startRedis('--appendonly', 'yes');
    if (started === null) {
      console.warn('\n    SKIPPED: no redis-server in PATH to take away\n');
      this.skip();
    }
    server = started;
  });
  afterEach(() => server?.stop());

  it('makes calls again that were under way when the server died, when it is back', async () => {
    const store = await redisStore(server.url);
    const lease = await store.begin(start('a'));
    await server.kill();
    const calls = Promise.all([
      store.commit(lease, [{ key: 'k', bytes: Buffer.from('v') }]),
      store.renew(lease),
      store.recordOutput(lease, { path: 'o', rows: 1, bytes: 1, sha256: '' }),
    ]);
    await server.restart();
    await calls;
    expect(String(await store.answer('a', 'k'))).to.equal('v');
    expect((await store.read('a'))?.outputs).to.have.length(1);
    await store.close();
  });

  for (const [how, away] of [
    ['does not come back', (): Promise<void> => server.kill()],
    ['hangs', async (): Promise<void> => server.signal('SIGSTOP')],
  ] as const) {
    it(`gives up after its patience where the server ${how}, and then at once`, async () => {
      const lines: string[] = [];
      const patience = { milliseconds: 2600, say: (line: string): void => void lines.push(line) };
      const store = await redisStore(server.url, { patience });
      const lease = await store.begin(start('a'));
      await away();
      let message = '';
      await store.renew(lease).catch((thrown: unknown) => {
        if (!(thrown instanceof StateError)) throw thrown;
        message = `${thrown.fault}: ${thrown.message}; ${thrown.help ?? ''}`;
      });
      expect(message).to.match(
        /^PR6019: Redis at redis:\S+ did not answer for 3 s(: nothing listens there)?; start it again, then go on with --resume/,
      );
      expect(await faultOf(store.finish(lease, end, 'drop'))).to.equal('PR6019');
      expect(lines).to.have.length(1);
      await store.close();
    });
  }

  it('waits for some seconds only once the job is to stop', async () => {
    const stop = new AbortController();
    const store = await redisStore(server.url, { patience: { signal: stop.signal } });
    const lease = await store.begin(start('a'));
    stop.abort();
    await server.kill();
    expect(await faultOf(store.renew(lease))).to.equal('PR6019');
    await store.close();
  });

  it('ends a job once, however often the same end is recorded, and refuses another one', async () => {
    const store = await redisStore(server.url);
    const lease = await store.begin(start('a'));
    await store.finish(lease, end, 'drop');
    expect(await faultOf(store.finish(lease, end, 'drop'))).to.equal('no fault');
    expect(await faultOf(store.finish(lease, { ...end, at: 2 }, 'drop'))).to.equal('PR6005');
    await store.close();
  });

  it('refuses the owner of before a flush, also under the successor who begins the job anew', async () => {
    const store = await redisStore(server.url);
    const first = await store.begin(start('a'));
    const client = new Redis(server.url);
    await client.flushall();
    expect(await client.exists(keysUnder('pyscope').job('a')), 'the job is gone').to.equal(0);
    client.disconnect();
    expect(await faultOf(store.renew(first))).to.equal('PR6018');
    const second = await store.begin(start('a'));
    expect(second.epoch).to.be.greaterThan(first.epoch);
    expect(await faultOf(store.commit(first, [{ key: 'k', bytes: Buffer.from('late') }]))).to.equal('PR6005');
    expect(await store.committed('a')).to.deep.equal([]);
    await store.close();
  });
});
