import { expect } from 'chai';
import { env, pipeline } from '@xenova/transformers';
import { join } from 'node:path';
import { readLabel, readText } from '../../../src/runtime/models/answers.ts';
import { createModelHost } from '../../../src/runtime/models/host.ts';
import type { Answer, Model, ModelHost } from '../../../src/runtime/models/model.ts';
import { SHIPPED, failureOf, sentences, shipped } from './support.ts';

const ENGLISH = sentences('sentiment-en', 1);

/** A fixed shuffle: the same texts in another order make other batches. */
function shuffled<T>(items: readonly T[]): readonly T[] {
  return items
    .map((item, at) => ({ item, key: (at * 7919) % 104_729 }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

function plain(answers: readonly Answer[]): readonly string[] {
  return answers.map((answer) => JSON.stringify(answer));
}

async function oneByOne(model: Model, texts: readonly string[]): Promise<readonly string[]> {
  const answers: string[] = [];
  for (const text of texts) answers.push(...plain(await model.infer([text])));
  return answers;
}

describe('the model host', () => {
  let host: ModelHost;
  before(() => {
    host = createModelHost({ remembered: { answers: 0, letters: 0 } });
  });
  after(() => host.close());

  it('answers in the order of the texts', async () => {
    const model = await host.open(shipped('text-classification', 'language-id'));
    const answers = await model.infer([
      'Das Essen war gut.',
      'मैं आज बहुत खुश हूं',
      'The food was very good indeed.',
      '¡Qué día más bonito!',
    ]);
    const labels = answers.map((one) => (one.kind === 'answer' ? readLabel(one.value)?.label : null));
    expect(labels).to.deep.equal(['de', 'hi', 'en', 'es']);
  });

  for (const name of ['sentiment-en', 'sentiment-en-tiny', 'language-id']) {
    it(`gives a text the same bits in any company (${name})`, async () => {
      const texts = name === 'language-id' ? sentences('language-id', 1).slice(0, 150) : ENGLISH;
      const model = await host.open(shipped('text-classification', name));
      const together = plain(await model.infer(texts));
      expect(model.description.batching).to.equal('exact');
      expect(plain(await model.infer(shuffled(texts)))).to.deep.equal(shuffled(together));
      expect(plain(await model.infer(texts.slice(20, 60)))).to.deep.equal(together.slice(20, 60));
      expect(await oneByOne(model, texts.slice(0, 40))).to.deep.equal(together.slice(0, 40));
    });
  }

  it('gives a text the same translation in any company', async () => {
    const texts = sentences('translate-de-en', 0).slice(0, 30);
    const model = await host.open(shipped('translation', 'translate-de-en'));
    const together = plain(await model.infer(texts));
    expect(plain(await model.infer(shuffled(texts)))).to.deep.equal(shuffled(together));
    expect(await oneByOne(model, texts.slice(0, 12))).to.deep.equal(together.slice(0, 12));
  });

  it('says what the plain pipeline says, to the bit where the batch is the same', async () => {
    env.allowRemoteModels = false;
    const folder = join(SHIPPED, 'sentiment-en-tiny');
    const pipe = await pipeline('text-classification', folder, {
      dtype: 'q8',
      session_options: { intraOpNumThreads: 1 },
    });
    const model = await host.open(shipped('text-classification', 'sentiment-en-tiny'));
    const texts = ENGLISH.slice(0, 40);
    const answers = await model.infer(texts);
    for (const [at, text] of texts.entries()) {
      const pair = await pipe([text, text]);
      const answer = answers[at];
      expect(answer?.kind === 'answer' && answer.value).to.deep.equal(pair[0]);
    }
    await pipe.dispose();
  });

  it('takes empty, long and odd texts', async () => {
    const model = await host.open(shipped('text-classification', 'sentiment-en-tiny'));
    const answers = await model.infer([
      '',
      ' ',
      'word '.repeat(5000),
      '\uD800',
      '\u0000',
      '🙂'.repeat(50),
      '__proto__',
    ]);
    expect(answers.map((one) => one.kind)).to.deep.equal(Array.from({ length: 7 }, () => 'answer'));
  });

  it('passes the options of a call on, in either spelling', async () => {
    const snake = await host.open(shipped('text-classification', 'language-id', { top_k: 3 }));
    const camel = await host.open(shipped('text-classification', 'language-id', { topK: 3 }));
    const [first] = await snake.infer(['Guten Tag zusammen']);
    expect(first?.kind === 'answer' && first.value).to.have.lengthOf(3);
    expect(await camel.infer(['Guten Tag zusammen'])).to.deep.equal([first]);
    expect(camel.digest).to.equal(snake.digest);
  });

  it('loads one model for equal specs and counts what was asked and computed', async () => {
    const own = createModelHost();
    const [a, b] = await Promise.all([
      own.open(shipped('text-classification', 'sentiment-en-tiny')),
      own.open(shipped('text-classification', 'sentiment-en-tiny')),
    ]);
    await a.infer(['good', 'bad', 'good']);
    await b.infer(['bad', 'new']);
    expect(a.counts()).to.deep.equal(b.counts());
    expect(a.counts()).to.include({ asked: 5, computed: 3 });
    expect(a.digest)
      .to.equal(b.digest)
      .and.match(/^[0-9a-f]{64}$/);
    await own.close();
  });

  it('has another digest for another model, task option or file', async () => {
    const specs = [
      shipped('text-classification', 'sentiment-en-tiny'),
      shipped('text-classification', 'sentiment-en'),
      shipped('text-classification', 'sentiment-en', { top_k: 2 }),
      shipped('text-classification', 'sentiment-en', { batching: 'padded' }),
    ];
    const models = await Promise.all(specs.map((spec) => host.open(spec)));
    expect(new Set(models.map(({ digest }) => digest)).size).to.equal(specs.length);
  });

  it('translates the Hindi sentences of the samples', async () => {
    const model = await host.open(shipped('translation', 'translate-hi-en'));
    const answers = await model.infer(['मैं आज बहुत खुश हूं', 'बहुत बढ़िया खाना था']);
    const texts = answers.map((one) => (one.kind === 'answer' ? readText(one.value) : null));
    expect(texts).to.deep.equal(['I am very happy today', 'The food was great']);
  });

  it('embeds a text as the same numbers in any company', async () => {
    const model = await host.open(shipped('feature-extraction', 'sentiment-en-tiny'));
    const texts = ENGLISH.slice(0, 30);
    const together = plain(await model.infer(texts));
    expect(new Set(together).size).to.be.greaterThan(20);
    expect(await oneByOne(model, texts.slice(0, 10))).to.deep.equal(together.slice(0, 10));
  });

  it('does not block the thread that calls it', async () => {
    const model = await host.open(shipped('text-classification', 'sentiment-en'));
    const texts = Array.from({ length: 2000 }, (_, at) => `${ENGLISH[at % ENGLISH.length] ?? ''} ${at}`);
    const started = performance.now();
    let [last, longest] = [started, 0];
    const timer = setInterval(() => {
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }, 5);
    await model.infer(texts);
    clearInterval(timer);
    expect(longest)
      .to.be.greaterThan(0)
      .and.lessThan((performance.now() - started) / 2);
  });

  it('stops waiting when it is told to, and goes on afterwards', async () => {
    const model = await host.open(shipped('text-classification', 'sentiment-en'));
    const stop = new AbortController();
    const work = failureOf(model.infer(ENGLISH, { signal: stop.signal }));
    stop.abort();
    expect(await work).to.have.property('code', 'PR4009');
    expect(await failureOf(model.infer(['x'], { signal: stop.signal }))).to.have.property('code', 'PR4009');
    expect(await model.infer(['fine'])).to.have.lengthOf(1);
  });

  it('ends what waits when it is closed, and refuses what comes later', async () => {
    const own = createModelHost();
    const model = await own.open(shipped('text-classification', 'sentiment-en-tiny'));
    const work = failureOf(model.infer(ENGLISH));
    await own.close();
    expect(await work).to.have.property('code', 'PR4012');
    expect(await failureOf(model.infer(['again']))).to.have.property('code', 'PR4012');
    expect(await failureOf(own.open(shipped('text-classification', 'sentiment-en-tiny')))).to.have.property(
      'code',
      'PR4012',
    );
  });
});
