import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { answerCache } from '../../../../src/runtime/models/cache/cache.ts';
import type { AnswerCache } from '../../../../src/runtime/models/cache/cache.ts';
import { memoryAnswers } from '../../../../src/runtime/models/cache/memory.ts';
import type { AnswerTable } from '../../../../src/runtime/models/cache/table.ts';
import { createModelHost } from '../../../../src/runtime/models/host.ts';
import type { ModelHostOptions } from '../../../../src/runtime/models/host.ts';
import type { ModelCounts, ModelSpec } from '../../../../src/runtime/models/model.ts';
import { modelSource } from '../../../../src/runtime/models/source.ts';
import { SHIPPED, shipped } from '../support.ts';

const ECHOING = new URL('../misbehaving-worker.ts', import.meta.url);
/** No thread can be made of it: whoever starts one, fails. */
const NOWHERE = new URL('./nowhere.ts', import.meta.url);

const TINY = shipped('text-classification', 'sentiment-en-tiny');

function cacheOver(table: AnswerTable): AnswerCache {
  const fail = (trouble: unknown): never => {
    throw new Error(JSON.stringify(trouble));
  };
  return answerCache(async () => table, { limit: 1e6, engine: 'e', now: Date.now, onTrouble: fail });
}

/** Asks a model in a job of its own; gives the answers and what they came from. */
async function job(
  table: AnswerTable,
  spec: ModelSpec,
  texts: readonly string[],
  options: ModelHostOptions = { worker: ECHOING },
): Promise<{ readonly values: readonly unknown[]; readonly counts: ModelCounts }> {
  const answers = cacheOver(table);
  const host = createModelHost({ parallelism: 1, ...options, answers });
  try {
    const model = await host.open(spec);
    const got = await model.infer(texts);
    return { values: got.map((one) => (one.kind === 'answer' ? one.value : one.code)), counts: model.counts() };
  } finally {
    await host.close();
    await answers.close();
  }
}

describe('a model host with a cache', () => {
  it('computes only what no job before has computed', async () => {
    const table = memoryAnswers();
    const first = await job(table, TINY, ['a', 'b', 'a']);
    expect(first.counts).to.include({ asked: 3, shared: 1, cached: 0, computed: 2 });
    const second = await job(table, TINY, ['b', 'c']);
    expect(second.values).to.deep.equal(['b', 'c']);
    expect(second.counts).to.include({ asked: 2, shared: 0, cached: 1, computed: 1 });
  });

  it('does not load a model whose answers are all known', async () => {
    const table = memoryAnswers();
    await job(table, TINY, ['a', 'b']);
    const { values, counts } = await job(table, TINY, ['b', 'a'], { worker: NOWHERE });
    expect(values).to.deep.equal(['b', 'a']);
    expect(counts).to.include({ cached: 2, computed: 0 });
  });

  it('fails as without it where the model is needed and cannot be loaded', async () => {
    const table = memoryAnswers();
    await job(table, TINY, ['a']);
    for (const [texts, from] of [
      [['a', 'new'], table],
      [['a'], memoryAnswers()],
    ] as const) {
      const outcome = await job(from, TINY, texts, { worker: NOWHERE }).catch((thrown: unknown) => thrown);
      expect(outcome).to.have.property('code', 'PR4007');
    }
  });

  it('takes nothing from another model, task or option', async () => {
    const table = memoryAnswers();
    await job(table, TINY, ['a']);
    for (const other of [
      shipped('sentiment-analysis', 'sentiment-en-tiny'),
      shipped('text-classification', 'sentiment-en'),
      shipped('text-classification', 'sentiment-en-tiny', { top_k: 2 }),
    ]) {
      expect((await job(table, other, ['a'])).counts, JSON.stringify(other)).to.include({ cached: 0, computed: 1 });
    }
    expect((await job(table, TINY, ['a'])).counts).to.include({ cached: 1 });
  });

  it('keeps no answer that may be another next time: drawn by chance, or from padded batches', async () => {
    const table = memoryAnswers();
    const folder = await mkdtemp(join(tmpdir(), 'pyscope-sampling-'));
    try {
      await cp(join(SHIPPED, 'translate-de-en'), join(folder, 'model'), { recursive: true });
      await writeFile(join(folder, 'model/generation_config.json'), '{"do_sample": true}');
      const source = modelSource('./model', folder);
      const drawing = { task: 'translation', source, options: {} };
      for (const spec of [
        drawing,
        shipped('translation', 'translate-de-en', { do_sample: true }),
        shipped('text-classification', 'sentiment-en-tiny', { batching: 'padded' }),
      ]) {
        await job(table, spec, ['a']);
        const { counts } = await job(table, spec, ['a', 'a']);
        const drawn = spec.task === 'translation';
        expect(counts, JSON.stringify(spec)).to.include(drawn ? { computed: 2 } : { shared: 1, computed: 1 });
      }
      expect(await table.models()).to.deep.equal([]);
      const greedy = { ...drawing, options: { do_sample: false } };
      await job(table, greedy, ['a']);
      expect((await job(table, greedy, ['a'])).counts).to.include({ cached: 1 });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
