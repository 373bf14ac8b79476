import { expect } from 'chai';
import fc from 'fast-check';
import { cut, rowsOf } from '../../../src/runtime/models/batches.ts';
import { stripes } from '../../../src/runtime/models/loaded.ts';

const limits = { rows: 8, tokens: 64 };
const lengths = fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 200 });

describe('cutting texts into batches', () => {
  it('puts each text into one batch, whatever the batching', () => {
    fc.assert(
      fc.property(lengths, fc.constantFrom('single', 'exact', 'padded'), (all, batching) => {
        const got = cut(all, batching, limits).flat();
        expect([...got].toSorted((a, b) => a - b)).to.deep.equal([...all.keys()]);
      }),
    );
  });

  it('keeps batches of exact batching to one length and to the limits', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        for (const batch of cut(all, 'exact', limits)) {
          expect(new Set(batch.map((at) => all[at])).size).to.equal(1);
          expect(batch.length).to.be.at.most(limits.rows);
          if (batch.length > 1) expect(batch.length * (all[batch[0] ?? 0] ?? 0)).to.be.at.most(limits.tokens);
        }
      }),
    );
  });

  it('pads no batch by more than a fifth', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        for (const batch of cut(all, 'padded', limits)) {
          const own = batch.map((at) => all[at] ?? 0);
          const size = Math.max(...own) * own.length;
          expect(size - own.reduce((sum, one) => sum + one, 0)).to.be.at.most(0.2 * size);
        }
      }),
    );
  });

  it('runs a text that is alone in its length twice, and never otherwise', () => {
    expect(rowsOf([5], 'exact')).to.deep.equal([5, 5]);
    expect(rowsOf([5, 6], 'exact')).to.deep.equal([5, 6]);
    expect(rowsOf([5], 'single')).to.deep.equal([5]);
  });

  it('shares texts out so that each is in one share and no share is much longer than another', () => {
    const texts = Array.from({ length: 400 }, (_, at) => 'x'.repeat((at * 37) % 200));
    const parts = stripes(texts, 4);
    expect(parts).to.have.lengthOf(4);
    expect(parts.flat().toSorted((a, b) => a - b)).to.deep.equal([...texts.keys()]);
    const sizes = parts.map((part) => part.reduce((sum, at) => sum + (texts[at] ?? '').length + 20, 0));
    expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(2 * 220);
  });

  it('does not split what one worker does quicker alone', () => {
    expect(stripes(['a', 'b', 'c'], 4)).to.have.lengthOf(1);
    expect(stripes([], 4)).to.deep.equal([]);
  });
});
