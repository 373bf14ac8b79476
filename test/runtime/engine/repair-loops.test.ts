/** Repairs that would go on for ever: they swing between values, or grow. Each loop stops at its LIMIT, and the message shows how it went. */
import { expect } from 'chai';
import fc from 'fast-check';
import { Processor } from '../../../src/runtime/operators/processor.ts';
import type { Row } from '../../../src/runtime/operators/row.ts';
import { LONG, runs } from '../../support/runs.ts';
import { runScript } from './support.ts';

class Swing extends Processor.declare({ inputs: { n: 'long' }, outputs: { sign: 'int' }, edits: ['n'] }) {
  override call(row: Row<typeof Swing>) {
    return row.edit({ n: -row.get('n') });
  }
}

class Grow extends Processor.declare({ inputs: { n: 'long' }, outputs: { next: 'long' }, appends: ['n'] }) {
  override *call(row: Row<typeof Grow>) {
    yield row.append({ n: row.get('n') + 1 });
    yield row.with({ next: row.get('n') + 1 });
  }
}

interface Loop {
  readonly statements: (limit: string, step: number) => string;
  /** An operator's repairs have the default LIMIT. */
  readonly ownLimit: boolean;
}

const LOOPS: readonly Loop[] = [
  { statements: (limit, step) => `out = xs WHEN x >= 0 EDIT x = x + ${step}${limit}`, ownLimit: false },
  {
    statements: (limit) => `out = xs WHEN x % 2 == 0 EDIT x = x + 1${limit} WHEN x % 2 == 1 EDIT x = x - 1${limit}`,
    ownLimit: false,
  },
  { statements: (limit) => `out = xs WHEN k != "" EDIT k = k + "!"${limit}`, ownLimit: false },
  { statements: (limit, step) => `out = xs WHEN x >= 0 APPEND x = x + ${step}${limit}`, ownLimit: false },
  {
    statements: (limit, step) =>
      `y = SELECT x * 2 AS x, k FROM xs; out = y WHERE x >= 0 WHEN k != "" EDIT k = k + "${'?'.repeat(step)}"${limit}`,
    ownLimit: false,
  },
  {
    statements: (limit, step) =>
      `out = SELECT k, SUM(x) AS s FROM xs GROUP BY k WHEN s >= 0 EDIT x = s + ${step}${limit}`,
    ownLimit: false,
  },
  {
    statements: (limit) =>
      `ys = SELECT x, k FROM xs; out = SELECT a.x AS x, b.k AS k FROM xs AS a JOIN ys AS b ON a.k == b.k WHEN x >= 0 EDIT k = k + "!"${limit}`,
    ownLimit: false,
  },
  {
    statements: (limit) => `seen = xs WHEN x >= 0 ROUTE TO again; out = again WHEN x >= 0 EDIT x = x + 1${limit}`,
    ownLimit: false,
  },
  { statements: () => `out = PROCESS xs USING Swing(n = x)`, ownLimit: true },
  { statements: () => `out = PROCESS xs USING Grow(n = x)`, ownLimit: true },
];

const loop = fc.record({
  kind: fc.nat({ max: LOOPS.length - 1 }),
  limit: fc.option(fc.integer({ min: 1, max: 6 })),
  step: fc.integer({ min: 1, max: 3 }),
  rows: fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.constantFrom('a', 'b')), { minLength: 1, maxLength: 4 }),
  batchRows: fc.constantFrom(1, 3, 100),
});

describe('repairs that go on for ever', () => {
  it('stop at LIMIT, and the message shows the chain', async function () {
    this.timeout(LONG ? 1_800_000 : 60_000);
    const met = new Set<number>();
    await fc.assert(
      fc.asyncProperty(loop, async ({ kind, limit, step, rows, batchRows }) => {
        const { statements, ownLimit } = LOOPS[kind] ?? { statements: () => '', ownLimit: false };
        const most = ownLimit || limit === null ? 8 : limit;
        const text = `IMPORT { Swing, Grow } FROM "./operators.ts";
          xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();
          ${statements(limit === null ? '' : ` LIMIT ${limit}`, step)};
          OUTPUT out TO "out.csv" USING CsvWriter();`;
        const inputs = { 'x.csv': `x,k\n${rows.map((row) => `${row.join(',')}\n`).join('')}` };
        const { result, files } = await runScript(text, { inputs, operators: { Swing, Grow }, batchRows });
        expect(files).to.deep.equal({});
        expect(result.error?.code).to.equal('PR7001');
        const [, chain = ''] = /\nits repairs: (.*)$/u.exec(result.error?.message ?? '') ?? [];
        expect(chain.split(' → ').length, result.error?.message).to.be.within(most + 1, 2 * most + 2);
        met.add(kind);
      }),
      runs({ numRuns: 50, seed: 20_261_122 }, 5000),
    );
    expect(met.size).to.be.greaterThan(LOOPS.length / 2);
  });

  it('stop where APPENDs on both sides of one join copy the copies of each other, with the chain', async () => {
    const bothSides = (limit: string, end: string): string =>
      `xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();
       out = SELECT a.x AS x, b.x AS y FROM xs AS a JOIN xs AS b ON a.k == b.k
         WHEN x >= 0 APPEND a.x = x + 1${limit}${end} WHEN y >= 0 APPEND b.x = y + 1${limit}${end};
       OUTPUT out TO "out.csv" USING CsvWriter(order = [x, y]);`;
    const inputs = { 'x.csv': 'x,k\n0,a\n' };
    const once = await runScript(bothSides(' LIMIT 1', ' ELSE KEEP'), { inputs });
    expect(once.result.error).to.equal(null);
    expect(once.files['out.csv']?.split('\n')).to.have.length(83);
    const ended = await runScript(bothSides(' LIMIT 1', ''), { inputs });
    expect(ended.result.error?.code).to.equal('PR7001');
    for (const limit of LONG ? [3, null] : [3]) {
      const { result, files } = await runScript(bothSides(limit === null ? '' : ` LIMIT ${limit}`, ' ELSE KEEP'), {
        inputs,
      });
      expect(files).to.deep.equal({});
      expect(result.error?.code, String(limit)).to.equal('PR7003');
      const [first = '', chain = ''] = (result.error?.message ?? '').split('\nits repairs: ');
      expect(first).to.match(
        new RegExp(`: APPEND x has made more than ${(limit ?? 8) * 100} copies of copies of one row, and goes on$`),
      );
      expect(chain).to.match(/^x 0( → \d+)+$/);
    }
  });
});
