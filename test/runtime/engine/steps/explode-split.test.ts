import { expect } from 'chai';
import fc from 'fast-check';
import type { Utf8Vector } from '../../../../src/runtime/batch.ts';
import { Splitting } from '../../../../src/runtime/engine/steps/explode-split.ts';
import { textAt } from '../../../../src/runtime/vectors.ts';

function utf8(texts: readonly string[]): Utf8Vector {
  const bytes = Buffer.from(texts.join(''), 'utf8');
  const ends = new Int32Array(texts.length);
  let at = 0;
  for (const [row, text] of texts.entries()) ends[row] = at += Buffer.byteLength(text);
  const starts = Int32Array.from(ends, (_, row) => ends[row - 1] ?? 0);
  return { kind: 'utf8', bytes, starts, ends, nulls: null, decoded: null };
}

describe('EXPLODE of a split, on bytes', () => {
  it('gives the pieces that ECMAScript gives', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', 'aa', 'é', '€', '𝒳', '\u{1d4b4}') });
    fc.assert(
      fc.property(fc.array(text), text, (texts, separator) => {
        fc.pre(separator !== '');
        const split = new Splitting(Buffer.from(separator, 'utf8')).pieces(utf8(texts), texts.length);
        const wanted = texts.flatMap((one, row) => one.split(separator).map((piece) => [row, piece]));
        const pieces = Array.from(split?.rows ?? [], (row, at) => [
          row,
          split === null ? '' : textAt(split.pieces, at),
        ]);
        expect(pieces).to.deep.equal(wanted);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('leaves what is not bytes, may be null or is not in order, to the general way', () => {
    const splitting = new Splitting(Buffer.from(' '));
    expect(splitting.pieces({ kind: 'string', values: ['a b'] }, 1)).to.equal(null);
    expect(splitting.pieces({ ...utf8(['a b']), nulls: Uint8Array.of(0) }, 1)).to.equal(null);
    const backwards = { ...utf8(['a b', 'c']), starts: Int32Array.of(3, 0), ends: Int32Array.of(4, 3) };
    expect(splitting.pieces(backwards, 2)).to.equal(null);
  });
});
