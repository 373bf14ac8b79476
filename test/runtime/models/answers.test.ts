import { expect } from 'chai';
import { labelOf, readLabel, readText, textOf } from '../../../src/runtime/models/answers.ts';
import { rank } from '../../../src/runtime/models/classify.ts';
import { answerOf } from '../../../src/runtime/models/protocol.ts';

const LABELS = ['low', 'mid', 'high'];

describe('reading what a model says', () => {
  it('gives the likeliest class, and the first of equal ones', () => {
    expect(rank([0, 2, 1], LABELS, false, {})).to.have.nested.property('value.label', 'mid');
    expect(rank([1, 1, 0], LABELS, false, {})).to.have.nested.property('value.label', 'low');
  });

  it('gives the k likeliest classes in order, or all for null', () => {
    const two = rank([0, 2, 1], LABELS, false, { top_k: 2 });
    expect(two.kind === 'answer' && two.value).to.satisfy((value: readonly { label: string }[]) => {
      expect(value.map(({ label }) => label)).to.deep.equal(['mid', 'high']);
      return true;
    });
    expect(rank([0, 2, 1], LABELS, false, { top_k: null }))
      .to.have.property('value')
      .with.lengthOf(3);
  });

  it('scores classes one by one where several may hold', () => {
    expect(rank([0, 0, 0], LABELS, true, {})).to.have.nested.property('value.score', 0.5);
  });

  for (const [what, logits] of [
    ['NaN', [Number.NaN, 1]],
    ['an infinite score', [Number.POSITIVE_INFINITY, 1]],
    ['no scores at all', []],
  ] as const) {
    it(`refuses a row with ${what}`, () => {
      expect(rank(logits, LABELS, false, {})).to.deep.include({ kind: 'refusal', code: 'PR4010' });
    });
  }

  it('refuses values that are not JSON', () => {
    for (const value of [Number.NaN, 1n, undefined, { score: Number.POSITIVE_INFINITY }, [() => 1]]) {
      expect(answerOf(value)).to.deep.include({ kind: 'refusal', code: 'PR4010' });
    }
    expect(answerOf([{ label: 'x', score: 0.5 }, null, true])).to.have.property('kind', 'answer');
  });

  it('finds label and text in the shapes of the pipelines', () => {
    expect(readLabel({ label: 'en', score: 0.5 })).to.deep.equal({ label: 'en', score: 0.5 });
    expect(readLabel([{ label: 'en', score: 0.5 }])).to.deep.equal({ label: 'en', score: 0.5 });
    expect(readLabel({ sequence: 's', labels: ['a', 'b'], scores: [0.7, 0.3] })).to.deep.equal({
      label: 'a',
      score: 0.7,
    });
    expect(readLabel('en')).to.equal(null);
    expect(readText({ translation_text: 'hello' })).to.equal('hello');
    expect(readText([{ generated_text: 'hello' }])).to.equal('hello');
    expect(readText({ label: 'en' })).to.equal(null);
  });
});

describe('an answer', () => {
  it('is a class or a text to an operator, or the reason why not', () => {
    expect(labelOf({ kind: 'answer', value: [{ label: 'en', score: 0.5 }] })).to.deep.equal({
      label: 'en',
      score: 0.5,
    });
    expect(textOf({ kind: 'answer', value: [{ translation_text: 'hello' }] })).to.equal('hello');
    expect(() => labelOf({ kind: 'refusal', code: 'PR4010', message: 'too long' }))
      .to.throw('too long')
      .with.property('code', 'PR4010');
    expect(() => labelOf({ kind: 'answer', value: ['en'] })).to.throw('the model\'s answer is no class: ["en"]');
    expect(() => textOf(undefined)).to.throw("the model's answer is no text: null");
  });
});
