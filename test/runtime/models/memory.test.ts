import { expect } from 'chai';
import type { ModelAnswers } from '../../../src/runtime/models/cache/cache.ts';
import { Memory } from '../../../src/runtime/models/memory.ts';
import type { Answer } from '../../../src/runtime/models/model.ts';

type Ask = (texts: readonly string[]) => Promise<readonly Answer[]>;

const ROOM = { answers: 10, letters: 10_000 };

function shouting(calls: string[][]): Ask {
  return async (texts) => {
    calls.push([...texts]);
    return texts.map((text) => ({ kind: 'answer', value: text.toUpperCase() }));
  };
}

const values = (answers: readonly Answer[]): readonly unknown[] =>
  answers.map((one) => (one.kind === 'answer' ? one.value : one.code));

describe('remembering answers', () => {
  it('asks once for equal texts and answers each of them', async () => {
    const calls: string[][] = [];
    const memory = new Memory(ROOM, null);
    expect(values(await memory.through(['a', 'b', 'a', '__proto__'], shouting(calls)))).to.deep.equal([
      'A',
      'B',
      'A',
      '__PROTO__',
    ]);
    await memory.through(['b', 'c'], shouting(calls));
    expect(calls).to.deep.equal([['a', 'b', '__proto__'], ['c']]);
    expect(memory.counts).to.deep.equal({ asked: 6, shared: 2, cached: 0, computed: 4 });
  });

  it('shares a call with those that want the same at one time', async () => {
    const calls: string[][] = [];
    const memory = new Memory(ROOM, null);
    const both = await Promise.all([
      memory.through(['a', 'b'], shouting(calls)),
      memory.through(['b', 'c', 'c'], shouting(calls)),
    ]);
    expect(both.map(values)).to.deep.equal([
      ['A', 'B'],
      ['B', 'C', 'C'],
    ]);
    expect(calls).to.deep.equal([['a', 'b'], ['c']]);
    expect(memory.counts).to.deep.equal({ asked: 5, shared: 2, cached: 0, computed: 3 });
  });

  it('asks itself where the call it waited for failed', async () => {
    const calls: string[][] = [];
    const memory = new Memory(ROOM, null);
    const failing = memory.through(['a'], () => Promise.reject(new Error('cancelled')));
    const waiting = memory.through(['a'], shouting(calls));
    expect(await failing.catch((thrown: unknown) => String(thrown))).to.equal('Error: cancelled');
    expect(values(await waiting)).to.deep.equal(['A']);
    expect(calls).to.deep.equal([['a']]);
  });

  it('forgets what was used longest ago', async () => {
    const calls: string[][] = [];
    const memory = new Memory({ ...ROOM, answers: 2 }, null);
    await memory.through(['a', 'b'], shouting(calls));
    await memory.through(['a'], shouting(calls));
    await memory.through(['c'], shouting(calls));
    await memory.through(['a', 'b'], shouting(calls));
    expect(calls).to.deep.equal([['a', 'b'], ['c'], ['b']]);
  });

  it('keeps no more letters than it may', async () => {
    const calls: string[][] = [];
    const memory = new Memory({ ...ROOM, letters: 100 }, null);
    await memory.through(['a', 'x'.repeat(40), 'b'], shouting(calls));
    await memory.through(['a', 'b'], shouting(calls));
    await memory.through(['y'.repeat(200)], shouting(calls));
    await memory.through(['b'], shouting(calls));
    expect(calls.slice(1)).to.deep.equal([['y'.repeat(200)], ['b']]);
  });

  it('asks again about a text that was refused', async () => {
    const memory = new Memory(ROOM, null);
    let asked = 0;
    const refuse: Ask = async (texts) => {
      asked += 1;
      return texts.map(() => ({ kind: 'refusal', code: 'PR4011', message: 'no' }));
    };
    await memory.through(['a'], refuse);
    expect(values(await memory.through(['a'], refuse))).to.deep.equal(['PR4011']);
    expect(asked).to.equal(2);
  });

  it('says so where the model gave too few answers', async () => {
    const memory = new Memory(ROOM, null);
    const answers = await memory.through(['a', 'b'], async () => [{ kind: 'answer', value: 1 }]);
    expect(values(answers)).to.deep.equal([1, 'PR4010']);
  });
});

describe('texts that are asked apart', () => {
  it('are asked as often as they come, and nothing is remembered', async () => {
    const calls: string[][] = [];
    const memory = new Memory(ROOM, null);
    await memory.apart(['a', 'a'], shouting(calls));
    await memory.apart(['a'], shouting(calls));
    expect(calls).to.deep.equal([['a', 'a'], ['a']]);
    expect(memory.counts).to.deep.equal({ asked: 3, shared: 0, cached: 0, computed: 3 });
  });
});

describe('a memory with a cache', () => {
  /** A cache that has `a`, and takes down what it is given. */
  function cacheOf(kept: string[]): ModelAnswers {
    return {
      hasAny: async () => true,
      lookup: async (texts) => ({
        answers: texts.map((text) => (text === 'a' ? 'from before' : null)),
        keep: async (places) => void kept.push(...places.map((at) => texts[at] ?? '')),
      }),
    };
  }

  it('asks the model only for what is not in it, and puts that there', async () => {
    const [calls, kept]: [string[][], string[]] = [[], []];
    const memory = new Memory(ROOM, cacheOf(kept));
    const answers = await memory.through(['b', 'a', 'c', 'a'], shouting(calls));
    expect(values(answers)).to.deep.equal(['B', 'from before', 'C', 'from before']);
    expect(calls).to.deep.equal([['b', 'c']]);
    expect(kept).to.deep.equal(['b', 'c']);
    expect(memory.counts).to.deep.equal({ asked: 4, shared: 1, cached: 1, computed: 2 });
  });

  it('uses it for texts that are asked apart too, and not where answers are drawn', async () => {
    const [calls, kept]: [string[][], string[]] = [[], []];
    const memory = new Memory(ROOM, cacheOf(kept));
    expect(values(await memory.apart(['a', 'a', 'b'], shouting(calls)))).to.deep.equal([
      'from before',
      'from before',
      'B',
    ]);
    await memory.fresh(['a', 'a'], shouting(calls));
    expect(calls).to.deep.equal([['b'], ['a', 'a']]);
    expect(kept).to.deep.equal(['b']);
  });
});
