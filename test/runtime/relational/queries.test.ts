/** Random queries, from their text to the bytes of their files: what the reference gives, at any batch size, with all rules and with none. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/api/index.ts';
import type { Compilation } from '../../../src/api/index.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import type { TypedScript } from '../../../src/typecheck/typed.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { TooLong } from '../../oracle/nodes.ts';
import { settle } from '../../oracle/settle.ts';
import { writtenText } from '../writers/support.ts';
import { HEAD, randomQueries } from './random-queries.ts';
import type { RandomQueries, Table } from './random-queries.ts';

const LONG = process.env['PYSCOPE_LONG'] === '1';
/** Scripts of three queries. */
const RUNS = LONG ? 3400 : 50;

function csv(rows: Table): string {
  const cell = (value: Value): string =>
    value === null ? '' : typeof value === 'string' ? value : Object.is(value, -0) ? '-0' : JSON.stringify(value);
  return `a,b,c,d\n${rows.map((row) => `${row.map(cell).join(',')}\n`).join('')}`;
}

/** null where the reference is too slow for the query. */
async function expectedFiles(script: TypedScript, job: RandomQueries): Promise<readonly string[] | null> {
  const extracts = script.rowsets.filter(({ kind }) => kind === 'extract');
  const tables = new Map(extracts.map(({ id }, at) => [id, job.tables[at] ?? []]));
  try {
    const { outputs } = settle({ script, tables, operators: new Map() });
    return await Promise.all(
      script.outputs.map(({ input }, at) => {
        const schema = script.rowsets[input]?.schema ?? [];
        const columns = schema.map(({ name, type }) => [name, type] as const);
        return writtenText('CsvWriter', { columns, rows: outputs[at] ?? [] });
      }),
    );
  } catch (error) {
    if (error instanceof TooLong) return null;
    throw error;
  }
}

/** Columns that nothing reads, of which one may fail and must be computed all the same. */
const UNREAD_WINDOWS =
  'SELECT x.a, y.b FROM r AS x JOIN (SELECT a, b, AVG(c) OVER () AS c, LAG(d) OVER () AS d, SUM(a) OVER () AS e FROM r) AS y ON x.a == y.a';
const UNREAD_SUM =
  'SELECT a FROM (SELECT x.a AS a, SUM(y.d) AS d, COUNT(x.c) AS n FROM r AS x JOIN s AS y ON x.a == y.a GROUP BY x.a)';

function scriptOf(query: string): RandomQueries {
  const rows: Table = [
    [1, 'x', 0.5, 2],
    [1, 'y', null, null],
    [2, 'x', 1.5, 1],
  ];
  return { text: `${HEAD}\nq0 = ${query};\nOUTPUT q0 TO "q0.csv";`, tables: [rows, rows], outputs: ['q0.csv'] };
}

describe('random queries', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-queries-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function compiled(text: string, noOpt: boolean): Promise<Compilation> {
    const compilation = await compile({ text, name: 'job.scope', folder }, { plan: { noOpt } });
    const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
    return compilation;
  }

  it('give what the reference gives, at any batch size, with the rules and without', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(randomQueries, async (job) => {
        writeFileSync(join(folder, 'r.csv'), csv(job.tables[0]));
        writeFileSync(join(folder, 's.csv'), csv(job.tables[1]));
        let expected: readonly string[] | null = null;
        for (const noOpt of [true, false]) {
          const compilation = await compiled(job.text, noOpt);
          const { plan, script } = compilation;
          if (plan === null || script === null) throw new Error('no plan');
          expected ??= await expectedFiles(script, job);
          if (expected === null) return;
          for (const batchRows of [1, 7, 4096]) {
            const { error } = await runPlan({ ...compilation, plan }, { batchRows });
            if (error !== null) throw error;
            const found = job.outputs.map((name) => readFileSync(join(folder, name), 'utf8'));
            expect(found).to.deep.equal(expected);
          }
        }
        compared += job.outputs.length;
      }),
      { numRuns: RUNS, examples: [[scriptOf(UNREAD_WINDOWS)], [scriptOf(UNREAD_SUM)]] },
    );
    expect(compared).to.be.greaterThan(RUNS * 2);
  });
});
