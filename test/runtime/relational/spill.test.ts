/** Random queries with next to no memory: what goes to disk comes back as what the operators in memory give, byte for byte. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/api/index.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import type { RunOptions } from '../../../src/api/run-options.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { HEAD, randomQueries } from './random-queries.ts';
import type { RandomQueries, Table } from './random-queries.ts';

const LONG = process.env['PYSCOPE_LONG'] === '1';

function csv(rows: Table): string {
  const cell = (value: unknown): string =>
    value === null ? '' : typeof value === 'string' ? value : Object.is(value, -0) ? '-0' : JSON.stringify(value);
  return `a,b,c,d\n${rows.map((row) => `${row.map(cell).join(',')}\n`).join('')}`;
}

/** Half of the rows have one `a`, the others are spread over many; `b` and `d` have few values, and nulls. */
function largeTable(rows: number, seed: number): Table {
  let state = seed;
  const below = (n: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >>> 8) % n;
  };
  const texts = ['', 'x', 'é', '😀', '\uffee', 'a longer text that is more than a few bytes'];
  return Array.from({ length: rows }, (_, row) => [
    below(2) === 0 ? 0 : below(rows),
    `${texts[below(texts.length)] ?? ''}${below(3) === 0 ? row : ''}`,
    below(5) === 0 ? null : ([-0, 0, 0.1, 1e300, -1e300, 1e-300, 0.5][below(7)] ?? 0),
    below(4) === 0 ? null : below(20),
  ]);
}

const QUERIES = [
  'SELECT a, COUNT(*) AS n, SUM(c) AS s, AVG(d) AS m, MIN(b) AS lo, MAX(b) AS hi, FIRST(c) AS f, LAST(d) AS l, STDEV(d) AS sd FROM r GROUP BY a',
  'SELECT b, d, COUNT(*) AS n, SUM(c ?? 0.1) AS s FROM r GROUP BY b, d',
  'SELECT c, COUNT(*) AS n FROM r GROUP BY c',
  'SELECT a, COUNT(DISTINCT b) AS n, SUM(DISTINCT d) AS s, AVG(c) AS m, COUNT(DISTINCT d) AS k FROM r GROUP BY a',
  'SELECT COUNT(DISTINCT b) AS n, SUM(DISTINCT a) AS s, MIN(c) AS m FROM r',
  'SELECT d, LIST(b)?.join("|") AS l, LIST(DISTINCT a)?.length AS n, COUNT(*) AS k FROM r GROUP BY d',
  'SELECT a, LIST(c)?.length AS l, LIST(DISTINCT b)?.join("|") AS n FROM r GROUP BY a',
  'SELECT LIST(b)?.join("|") AS l FROM r',
  'SELECT DISTINCT b, d FROM r',
  'SELECT * FROM r ORDER BY b DESC, c',
  'SELECT * FROM r ORDER BY c DESC, d ASC, b',
  'SELECT r.a, r.b, s.b AS other, s.d FROM r JOIN s ON r.a == s.a && r.d != s.d',
  'SELECT r.a, r.b, s.b AS other FROM r LEFT JOIN s ON r.b == s.b',
  'SELECT r.a, s.b AS other, s.c FROM r RIGHT JOIN s ON r.a == s.a && r.d == s.d',
  'SELECT r.a, s.b AS other, s.c FROM r FULL JOIN s ON r.b == s.b',
  'SELECT a, b FROM r SEMI JOIN s ON r.a == s.a && (r.c ?? 1) < (s.c ?? 2)',
  'SELECT a, b FROM r ANTI JOIN s ON r.b == s.b',
  'SELECT r.a, s.a AS other FROM r JOIN s ON r.a < 9 && s.a < 9 && (r.d ?? 0) == 3',
  'SELECT x.a, y.b FROM r AS x JOIN r AS y ON x.a == y.a && x.a > 0',
  'SELECT a, b FROM r EXCEPT SELECT a, b FROM s',
  'SELECT b, d FROM r INTERSECT SELECT b, d FROM s',
  'SELECT b, d FROM r EXCEPT SELECT b, d FROM r WHERE a > 3',
  'SELECT a, b, ROW_NUMBER() OVER (PARTITION BY b ORDER BY c DESC) AS n, SUM(c) OVER (PARTITION BY d ORDER BY a) AS s FROM r',
] as const;

