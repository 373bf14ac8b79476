import { expect } from 'chai';
import fc from 'fast-check';
import { FLOAT } from '../../../src/typecheck/types.ts';
import { cellsOf } from '../../../src/runtime/writers/cells.ts';

function written(values: readonly number[]): readonly string[] {
  const vector = { kind: 'number', values: Float64Array.from(values), nulls: null } as const;
  const { bytes, starts, ends } = cellsOf(vector, { name: 'x', type: FLOAT, from: 0 }, null);
  return values.map((_, row) => Buffer.from(bytes).toString('latin1', starts[row], ends[row]));
}

describe('numbers as text', () => {
  const odd = [
    0,
    -0,
    0.05,
    -0.5,
    1e-6,
    1e-7,
    1.5e-7,
    100,
    1e15,
    1e21,
    1e22,
    999999999999999.9,
    0.1 + 0.2,
    5e-324,
    2 ** 53,
  ];
  const places = fc
    .tuple(fc.integer(), fc.integer({ min: 0, max: 9 }))
    .map(([units, exponent]) => units / 10 ** exponent);
  const long = fc.tuple(fc.bigInt(0n, 10n ** 17n), fc.integer({ min: 0, max: 9 }));

  it('are what JavaScript prints', () => {
    const all = [...odd, ...odd.map((value) => -value), Number.NaN, Infinity, -Infinity, Number.MAX_VALUE];
    expect(written(all)).to.deep.equal(all.map(String));
  });

  it('are what JavaScript prints, whatever their digits', () => {
    const value = fc.oneof(
      fc.double(),
      places,
      long.map(([units, exponent]) => Number(`${units}e-${exponent}`)),
      fc.float(),
    );
    fc.assert(
      fc.property(fc.array(value, { maxLength: 20 }), (values) => {
        expect(written(values)).to.deep.equal(values.map(String));
      }),
      { seed: 12, numRuns: 2000 },
    );
  });

  it('are what JavaScript prints, also where the text that they were read from is at hand', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '0', '1', '5', '9', '.'), minLength: 1, maxLength: 18 });
    const texts = fc
      .tuple(fc.constantFrom('', '-', '+'), digits, fc.constantFrom('', '', 'e3', ' '))
      .map((parts) => parts.join(''))
      .filter((text) => Number.isFinite(Number(text)) && text.trim() !== '');
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = Buffer.from(`x${text}`);
        const place = { bytes, starts: Int32Array.of(1), ends: Int32Array.of(bytes.length) };
        const values = Float64Array.of(Number(text));
        const { starts, ends, ...cells } = cellsOf(
          { kind: 'number', values, nulls: null, texts: place },
          { name: 'x', type: FLOAT, from: 0 },
          null,
        );
        expect(Buffer.from(cells.bytes).toString('latin1', starts[0], ends[0])).to.equal(String(values[0]));
        // Texts of the usual form are not printed anew.
        if (/^(?:[1-9]\d{0,5}|0)(?:\.\d{0,5}[1-9])?$/u.test(text)) expect(cells.bytes).to.equal(bytes);
      }),
      { seed: 13, numRuns: 2000 },
    );
  });
});
