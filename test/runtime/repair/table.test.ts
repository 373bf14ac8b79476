import { expect } from 'chai';
import fc from 'fast-check';
import type { Batch, Vector } from '../../../src/runtime/batch.ts';
import { Table } from '../../../src/runtime/repair/table.ts';
import { complement, range } from '../../../src/runtime/row-numbers.ts';
import { utf8Of, utf8Vector, valueAt } from '../../../src/runtime/vectors.ts';
import type { Schema } from '../../../src/typecheck/typed.ts';
import { INT, STRING } from '../../../src/typecheck/types.ts';
import { runs } from '../../support/runs.ts';

const schema: Schema = [
  { qualifier: null, name: 'n', type: INT, origins: [] },
  { qualifier: null, name: 't', type: STRING, origins: [] },
];

/** Row `n` of all tables: its number and a text of it. */
const textOf = (n: number): string => `${'é'.repeat(n % 3)}t${n}`;

function batchOf(from: number, length: number, asStrings: boolean): Batch {
  const texts = Array.from({ length }, (_, at) => textOf(from + at));
  const strings: Vector = asStrings ? { kind: 'string', values: texts } : utf8Vector(texts);
  const vectors: readonly Vector[] = [{ kind: 'int', values: range(from, length).slice(), nulls: null }, strings];
  return { length, vectors, sequence: 0, ordinals: null, source: null };
}

const valuesOf = (vectors: readonly Vector[], length: number): readonly unknown[] =>
  Array.from({ length }, (_, row) => vectors.map((vector) => valueAt(vector, row)));

describe('a table of a region', () => {
  it('gives the rows asked for, whatever batches they came in', () => {
    const sizes = fc.array(
      fc.record({
        size: fc.integer({ min: 1, max: 60 }),
        every: fc.integer({ min: 1, max: 3 }),
        asStrings: fc.boolean(),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(sizes, fc.array(fc.nat(), { maxLength: 400 }), (parts, picks) => {
        const table = new Table(schema);
        const numbers: number[] = [];
        for (const { size, every, asStrings } of parts) {
          const from = numbers.length * 3;
          const places = every === 1 ? null : range(0, size).filter((at) => at % every === 0);
          table.append(batchOf(from, size, asStrings), places);
          for (const at of places ?? range(0, size)) numbers.push(from + at);
        }
        const rows = Int32Array.from(picks, (pick) => pick % numbers.length);
        const wanted = [...rows].map((row) => [numbers[row] ?? -1, textOf(numbers[row] ?? -1)]);
        expect(valuesOf(table.gather(rows), rows.length)).to.deep.equal(wanted);
      }),
      runs({ numRuns: 150, seed: 20_261_122 }, 5000),
    );
  });
});

describe('lists of row numbers', () => {
  it('leave out what they are told to, be it little or much', () => {
    const holes = fc.uniqueArray(fc.nat({ max: 199 })).map((rows) => Int32Array.from(rows).toSorted());
    fc.assert(
      fc.property(holes, fc.constantFrom(200, 5000, 70_000), (rows, length) => {
        const gone = new Set(rows);
        expect([...complement(rows, length)]).to.deep.equal([...range(0, length)].filter((row) => !gone.has(row)));
      }),
      runs({ numRuns: 40, seed: 20_261_122 }, 500),
    );
  });
});

describe('texts as UTF-8', () => {
  it('are what they were, also more of them than are encoded together', () => {
    const texts = Array.from({ length: 9000 }, (_, n) => (n % 11 === 0 ? null : textOf(n)));
    expect(valuesOf([utf8Vector(texts)], texts.length)).to.deep.equal(texts.map((text) => [text]));
  });

  it('are none where one holds half of a surrogate pair, though its neighbour holds the other half', () => {
    expect(utf8Of(['a\ud83d', '\ude00b'])).to.equal(null);
    expect(utf8Of(['\ud83d\ude00', 'b'])).to.not.equal(null);
  });
});
