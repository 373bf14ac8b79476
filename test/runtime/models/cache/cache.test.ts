import { expect } from 'chai';
import { answerCache } from '../../../../src/runtime/models/cache/cache.ts';
import type { AnswerCache, CacheSettings, Trouble } from '../../../../src/runtime/models/cache/cache.ts';
import { memoryAnswers } from '../../../../src/runtime/models/cache/memory.ts';
import type { AnswerTable } from '../../../../src/runtime/models/cache/table.ts';
import type { Answer, ModelSpec } from '../../../../src/runtime/models/model.ts';

const SPEC: ModelSpec = { task: 'translation', source: { kind: 'hub', written: 'm', name: 'm' }, options: {} };

const said = (text: string): Answer => ({ kind: 'answer', value: { said: text } });

/** Looks texts up, and keeps these answers for all of them. */
async function keepIn(cache: AnswerCache, texts: readonly string[], answers: readonly Answer[]): Promise<void> {
  const looked = await cache.of(SPEC, 'd').lookup(texts);
  await looked.keep([...texts.keys()], answers);
}

async function find(cache: AnswerCache, texts: readonly string[], digest = 'd'): Promise<readonly unknown[]> {
  return (await cache.of(SPEC, digest).lookup(texts)).answers;
}

/** A cache over a table, with what it told. */
function cacheOver(table: AnswerTable, settings: Partial<CacheSettings> = {}) {
  const troubles: Trouble[] = [];
  const cache = answerCache(async () => table, {
    limit: 1e6,
    engine: 'e',
    now: () => 1_000_000_000,
    onTrouble: (trouble) => troubles.push(trouble),
    ...settings,
  });
  return { cache, troubles };
}

async function keep(table: AnswerTable, texts: readonly string[], settings: Partial<CacheSettings> = {}) {
  const { cache } = cacheOver(table, settings);
  await keepIn(cache, texts, texts.map(said));
  await cache.close();
}

describe('the cache of answers', () => {
  it('gives the next job what a job kept, and knows the model it is from', async () => {
    const table = memoryAnswers();
    await keep(table, ['a', 'b']);
    const { cache, troubles } = cacheOver(table);
    expect(await find(cache, ['b', 'c', 'a'])).to.deep.equal([{ said: 'b' }, null, { said: 'a' }]);
    expect(await table.models())
      .to.have.nested.property('[0]')
      .that.includes({ digest: 'd', task: 'translation' });
    expect(troubles).to.deep.equal([]);
  });

  it('finds nothing of another model or another engine', async () => {
    const table = memoryAnswers();
    await keep(table, ['a']);
    expect(await find(cacheOver(table).cache, ['a'], 'other')).to.deep.equal([null]);
    expect(await find(cacheOver(table, { engine: 'f' }).cache, ['a'])).to.deep.equal([null]);
  });

  it('keeps no refusals', async () => {
    const table = memoryAnswers();
    const { cache } = cacheOver(table);
    await keepIn(cache, ['a', 'b'], [{ kind: 'refusal', code: 'PR4011', message: 'no' }, said('b')]);
    await cache.close();
    expect(await find(cacheOver(table).cache, ['a', 'b'])).to.deep.equal([null, { said: 'b' }]);
  });

  it('notes that an entry was used, though not within the hour', async () => {
    const table = memoryAnswers();
    await keep(table, ['a', 'b']);
    const puts: number[] = [];
    const counting: AnswerTable = {
      ...table,
      put: async (entries, limit) => {
        puts.push(entries.length);
        await table.put(entries, limit);
      },
    };
    await find(cacheOver(counting, { now: () => 1_000_000_000 + 3_000_000 }).cache, ['a']);
    expect(puts).to.deep.equal([]);
    const later = cacheOver(counting, { now: () => 1_000_000_000 + 4_000_000 });
    expect(await find(later.cache, ['a', 'c'])).to.deep.equal([{ said: 'a' }, null]);
    await later.cache.close();
    expect(puts).to.deep.equal([1]);
    expect(await find(cacheOver(table).cache, ['a'])).to.deep.equal([{ said: 'a' }]);
  });

  it('takes a damaged entry for none, says so once, and mends it', async () => {
    const table = memoryAnswers();
    await keep(table, ['a', 'b', 'c']);
    for await (const some of table.entries()) {
      const damaged = some.map(({ key, value }) => ({ key, value: value.replace('said', 'sxid'), model: '' }));
      await table.put(damaged.slice(0, 2), 1e6);
    }
    const { cache, troubles } = cacheOver(table);
    expect(await find(cache, ['a', 'b', 'c'])).to.deep.equal([null, null, { said: 'c' }]);
    expect(troubles.map(({ kind }) => kind)).to.deep.equal(['damaged']);
    await keepIn(cache, ['a', 'b'], [said('a'), said('b')]);
    await cache.close();
    const answers = await find(cacheOver(table).cache, ['a', 'b', 'c']);
    expect(answers).to.deep.equal([{ said: 'a' }, { said: 'b' }, { said: 'c' }]);
  });

  for (const [what, broken] of [
    ['cannot be opened', null],
    ['fails when it is read', { get: () => Promise.reject(new Error('gone')) }],
    ['fails when it is written', { put: () => Promise.reject(new Error('gone')) }],
    ['does not answer', { get: () => new Promise<never>(() => {}) }],
  ] as const) {
    it(`that ${what} is told once, and nothing waits for it again`, async () => {
      const table = { ...memoryAnswers(), ...broken };
      const troubles: Trouble[] = [];
      const cache = answerCache(() => (broken === null ? Promise.reject(new Error('no')) : Promise.resolve(table)), {
        limit: 1e6,
        engine: 'e',
        now: Date.now,
        onTrouble: (trouble) => troubles.push(trouble),
        patienceMs: 20,
      });
      for (let round = 0; round < 3; round += 1) {
        await keepIn(cache, ['a'], [said('a')]);
        expect(await find(cache, ['b'])).to.deep.equal([null]);
      }
      await cache.close();
      expect(troubles.map(({ kind }) => kind)).to.deep.equal(['unusable']);
    });
  }

  it('writes many answers in few steps, and all of them before it closes', async () => {
    const table = memoryAnswers();
    const puts: number[] = [];
    const { cache } = cacheOver({
      ...table,
      put: async (entries, limit) => {
        puts.push(entries.length);
        await table.put(entries, limit);
      },
    });
    const texts = Array.from({ length: 10_000 }, (_, at) => `text ${at}`);
    for (let at = 0; at < texts.length; at += 100) {
      const some = texts.slice(at, at + 100);
      await keepIn(cache, some, some.map(said));
    }
    await cache.close();
    expect(puts.reduce((sum, count) => sum + count, 0)).to.equal(10_000);
    expect(puts.length).to.be.lessThan(10);
  });

  it('keeps no answer that is larger than its limit', async () => {
    const table = memoryAnswers();
    await keep(table, ['a', 'x'.repeat(500)], { limit: 200 });
    expect(await find(cacheOver(table).cache, ['a', 'x'.repeat(500)])).to.deep.equal([{ said: 'a' }, null]);
  });
});
