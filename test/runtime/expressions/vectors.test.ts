import { expect } from 'chai';
import fc from 'fast-check';
import type { Vector } from '../../../src/runtime/batch.ts';
import { concat } from '../../../src/runtime/concat.ts';
import {
  builtKind,
  constantVector,
  gather,
  isNullAt,
  lengthOf,
  slice,
  utf8Vector,
  valueAt,
  vectorBuilder,
  vectorOf,
} from '../../../src/runtime/vectors.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import {
  arrayOf,
  BOOL,
  BYTES,
  DATETIME,
  FLOAT,
  INT,
  JSON_TYPE,
  LONG,
  nullable,
  STRING,
} from '../../../src/typecheck/types.ts';

const text = fc.string({ unit: 'grapheme', maxLength: 6 });
const COLUMNS: readonly (readonly [Type, fc.Arbitrary<Value>])[] = [
  [nullable(INT), fc.option(fc.integer())],
  [LONG, fc.maxSafeInteger()],
  [nullable(FLOAT), fc.option(fc.double())],
  [nullable(BOOL), fc.option(fc.boolean())],
  [DATETIME, fc.integer()],
  [nullable(STRING), fc.option(text)],
  [nullable(JSON_TYPE), fc.option(fc.constantFrom<Value>(1, 'a', { a: [1] }))],
  [arrayOf(STRING), fc.array(text, { maxLength: 3 })],
  [BYTES, fc.constant(new Uint8Array([1, 2]))],
];

function valuesOf(vector: Vector): readonly Value[] {
  return Array.from({ length: lengthOf(vector) }, (_, row) => valueAt(vector, row));
}

/** A vector of the values; strings also as UTF-8. */
function made(type: Type, values: readonly Value[], utf8: boolean): Vector {
  return utf8 && builtKind(type) === 'string'
    ? utf8Vector(values.map((value) => (typeof value === 'string' ? value : null)))
    : vectorOf(type, values);
}

const column = fc.constantFrom(...COLUMNS).chain(([type, value]) =>
  fc.record({
    type: fc.constant(type),
    values: fc.array(value, { maxLength: 20 }),
    utf8: fc.boolean(),
    warm: fc.boolean(),
  }),
);

describe('a vector', () => {
  it('holds the values it was built of', () => {
    fc.assert(
      fc.property(column, ({ type, values, utf8 }) => {
        const vector = made(type, values, utf8);
        expect(valuesOf(vector)).to.deep.equal(values);
        expect(values.map((_, row) => isNullAt(vector, row))).to.deep.equal(values.map((value) => value === null));
        const builder = vectorBuilder(type, 1);
        for (const value of values) builder.push(value);
        expect(builder.length()).to.equal(values.length);
        expect(valuesOf(builder.finish())).to.deep.equal(values);
      }),
    );
  });

  it('gives the rows that are asked for, and a null row for -1', () => {
    fc.assert(
      fc.property(column, fc.array(fc.integer({ min: -1, max: 19 })), ({ type, values, utf8, warm }, wanted) => {
        const vector = made(type, values, utf8);
        if (warm) valuesOf(vector);
        const rows = wanted.filter((row) => row < values.length);
        expect(valuesOf(gather(vector, Int32Array.from(rows)))).to.deep.equal(rows.map((row) => values[row] ?? null));
      }),
    );
  });

  it('gives a run of its rows', () => {
    fc.assert(
      fc.property(column, fc.nat(20), fc.nat(20), ({ type, values, utf8, warm }, start, end) => {
        const vector = made(type, values, utf8);
        if (warm) valuesOf(vector);
        expect(valuesOf(slice(vector, start, Math.max(start, end)))).to.deep.equal(
          values.slice(start, Math.max(start, end)),
        );
      }),
    );
  });

  it('is joined with others of its type, whether their strings share bytes or not', () => {
    fc.assert(
      fc.property(column, column, fc.nat(20), ({ type, values, utf8 }, other, cut) => {
        const vector = made(type, values, utf8);
        // Of a long text only the ends are used: what lies between is not worth copying.
        const ends = [0, values.length - 1].filter((row) => row >= 0 && row < values.length);
        const parts = [slice(vector, 0, cut), slice(vector, cut, values.length), made(type, values, other.utf8)];
        const all = [...parts, gather(vector, Int32Array.from(ends))];
        expect(valuesOf(concat(all, type))).to.deep.equal([...values, ...values, ...ends.map((row) => values[row])]);
        expect(lengthOf(concat([], type))).to.equal(0);
      }),
    );
  });

  it('of one value has it in every row', () => {
    for (const [type, value] of [
      [INT, 7],
      [nullable(FLOAT), null],
      [STRING, 'a'],
      [BOOL, true],
      [arrayOf(INT), [1]],
    ] as const) {
      expect(valuesOf(constantVector(type, value, 3))).to.deep.equal([value, value, value]);
    }
  });

  it('keeps a byte order mark that is part of a text', () => {
    expect(valuesOf(utf8Vector(['\ufeffa', 'b']))).to.deep.equal(['\ufeffa', 'b']);
  });
});
