import { expect } from 'chai';
import { clearModels } from '../../../../src/runtime/models/cache/clear.ts';
import { memoryAnswers } from '../../../../src/runtime/models/cache/memory.ts';
import { verifyAnswers } from '../../../../src/runtime/models/cache/verify.ts';
import { ModelError } from '../../../../src/runtime/models/errors.ts';
import type { Model, ModelHost } from '../../../../src/runtime/models/model.ts';
import { entry, model } from './conformance.ts';

const OPTIONS = { sample: 3, engine: 'e 1', random: () => 0.5 };

/** A host whose models answer as `entry` writes, except to the texts named. */
function hostSaying(odd: ReadonlyMap<string, string>, digestOf: (name: string) => string): ModelHost {
  return {
    open: async (spec): Promise<Model> => {
      const { written } = spec.source;
      if (written === 'gone') {
        throw new ModelError('gone', { code: 'PR4001', message: "model 'gone' is not there", tried: [], help: null });
      }
      return {
        spec,
        digest: digestOf(written),
        description: { name: '', task: '', dtype: '', bytes: 0, workers: 1, threads: 1, batching: 'exact' },
        counts: () => ({ asked: 0, shared: 0, cached: 0, computed: 0, batches: 0, busyMs: 0 }),
        infer: async (texts) =>
          texts.map((text) => ({ kind: 'answer', value: { said: odd.get(text) ?? text } }) as const),
      };
    },
    close: async () => {},
  };
}

const sound = hostSaying(new Map(), () => model('aa').digest);

describe('verifying the cache of answers', () => {
  it('computes a sample of each model again and finds them the same', async () => {
    const table = memoryAnswers();
    await table.describe(model('aa'));
    await table.put(
      Array.from({ length: 20 }, (_, at) => entry('aa', `text ${at}`)),
      1e6,
    );
    const { entries, damaged, models } = await verifyAnswers(table, sound, OPTIONS);
    expect({ entries, damaged }).to.deep.equal({ entries: 20, damaged: 0 });
    expect(models.map(({ asked, different, skipped }) => ({ asked, different, skipped }))).to.deep.equal([
      { asked: 3, different: [], skipped: null },
    ]);
  });

  it('shows answers that are others now', async () => {
    const table = memoryAnswers();
    await table.describe(model('aa'));
    await table.put([entry('aa', 'one'), entry('aa', 'two')], 1e6);
    const host = hostSaying(new Map([['two', 'zwei']]), () => model('aa').digest);
    const { models } = await verifyAnswers(table, host, OPTIONS);
    expect(models[0]?.different).to.deep.equal([{ text: 'two', kept: { said: 'two' }, now: { said: 'zwei' } }]);
  });

  it('finds every damaged entry, and removes it', async () => {
    const table = memoryAnswers();
    await table.describe(model('aa'));
    const good = entry('aa', 'good');
    const bad = entry('aa', 'bad');
    await table.put([good, { ...bad, value: bad.value.replace('bad', 'bat') }], 1e6);
    expect(await verifyAnswers(table, sound, OPTIONS)).to.include({ entries: 2, damaged: 1 });
    expect(await table.get([good.key, bad.key])).to.deep.equal([good.value, null]);
    expect(await verifyAnswers(table, sound, OPTIONS)).to.include({ entries: 1, damaged: 0 });
  });

  it('says of which models it could not ask, and why', async () => {
    const table = memoryAnswers();
    const gone = { ...model('bb'), source: { kind: 'hub', written: 'gone', name: 'gone' } } as const;
    const old = { ...model('cc'), engine: 'e 0' };
    for (const one of [model('aa'), gone, old, model('dd')]) await table.describe(one);
    await table.put([entry('aa', 'a'), entry('bb', 'b'), entry('cc', 'c')], 1e6);
    const host = hostSaying(new Map(), () => 'another digest');
    const { models } = await verifyAnswers(table, host, OPTIONS);
    expect(models.map(({ skipped }) => skipped)).to.deep.equal([
      'the files of the model are others now',
      "PR4001: model 'gone' is not there",
      'they were computed by e 0; here is e 1',
      'it has no answers',
    ]);
  });
});

describe('clearing the cache of answers', () => {
  it('takes the answers of the named models only', async () => {
    const table = memoryAnswers();
    for (const id of ['aa', 'bb']) await table.describe(model(id));
    await table.put([entry('aa', 'a'), entry('aa', 'b'), entry('bb', 'a')], 1e6);
    expect(await clearModels(table, new Set(['aa']))).to.equal(2);
    expect((await table.models()).map(({ id, entries }) => ({ id, entries }))).to.deep.equal([
      { id: 'bb', entries: 1 },
    ]);
  });
});
