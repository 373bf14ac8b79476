import { expect } from 'chai';
import fc from 'fast-check';
import { nearestDouble, toUnits, UNITS_PER_ONE } from '../../../src/runtime/relational/exact-number.ts';
import { ExactSums } from '../../../src/runtime/relational/exact-sum.ts';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });

function exactSum(terms: readonly number[]): number {
  return nearestDouble(
    terms.reduce((sum, term) => sum + toUnits(term), 0n),
    UNITS_PER_ONE,
  );
}

function sumOf(terms: readonly number[]): number {
  const sums = new ExactSums();
  for (const term of terms) sums.add(0, term);
  return sums.value(0);
}

describe('exact sums', () => {
  it('turn a double into units and back without a change', () => {
    fc.assert(fc.property(finite, (x) => nearestDouble(toUnits(x), UNITS_PER_ONE) === x));
  });

  it('divide like IEEE where both sides are doubles', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(2 ** 31), max: 2 ** 31 }), fc.integer({ min: 1, max: 2 ** 31 }), (a, b) => {
        expect(nearestDouble(BigInt(a), BigInt(b))).to.equal(a === 0 ? 0 : a / b);
      }),
      { numRuns: 1000 },
    );
  });

  it('are the same, also the sign of a zero, whatever parts they are put together from', () => {
    const term = fc.oneof(
      fc.constantFrom(0, -0, 5, -5, 2 ** -30, -(2 ** -30), 1e300, -1e300, 1e-320, Infinity, -Infinity, Number.NaN),
      fc.double(),
    );
    fc.assert(
      fc.property(fc.array(fc.array(term, { maxLength: 6 }), { minLength: 1, maxLength: 5 }), (parts) => {
        const whole = new ExactSums();
        for (const each of parts.flat()) whole.add(1, each);
        const merged = new ExactSums();
        for (const part of parts) {
          const sums = new ExactSums();
          for (const each of part) sums.add(0, each);
          merged.merge(Int32Array.of(1), sums.state(1));
        }
        expect(Object.is(merged.value(1), whole.value(1))).to.equal(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('give the correctly rounded sum whatever the terms', () => {
    fc.assert(
      fc.property(fc.array(finite, { maxLength: 40 }), (terms) => {
        expect(sumOf(terms)).to.equal(exactSum(terms));
      }),
      { numRuns: 2000 },
    );
  });

  it('give the correctly rounded sum of many amounts, and of terms of all sizes', () => {
    const amount = fc.integer({ min: -100_000, max: 100_000 }).map((cents) => cents / 100);
    const sized = fc
      .tuple(finite, fc.integer({ min: -90, max: 90 }))
      .map(([x, power]) => (Math.fround(x) % 1) * 2 ** power || 2 ** power);
    for (const term of [amount, sized]) {
      fc.assert(
        fc.property(fc.array(term, { maxLength: 300, size: 'max' }), (terms) => {
          const kept = terms.filter(Number.isFinite);
          expect(sumOf(kept)).to.equal(exactSum(kept));
        }),
        { numRuns: 200 },
      );
    }
  });

  it('do not depend on the order of the terms', () => {
    expect(sumOf([1e308, 1e308, -1e308])).to.equal(1e308);
    expect(sumOf([0.1, 0.2, 0.3, -0.6])).to.equal(sumOf([-0.6, 0.3, 0.2, 0.1]));
    expect(sumOf(Array.from({ length: 10 }, () => 0.1))).to.equal(1);
    expect(sumOf([1e16, 1, 1e-300, 5e-324, 1e-150, -1e16])).to.equal(1);
  });

  it('keep groups apart and sum infinities as IEEE does', () => {
    const sums = new ExactSums();
    sums.add(40, 1.5);
    sums.add(3, Infinity);
    sums.add(3, 1);
    sums.add(4, Infinity);
    sums.add(4, -Infinity);
    expect([sums.value(40), sums.value(3), sums.value(0)]).to.deep.equal([1.5, Infinity, 0]);
    expect(sums.value(4)).to.satisfy(Number.isNaN);
  });
});
