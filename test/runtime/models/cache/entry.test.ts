import { expect } from 'chai';
import fc from 'fast-check';
import {
  modelOf,
  readAnswer,
  readEntry,
  secondsOf,
  touched,
  writeEntry,
} from '../../../../src/runtime/models/cache/entry.ts';
import { answersId, engineVersion, keyOf } from '../../../../src/runtime/models/cache/key.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 20_000 : 300;
const texts = fc.string({ unit: 'binary', maxLength: 20 });

describe('an entry of the cache', () => {
  it('reads as it was written, whatever is in it', () => {
    fc.assert(
      fc.property(texts, fc.jsonValue(), fc.nat(), fc.nat(), (text, json, seconds, later) => {
        const answer = json === undefined ? null : JSON.parse(JSON.stringify(json));
        const value = touched(writeEntry({ model: 'a1', text, answer }, seconds), later);
        expect(secondsOf(value)).to.equal(later);
        expect(modelOf(value)).to.equal('a1');
        expect(readAnswer(value, 'a1', text)).to.deep.equal({ answer });
        expect(readEntry(value)).to.deep.equal({ model: 'a1', text, answer });
      }),
      { numRuns: RUNS },
    );
  });

  it('is damaged where a letter was changed, cut off or added', () => {
    const value = writeEntry({ model: 'a1', text: 'some text', answer: { label: 'x', score: 0.25 } }, 1000);
    fc.assert(
      fc.property(fc.nat({ max: value.length - 6 }), fc.constantFrom('cut', 'change', 'add'), (from, how) => {
        const at = from + 5;
        const letter = value[at] === 'z' ? 'y' : 'z';
        const damaged =
          how === 'cut'
            ? value.slice(0, at)
            : how === 'add'
              ? `${value.slice(0, at)}${letter}${value.slice(at)}`
              : `${value.slice(0, at)}${letter}${value.slice(at + 1)}`;
        expect(readAnswer(damaged, 'a1', 'some text'), damaged).to.equal(null);
        expect(readEntry(damaged), damaged).to.equal(null);
      }),
      { numRuns: RUNS },
    );
    for (const odd of ['', '.', '1.2', '!', '1000.']) {
      expect(readAnswer(odd, 'a1', 't')).to.equal(null);
      expect(secondsOf(odd)).to.be.a('number').and.not.satisfy(Number.isNaN);
      expect(modelOf(odd)).to.equal(null);
    }
  });

  it('is no answer to another text, nor of another model', () => {
    const value = writeEntry({ model: 'a1', text: 'one', answer: 1 }, 0);
    expect(readAnswer(value, 'a1', 'two')).to.deep.equal({});
    expect(readAnswer(value, 'a2', 'one')).to.deep.equal({});
  });
});

describe('the key of an answer', () => {
  it('is another for another text, model, option or engine', () => {
    const ids = [answersId('d', 'e'), answersId('d', 'f'), answersId('c', 'e')];
    const keys = ids.flatMap((id) => ['a', 'b', ''].map((text) => keyOf(id, text)));
    expect(new Set(keys).size).to.equal(9);
    for (const key of keys) expect(key).to.match(/^[A-Za-z0-9_-]{21}$/);
  });

  it('holds the versions of what computes', () => {
    expect(engineVersion()).to.match(/^transformers\.js 4\.\d+\.\d+.*, onnxruntime \d+\.\d+\.\d+.*, \w+$/);
  });
});
