/** Whatever a file holds and however many workers read it, what is written, counted and refused is the same. */
import { expect } from 'chai';
import fc from 'fast-check';
import type { Job } from '../support.ts';
import { runScript } from '../support.ts';
import { localParts } from './support.ts';
import type { Told } from './support.ts';

const LONG = process.env['PYSCOPE_LONG'] === '1';
const RUNS = LONG ? 3000 : 80;

const READ = 'k: string, n: int?, x: float, t: string';

/** Scripts over `r`; `hint` stands behind its EXTRACT. */
const SCRIPTS: readonly string[] = [
  'OUTPUT r WHERE x > 3 TO "o.csv";',
  'OUTPUT r TO "o.jsonl";',
  'OUTPUT r TO "o.tsv" USING TsvWriter(header = false); OUTPUT (SELECT COUNT(*) AS c FROM r) TO "c.csv";',
  `g = SELECT k, COUNT(*) AS c, COUNT(n) AS cn, SUM(n) AS s, AVG(n) AS a, SUM(x) AS sx, AVG(x) AS ax, MIN(x) AS least, MAX(t) AS most, MIN(t) AS small FROM r GROUP BY k;
   OUTPUT g TO "o.csv";`,
  `g = SELECT n, k.length AS l, FIRST(t) AS f, LAST(t) AS z, FIRST(n) AS fn, LAST(x) AS lx, LIST(t).join("|") AS all, VAR(x) AS v, STDEV(n) AS d FROM r GROUP BY n, l;
   OUTPUT g TO "o.csv";`,
  'g = SELECT COUNT(*) AS c, SUM(x) AS s, MIN(n) AS m, FIRST(k) AS f FROM r WHERE k != "a"; OUTPUT g TO "o.csv";',
  `w = SELECT piece, x FROM r CROSS APPLY EXPLODE(t.split(" ")) AS piece;
   g = SELECT piece, COUNT(*) AS c, SUM(x) AS s FROM w GROUP BY piece HAVING c > 1 ORDER BY c DESC;
   OUTPUT g TO "g.csv"; OUTPUT w TO "w.csv";`,
  's = SELECT k, 10 / n AS q, t FROM r WHERE n != null ON ERROR DROP; OUTPUT s TO "o.csv";',
  's = SELECT k, n % 2 AS q FROM r WHERE n != null; g = SELECT q, LIST(k).join("") AS ks FROM s GROUP BY q; OUTPUT g TO "o.csv";',
];

const ON_ERROR = ['', ' ON ERROR DROP', ' ON ERROR ABORT "no row: " + text', ' ON ERROR ROUTE TO bad'] as const;

interface File {
  readonly text: string;
  readonly options: string;
}

/** Fields that are easily cut wrongly: with line ends and quotes in quotes, next to empty ones, and now and then one that is not right at all. */
const field = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', 'c d', 'e f g', 'é€', '') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('"q"', '"a,b"', '"line\nend"', '"cr\r\nlf"', '"say ""x"" y"', '"1,2\n3,4,5\n"'),
  },
);
const whole = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: -5, max: 5 }).map(String) },
  { weight: 1, arbitrary: fc.constant('') },
);
const float = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('0.1', '0.2', '1e16', '-1e16', '3.5', '1e-9', '7', '-0', '1e300') },
  { weight: 2, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
);
const good = fc.tuple(field, whole, float, field).map((fields) => fields.join(','));
const bad = fc.constantFrom('a,b,c', '', 'a,x,1,t', 'a,1,nope,t', '"a"b,1,2,t', 'a,1,2,t,more', 'a,1,2,"open', '"');
const line = (wrong: boolean) =>
  wrong ? fc.oneof({ weight: 25, arbitrary: good }, { weight: 1, arbitrary: bad }) : good;

const file: fc.Arbitrary<File> = fc
  .record({
    wrong: fc.boolean(),
    ending: fc.constantFrom('\n', '\r\n', '\r'),
    mark: fc.constantFrom('', '\ufeff'),
    header: fc.boolean(),
    last: fc.boolean(),
    long: fc.constantFrom(0, 0, 0, 2000),
    skip: fc.constantFrom(0, 0, 2),
  })
  .chain(({ wrong, ending, mark, header, last, long, skip }) =>
    fc
      .tuple(fc.array(good, { maxLength: 40 }), fc.array(line(wrong), { minLength: 1, maxLength: 40 }))
      .map(([before, lines]) => {
        const giant = long === 0 ? [] : [`a,1,2,"${'z\n'.repeat(long / 2)}"`];
        const head = [...Array.from({ length: skip }, () => 'left "out'), ...(header ? ['k,n,x,t'] : [])];
        const text = mark + [...head, ...before, ...giant, ...lines].join(ending) + (last ? ending : '');
        return { text, options: `USING CsvReader(header = ${header}, skip = ${skip})` };
      }),
  );

/** All that a run shows. */
async function shown(text: string, job: Job): Promise<unknown> {
  const { result, files } = await runScript(text, job);
  const { error, outcome, outputs } = result;
  return {
    outcome,
    files,
    error: error === null ? null : [error.code, error.message, error.place, error.span, error.help],
    outputs: outputs.map(({ rows, sha256 }) => [rows, sha256]),
    nodes:
      error === null
        ? result.nodes.map((node) => [
            node.label,
            node.in,
            node.out,
            node.ended.toSorted((a, b) => (a.clause < b.clause ? -1 : 1)),
          ])
        : [],
  };
}

describe('a file that is read in parts', () => {
  it('gives what it gives read in one', async function () {
    this.timeout(LONG ? 3_600_000 : 60_000);
    const told: Told = { parts: 0, open: 0 };
    let again = 0;
    await fc.assert(
      fc.asyncProperty(
        file,
        fc.constantFrom(...SCRIPTS),
        fc.constantFrom(...ON_ERROR),
        fc.constantFrom(2, 3, 7),
        fc.integer({ min: 2, max: 12 }),
        fc.constantFrom(32, 200, 1024 * 1024),
        async ({ text, options }, script, onError, workers, partitions, chunkBytes) => {
          const extract = (hint: string): string =>
            `r = EXTRACT ${READ} FROM "r.csv" ${options}${onError}${hint};\n${script}${onError.includes('ROUTE') ? '\nOUTPUT bad TO "bad.csv";' : ''}`;
          const inputs = { 'r.csv': text };
          const disk: Job['disk'] = (memory) => ({ ...memory, chunkBytes });
          const wanted = await shown(extract(' HINT(workers = 1)'), { inputs, disk });
          const onEvent: Job['onEvent'] = (event) => {
            if (event.kind === 'parts-read') again = Math.max(again, event.again);
          };
          const hint = ` HINT(partitions = ${partitions})`;
          const got = await shown(extract(hint), {
            inputs,
            disk,
            onEvent,
            parts: localParts(workers, told),
            batchRows: 7,
          });
          expect(withoutSpans(got)).to.deep.equal(withoutSpans(wanted));
          expect(told.open).to.equal(0);
        },
      ),
      { numRuns: RUNS, seed: 20_261_122 },
    );
    // Parts were read, and some of them began where no record does.
    expect(told.parts).to.be.greaterThan(RUNS);
    expect(again).to.be.greaterThan(0);
  });
});

/** Hints of other lengths move what stands behind them. */
function withoutSpans(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, one: unknown) => (key === 'span' || key === 'start' || key === 'end' ? 0 : one)),
  );
}
