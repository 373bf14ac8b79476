import { expect } from 'chai';
import fc from 'fast-check';
import type { Vector } from '../../../src/runtime/batch.ts';
import { packColumns, PackedDamage, unpackColumns } from '../../../src/runtime/packed/columns.ts';
import { slice, utf8Vector, valueAt, vectorOf } from '../../../src/runtime/vectors.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';

function values(vector: Vector, length: number): readonly Value[] {
  return Array.from({ length }, (_, row) => valueAt(vector, row));
}

const nullable = (kind: 'int' | 'float' | 'bool' | 'string' | 'json'): Type => ({ kind: 'nullable', base: { kind } });

const row = fc.record({
  int: fc.option(fc.integer()),
  float: fc.option(fc.double()),
  bool: fc.option(fc.boolean()),
  text: fc.option(fc.string({ unit: 'binary', maxLength: 30 })),
  odd: fc.option(fc.constantFrom('a', '\ud800', '\ufffd', '😀\udc00', '')),
  json: fc.option(fc.jsonValue()),
});

describe('packed columns', () => {
  it('come back with the same values, NaN, −0, lone surrogates and nulls among them', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 20 }), (rows) => {
        const texts = rows.map(({ text }) => text);
        const vectors = [
          vectorOf(
            nullable('int'),
            rows.map(({ int }) => int),
          ),
          vectorOf(
            nullable('float'),
            rows.map(({ float }) => float),
          ),
          vectorOf(
            nullable('bool'),
            rows.map(({ bool }) => bool),
          ),
          utf8Vector(texts),
          vectorOf(nullable('string'), texts),
          vectorOf(
            nullable('string'),
            rows.map(({ odd }) => odd),
          ),
          vectorOf(
            nullable('json'),
            rows.map(({ json }) => json as Value),
          ),
        ];
        const { vectors: back, length } = unpackColumns(packColumns({ vectors, length: rows.length }));
        expect(length).to.equal(rows.length);
        expect(back.map((vector) => values(vector, length))).to.deep.equal(
          vectors.map((vector) => values(vector, length)),
        );
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it('hold only the rows and bytes of a slice', () => {
    const long = utf8Vector(['x'.repeat(10_000), 'kept', null, 'y'.repeat(10_000)]);
    const packed = packColumns({ vectors: [slice(long, 1, 3)], length: 2 });
    expect(packed.length).to.be.lessThan(100);
    expect(values(unpackColumns(packed).vectors[0] ?? long, 2)).to.deep.equal(['kept', null]);
  });

  it('are refused when a bit has changed, they are cut short or of another version', () => {
    const packed = packColumns({ vectors: [utf8Vector(['abc', 'def'])], length: 2 });
    for (let at = 0; at < packed.length; at += 1) {
      const changed = packed.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      expect(() => unpackColumns(changed), `byte ${at}`).to.throw(PackedDamage);
    }
    expect(() => unpackColumns(packed.slice(0, 12))).to.throw(PackedDamage);
    expect(() => unpackColumns(packed.slice(0, packed.length - 8))).to.throw(PackedDamage);
  });
});
