import { expect } from 'chai';
import fc from 'fast-check';
import { Digest, digests } from '../../../src/runtime/relational/key-digest.ts';
import { KeyIds } from '../../../src/runtime/relational/key-ids.ts';
import { gather, utf8Vector } from '../../../src/runtime/vectors.ts';
import { takeRows } from '../../../src/runtime/taken-texts.ts';
import type { Vector } from '../../../src/runtime/batch.ts';

/** As many as make a look at all of them worth it. */
const FURTHER = ['1', '2', '3', '4', '5', '6', '7', '8'];

/** Texts of all lengths around the 8 bytes that are their own digest, many of them equal. */
const text = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', 'b', '\0'), maxLength: 3 }),
  fc.string({ unit: fc.constantFrom('user0', 'é', '\0'), minLength: 1, maxLength: 6 }),
);
const texts = fc.array(text, { minLength: 1, maxLength: 60 });

function idsByMap(batches: readonly (readonly (string | null)[])[]): readonly (readonly number[])[] {
  const known = new Map<string | null, number>();
  return batches.map((batch) =>
    batch.map((key) => {
      if (!known.has(key)) known.set(key, known.size);
      return known.get(key) ?? -1;
    }),
  );
}

describe('ids of keys', () => {
  it('come from digests that WebAssembly and a loop compute alike', () => {
    const many = digests();
    if (many === null) throw new Error('this Node has no WebAssembly');
    const one = new Digest();
    fc.assert(
      fc.property(texts, (values) => {
        const { bytes, starts, ends } = utf8Vector([...values, ...FURTHER]);
        const done = many.some(bytes, starts, ends, 0, starts.length);
        expect(done).to.equal(starts.length);
        for (let row = 0; row < done; row++) {
          one.of(bytes, starts[row] ?? 0, ends[row] ?? 0);
          expect([many.lows[row], many.highs[row]]).to.deep.equal([one.low, one.high]);
        }
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('count up in order of first appearance, whatever the texts stand in', () => {
    const asRead = (values: readonly string[]): Vector => utf8Vector(values);
    const backwards = (values: readonly string[]): Vector =>
      gather(
        utf8Vector(values.toReversed()),
        Int32Array.from(values, (_, at) => values.length - 1 - at),
      );
    const taken = (values: readonly string[]): Vector => {
      const distinct = [...new Set(values)];
      return takeRows(
        utf8Vector(distinct),
        Int32Array.from(values, (value) => distinct.indexOf(value)),
      );
    };
    const made = (values: readonly string[]): Vector => ({ kind: 'string', values });
    const form = fc.constantFrom(asRead, backwards, taken, made);
    fc.assert(
      fc.property(fc.array(fc.tuple(texts, form), { maxLength: 5 }), (batches) => {
        const ids = new KeyIds(1, 'equal');
        const found = batches.map(([values, vector]) => [...ids.assign([vector(values)], values.length)]);
        const wanted = idsByMap(batches.map(([values]) => values));
        expect(found).to.deep.equal(wanted);
        const again = batches.map(([values, vector]) => [...ids.find([vector(values)], values.length)]);
        expect(again).to.deep.equal(wanted);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it('are right for more texts than are done at once, and for a text longer than the window', () => {
    const values = Array.from({ length: 20_000 }, (_, at) => `key ${(at * at) % 7001}`);
    const long = ['x'.repeat(300_000), `${'x'.repeat(299_999)}y`];
    const all = [...values.slice(0, 10_000), ...long, ...values.slice(10_000), ...long];
    const ids = new KeyIds(1, 'equal');
    expect([...ids.assign([utf8Vector(all)], all.length)]).to.deep.equal(idsByMap([all])[0]);
  });
});
