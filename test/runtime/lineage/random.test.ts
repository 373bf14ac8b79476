/** Random queries: the way up from the rows of outputs and the way down from the rows of sources say the same, though they are read from different sides. */
import { expect } from 'chai';
import fc from 'fast-check';
import { HEAD, randomQueries } from '../relational/random-queries.ts';
import type { Table } from '../relational/random-queries.ts';
import { runScript } from '../engine/support.ts';
import { fates, lineageIn, rowAt, sourceRows, sourcesOf } from './support.ts';
import type { Lineage } from '../../../src/runtime/lineage/reader.ts';

const RUNS = process.env['PYSCOPE_LONG'] === '1' ? 1000 : 40;

function csv(table: Table): string {
  const rows = table.map((row) => row.map((value) => (value === null ? '' : JSON.stringify(value))).join(','));
  return ['a,b,c,d', ...rows, ''].join('\n');
}

/** `output:position` of every row that goes back to a source row, by source row. */
function upwards(lineage: Lineage): ReadonlyMap<string, ReadonlySet<string>> {
  const reached = new Map<string, Set<string>>();
  for (const output of lineage.manifest.outputs) {
    for (let position = 0; position < output.rows; position += 1) {
      for (const source of sourcesOf(lineage, rowAt(lineage, output, position))) {
        const rows = reached.get(source) ?? new Set<string>();
        reached.set(source, rows.add(`${output.shown}:${position}`));
      }
    }
  }
  return reached;
}

describe('the lineage of random queries', () => {
  it('is the same upwards and downwards, and every source row has a fate', async () => {
    let reaching = 0;
    await fc.assert(
      fc.asyncProperty(randomQueries, fc.constantFrom(1, 3, 4096), fc.boolean(), async (queries, batchRows, noOpt) => {
        const { result, outputs } = await runScript(`${HEAD}\n${queries.text}`, {
          inputs: { 'r.csv': csv(queries.tables[0]), 's.csv': csv(queries.tables[1]) },
          batchRows,
          lineage: true,
          plan: { noOpt, lineage: true },
        });
        fc.pre(result.outcome === 'done');
        const lineage = lineageIn(outputs);
        const wanted = upwards(lineage);
        const tables = new Map([
          ['r.csv', queries.tables[0]],
          ['s.csv', queries.tables[1]],
        ]);
        const found = new Map<string, Set<string>>();
        for (const { node, shown } of lineage.manifest.inputs) {
          const { length } = tables.get(shown) ?? [];
          sourceRows(lineage, node, shown, length + 1).forEach((ref, at) => {
            const all = fates(lineage, ref);
            expect(all, `${shown}:${at + 2}`).to.not.have.lengthOf(0);
            for (const fate of all) {
              if (fate.kind !== 'reached') continue;
              const key = `${shown}:${at + 2}`;
              found.set(key, (found.get(key) ?? new Set()).add(`${fate.output.shown}:${fate.position}`));
              reaching += 1;
            }
          });
        }
        expect(sorted(found)).to.deep.equal(sorted(wanted));
      }),
      { numRuns: RUNS, ...(RUNS === 40 ? { seed: 20_261_122 } : {}) },
    );
    expect(reaching).to.be.greaterThan(RUNS);
  });
});

function sorted(sets: ReadonlyMap<string, ReadonlySet<string>>): readonly unknown[] {
  return [...sets].map(([key, rows]) => [key, [...rows].toSorted()] as const).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
