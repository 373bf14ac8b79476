import { expect } from 'chai';
import fc from 'fast-check';
import { editDistance, suggest } from '../../src/diagnostics/did-you-mean.ts';

/** Optimal string alignment by its recursive definition. */
function reference(from: string, to: string): number {
  if (from === '' || to === '') return from.length + to.length;
  const [a, b] = [from.slice(0, -1), to.slice(0, -1)];
  const same = from.at(-1) === to.at(-1) ? 0 : 1;
  const costs = [reference(a, to) + 1, reference(from, b) + 1, reference(a, b) + same];
  const swapped = from.length > 1 && to.length > 1 && from.at(-1) === to.at(-2) && from.at(-2) === to.at(-1);
  if (swapped) costs.push(reference(from.slice(0, -2), to.slice(0, -2)) + 1);
  return Math.min(...costs);
}

describe('suggest', () => {
  it('gives the nearest words first', () => {
    expect(suggest('EXTRCT', ['EXCEPT', 'EXTRACT', 'SELECT'])).to.deep.equal(['EXTRACT']);
    expect(suggest('colunm', ['columns', 'column'])).to.deep.equal(['column', 'columns']);
    expect(suggest('langauge', ['label', 'language', 'line'])).to.deep.equal(['language']);
  });

  it('gives nothing for a word that is like none, and never the word itself', () => {
    expect(suggest('amount', ['line', 'label'])).to.deep.equal([]);
    expect(suggest('line', ['line'])).to.deep.equal([]);
    expect(suggest('ab', ['abc', 'b'])).to.deep.equal([]);
  });

  it('gives three words at most, in an order that does not depend on theirs', () => {
    const words = ['line1', 'line2', 'line3', 'line4'];
    expect(suggest('line0', words)).to.deep.equal(['line1', 'line2', 'line3']);
    expect(suggest('line0', words.toReversed())).to.deep.equal(['line1', 'line2', 'line3']);
  });

  it('counts the case of a letter for little', () => {
    expect(suggest('Language', ['language', 'Lineage'])).to.deep.equal(['language']);
  });

  it('measures as the definition does, up to its bound', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, fc.nat(3), (from, to, bound) => {
        expect(editDistance(from, to, bound)).to.equal(Math.min(reference(from, to), bound + 1));
      }),
      { numRuns: 500 },
    );
  });
});
