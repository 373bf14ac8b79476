import { expect } from 'chai';
import { ModelError, TextsFailed } from '../../../src/runtime/models/errors.ts';
import { isolating } from '../../../src/runtime/models/isolation.ts';
import type { Answer } from '../../../src/runtime/models/model.ts';
import type { Share } from '../../../src/runtime/models/pool.ts';

const shareOf = (texts: readonly string[]): Share => ({ texts, call: {}, signal: null, timeoutMs: null });

/** A pool that breaks over shares with a text that is bad. */
function pool(isBad: (text: string) => boolean): {
  readonly run: (share: Share) => Promise<readonly Answer[]>;
  readonly asked: string[];
} {
  const asked: string[] = [];
  return {
    asked,
    async run({ texts }) {
      asked.push(...texts);
      if (texts.some(isBad)) throw new TextsFailed('m', { code: 'PR4011', message: 'it broke', tried: [], help: null });
      return texts.map((text) => ({ kind: 'answer', value: text }));
    },
  };
}

describe('texts that a model breaks over', () => {
  it('are refused alone, however many of them lie together, where the model answers others', async () => {
    const { run } = pool((text) => text.startsWith('bad'));
    const texts = [...Array.from({ length: 100 }, (_, at) => `bad ${at}`), 'good'];
    const answers = await isolating({ run })(shareOf(texts));
    expect(answers.map(({ kind }) => kind)).to.deep.equal([...texts.slice(1).map(() => 'refusal'), 'answer']);
  });

  it('end the job where the model breaks over whatever it is given', async () => {
    const { run, asked } = pool(() => true);
    const texts = Array.from({ length: 100 }, (_, at) => `text ${at}`);
    const thrown = await isolating({ run })(shareOf(texts)).catch((reason: unknown) => reason);
    expect(thrown).to.be.instanceOf(TextsFailed);
    expect(asked.filter((text) => !texts.includes(text))).to.have.length(1);
  });

  it('do not hide what is wrong with the model', async () => {
    const gone = new ModelError('m', { code: 'PR4007', message: 'it is gone', tried: [], help: null });
    const run = ({ texts }: Share): Promise<never> =>
      Promise.reject(
        texts[0] === 'a plain text'
          ? gone
          : new TextsFailed('m', { code: 'PR4011', message: 'it broke', tried: [], help: null }),
      );
    const thrown = await isolating({ run })(shareOf(Array.from({ length: 20 }, () => 'x'))).catch(
      (reason: unknown) => reason,
    );
    expect(thrown).to.equal(gone);
  });
});