/** Partitions of windows and lists must fit. */
function memoryFor(query: string): readonly number[] {
  if (query.includes('OVER')) return [300_000];
  return query.includes('LIST') ? [LONG ? 1_000_000 : 12_000] : [1];
}

describe('with next to no memory', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-spill-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Bytes that went to disk, by the label of the node. */
  type Spilled = ReadonlyMap<number, number>;

  async function run(
    text: string,
    options: RunOptions,
  ): Promise<{ readonly code: string | null; readonly spilled: Spilled; readonly message: string }> {
    const compilation = await compile({ text, name: 'job.scope', folder });
    const errors = compilation.diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors.map(({ code, message }) => `${code} ${message}`)).to.deep.equal([]);
    if (compilation.plan === null) throw new Error('no plan');
    const spilled = new Map<number, number>();
    const listener = (event: RunEvent): void => {
      if (event.kind === 'spilled') spilled.set(event.node, event.bytes);
    };
    const { error } = await runPlan(
      { ...compilation, plan: compilation.plan },
      { ...options, listener, spillFolder: join(folder, 'spill') },
    );
    return { code: error?.code ?? null, spilled, message: error?.message ?? '' };
  }

  async function compare(job: RandomQueries, memories: readonly number[], batchRows: number): Promise<number> {
    writeFileSync(join(folder, 'r.csv'), csv(job.tables[0]));
    writeFileSync(join(folder, 's.csv'), csv(job.tables[1]));
    const files = (): readonly string[] => job.outputs.map((name) => readFileSync(join(folder, name), 'utf8'));
    const whole = await run(job.text, { memory: '1GB', batchRows });
    expect(whole.message).to.equal('');
    const expected = files();
    let bytes = 0;
    for (const memory of memories) {
      const { code, message, spilled } = await run(job.text, { memory, batchRows });
      // A window's partition must fit.
      if (code === 'PR8004' && job.text.includes(' OVER ')) continue;
      expect(message).to.equal('');
      expect(files()).to.deep.equal(expected);
      for (const each of spilled.values()) bytes += each;
    }
    expect(existsSync(join(folder, 'spill')) ? readdirSync(join(folder, 'spill')) : []).to.deep.equal([]);
    return bytes;
  }

  it('one giant group, many tiny ones, ties, nulls and NaN give the same, whatever the budget', async () => {
    const tables = [largeTable(LONG ? 6000 : 800, 1), largeTable(LONG ? 3000 : 400, 2)] as const;
    const lines = QUERIES.map((query, at) => `q${at} = ${query};\nOUTPUT q${at} TO "q${at}.csv" USING CsvWriter();`);
    const outputs = QUERIES.map((_, at) => `q${at}.csv`);
    const bytes = await compare({ text: [HEAD, ...lines].join('\n'), tables, outputs }, [1, 500_000, 4_000_000], 64);
    expect(bytes).to.be.greaterThan(300_000);
  });

  for (const [at, query] of QUERIES.entries()) {
    it(`goes to disk and back: ${query}`, async () => {
      const text = `${HEAD}\nq = ${query};\nOUTPUT q TO "q.csv" USING CsvWriter();`;
      const tables = [largeTable(LONG ? 2000 : 200, at + 3), largeTable(LONG ? 900 : 150, at + 30)] as const;
      const bytes = await compare({ text, tables, outputs: ['q.csv'] }, memoryFor(query), 16);
      expect(bytes).to.be.greaterThan(300);
    });
  }

  it('random queries over small tables give the same', async () => {
    let bytes = 0;
    await fc.assert(
      fc.asyncProperty(randomQueries, async (job) => {
        bytes += await compare(job, [1, 64 * 1024], 2);
      }),
      { numRuns: LONG ? 1000 : 12, seed: 5 },
    );
    expect(bytes).to.be.greaterThan(0);
  });
});
