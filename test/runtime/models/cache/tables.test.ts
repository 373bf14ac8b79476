import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Redis } from 'ioredis';
import { ANSWERS_FILE, embeddedAnswers } from '../../../../src/runtime/models/cache/embedded.ts';
import { memoryAnswers } from '../../../../src/runtime/models/cache/memory.ts';
import { redisAnswers } from '../../../../src/runtime/models/cache/redis.ts';
import type { AnswerTable } from '../../../../src/runtime/models/cache/table.ts';
import { findRedis } from '../../state/redis-server.ts';
import type { TestRedis } from '../../state/redis-server.ts';
import { behavesAsTable, entry } from './conformance.ts';

describe('the answers in memory', () => {
  let table: AnswerTable;
  beforeEach(() => {
    table = memoryAnswers();
  });
  behavesAsTable(async () => table);
});

describe('the embedded answers', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-answers-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  behavesAsTable(() => embeddedAnswers(join(folder, '.pyscope')));

  it('are there when they are opened again', async () => {
    const first = await embeddedAnswers(folder);
    await first.put([entry('aa', 'one')], 1e6);
    await first.close();
    const second = await embeddedAnswers(folder);
    expect(await second.get([entry('aa', 'one').key])).to.deep.equal([entry('aa', 'one').value]);
    await second.close();
  });

  it('refuse a file that is no database', async () => {
    await writeFile(join(folder, ANSWERS_FILE), 'not a database '.repeat(1000));
    const outcome = await embeddedAnswers(folder).catch((thrown: unknown) => String(thrown));
    expect(outcome).to.include('answers.mdb is not a cache of answers');
  });
});

describe('the answers in Redis', () => {
  const prefix = `pyscope-answers-test-${process.pid}`;
  let redis: TestRedis;
  let client: Redis;

  before(async function () {
    const found = await findRedis();
    if (found === null) {
      console.warn('\n    SKIPPED: no Redis to test with: set REDIS_URL, start one on 6379 or install redis-server\n');
      this.skip();
    }
    redis = found;
    client = new Redis(redis.url);
  });
  afterEach(async () => {
    const keys = await client.keys(`{${prefix}}*`);
    if (keys.length > 0) await client.del(...keys);
  });
  after(async () => {
    client?.disconnect();
    await redis?.stop();
  });

  behavesAsTable(() => redisAnswers(`${redis.url}?prefix=${prefix}`));

  for (const [what, evicted, left] of [
    ['the answers', 'cache', ['new']],
    ['the counts', 'cache-counts', ['new']],
    ['the models', 'cache-models', ['new', 'old']],
  ] as const) {
    it(`count rightly after a server that evicts has thrown ${what} away`, async () => {
      const table = await redisAnswers(`${redis.url}?prefix=${prefix}`);
      const model = { id: 'aa', digest: 'd', task: 'text-classification', options: {}, engine: 'e' } as const;
      await table.describe({ ...model, source: { kind: 'folder', folder: 'm', written: 'm' } });
      await table.put([entry('aa', 'old')], 1e6);
      expect(await client.del(`{${prefix}}:v2:${evicted}`)).to.equal(1);
      await table.describe({ ...model, source: { kind: 'folder', folder: 'm', written: 'm' } });
      await table.put([entry('aa', 'new')], 1e6);
      const found: string[] = [];
      for await (const page of table.entries()) found.push(...page.map(({ key }) => key));
      const names = [entry('aa', 'new'), entry('aa', 'old')].filter(({ key }) => found.includes(key));
      expect(names.map(({ key }) => (key === entry('aa', 'new').key ? 'new' : 'old'))).to.deep.equal(left);
      expect((await table.models()).map(({ entries }) => entries)).to.deep.equal([left.length]);
      await table.close();
    });
  }

  it('are a few keys, however many they are', async () => {
    const table = await redisAnswers(`${redis.url}?prefix=${prefix}`);
    await table.put(
      Array.from({ length: 5000 }, (_, at) => entry('aa', `text ${at}`)),
      1e9,
    );
    expect(await client.keys(`{${prefix}}*`)).to.have.length(2);
    await table.clear();
    expect(await client.keys(`{${prefix}}*`)).to.deep.equal([]);
    await table.close();
  });
});
