/** Steps that look at several rows, between a repair and the rows it repairs: examples worked out by hand, for the reference and the runtime alike. */
import { expect } from 'chai';
import type { Value } from '../../../src/typecheck/types.ts';
import { combiners, reducers } from '../../oracle/programs.ts';
import type { TestReducer } from '../../oracle/calls.ts';
import { settle } from '../../oracle/settle.ts';
import type { Settled } from '../../oracle/settle.ts';
import { plan } from '../../../src/planner/make-plan.ts';
import { checkText, rowset, typed } from '../../support/check.ts';
import { settleByRegions } from './region.ts';

type Table = readonly (readonly Value[])[];

const ROWS: Table = [
  [1, 'a'],
  [2, 'b'],
  [3, 'a'],
];

/** What both settle to; `xs` has these rows. */
async function settled(statements: string, rows: Table = ROWS, reducing = reducers): Promise<Omit<Settled, 'rows'>> {
  const script = typed(
    `IMPORT { Adder, Pairer } FROM "./operators.ts"; xs = EXTRACT x: long, k: string FROM "x.csv"; ${statements} OUTPUT out TO "out.csv";`,
  );
  const job = {
    script,
    tables: new Map([[rowset(script, 'xs').id, rows]]),
    operators: new Map(),
    reducers: reducing,
    combiners,
  };
  const wanted = settle(job);
  const got = await settleByRegions(job);
  expect(got.outputs, 'as the reference').to.deep.equal(wanted.outputs);
  expect(got.repairs.map(({ kind }) => kind)).to.deep.equal(wanted.repairs.map(({ kind }) => kind));
  expect(got.abortedBy === null).to.equal(wanted.abortedBy === null);
  return got;
}

function kinds({ repairs }: Omit<Settled, 'rows'>): readonly string[] {
  return repairs.map(({ kind }) => kind);
}

describe('a cross-row step between a repair and its rows', () => {
  it('TOP takes the next row when a repair takes one of its rows away', async () => {
    const { outputs } = await settled(
      'out = SELECT TOP 1 x, k FROM xs ORDER BY x DESC WHEN x == 3 EDIT x = 0 LIMIT 1 ELSE KEEP;',
    );
    expect(outputs).to.deep.equal([[[2, 'b']]]);
  });

  it('TOP looks again at a row that comes back, and the APPEND of before counts on it', async () => {
    const result = await settled(
      `out = SELECT TOP 1 x, k FROM xs ORDER BY x DESC
         WHEN x == 5 APPEND x = 6 LIMIT 1 ELSE KEEP WHEN x == 6 DELETE x LIMIT 1 ELSE KEEP;`,
      [[5, 'a']],
    );
    expect(result.outputs).to.deep.equal([[[5, 'a']]]);
    expect(kinds(result)).to.deep.equal(['append', 'delete']);
  });

  it('a window repairs its own row, and the others of its partition show it', async () => {
    const { outputs } = await settled(
      'out = SELECT x, k, SUM(x) OVER (PARTITION BY k) AS s FROM xs WHEN x == 3 EDIT x = 10 LIMIT 1 ELSE KEEP;',
    );
    expect(outputs).to.deep.equal([
      [
        [1, 'a', 11],
        [2, 'b', 2],
        [10, 'a', 11],
      ],
    ]);
  });

  it('a row is looked at again when its window values changed, and not when only its partition did', async () => {
    const again = await settled(
      `out = SELECT x, k, COUNT(*) OVER (PARTITION BY k) AS n FROM xs
         WHEN n == 2 && x == 1 DELETE x LIMIT 1 ELSE KEEP WHEN n == 1 && x == 3 EDIT k = "c" LIMIT 1 ELSE KEEP;`,
    );
    expect(again.outputs).to.deep.equal([
      [
        [2, 'b', 1],
        [3, 'c', 1],
      ],
    ]);
    // The edit of 3 leaves the first row of its partition as it was: it is appended to once.
    const once = await settled(
      `out = SELECT x, k, FIRST_VALUE(x) OVER (PARTITION BY k) AS f FROM xs
         WHEN x == 1 && attempts(x) == 0 APPEND k = "d" LIMIT 5 ELSE KEEP WHEN x == 3 EDIT x = 4 LIMIT 1 ELSE KEEP;`,
    );
    expect(kinds(once)).to.deep.equal(['append', 'edit']);
  });

  it('a computed window value is repaired where it was computed', async () => {
    const { outputs } = await settled(
      `out = SELECT k, ROW_NUMBER() OVER (ORDER BY x DESC) AS place FROM xs WHEN place == 1 EDIT place = 9 LIMIT 1 ELSE KEEP;`,
    );
    expect(outputs).to.deep.equal([
      [
        ['a', 3],
        ['b', 2],
        ['a', 9],
      ],
    ]);
  });

  it('EXCEPT and INTERSECT lose a row when the right side gains or loses its equal', async () => {
    const fixed = 'fixed = SELECT x, k FROM xs WHEN x == 3 EDIT x = 4 LIMIT 1 ELSE KEEP;';
    const repair = 'WHEN x == 2 EDIT x = 1 LIMIT 1 ELSE KEEP';
    const except = await settled(
      `${fixed} low = fixed WHERE x < 2; out = ((SELECT x, k FROM fixed) EXCEPT (SELECT x, k FROM low)) ${repair};`,
    );
    expect(except.outputs).to.deep.equal([[[4, 'a']]]);
    const intersect = await settled(
      `${fixed} high = fixed WHERE x > 1; out = ((SELECT x, k FROM fixed) INTERSECT (SELECT x, k FROM high)) ${repair};`,
    );
    expect(intersect.outputs).to.deep.equal([[[4, 'a']]]);
  });

  it('UNION DISTINCT repairs every row that its row stands for', async () => {
    const { outputs } = await settled(
      `twice = xs WHEN x == 1 APPEND x = 2 LIMIT 1 ELSE KEEP WHEN x == 1 EDIT k = "b" LIMIT 1 ELSE KEEP;
       out = ((SELECT x, k FROM twice) UNION DISTINCT (SELECT x, k FROM xs)) WHEN x == 2 EDIT x = 7 LIMIT 1 ELSE KEEP;`,
    );
    expect(outputs).to.deep.equal([
      [
        [1, 'b'],
        [7, 'b'],
        [3, 'a'],
      ],
    ]);
  });

  const YS = 'ys = VALUES (1), (9) AS (y: long);';

  it('FULL JOIN fills up a side while it has no partner', async () => {
    const { outputs } = await settled(
      `${YS} out = SELECT a.x AS x, b.y AS y FROM xs AS a FULL JOIN ys AS b ON a.x == b.y WHEN y == 9 EDIT y = 2 LIMIT 1 ELSE KEEP;`,
    );
    expect(outputs).to.deep.equal([
      [
        [1, 1],
        [2, 2],
        [3, null],
      ],
    ]);
  });

  it('RIGHT JOIN keeps a row of its right side again when its partner has gone', async () => {
    const { outputs } = await settled(
      `${YS} out = SELECT a.x AS x, b.y AS y FROM xs AS a RIGHT JOIN ys AS b ON a.x == b.y WHEN x == 1 DELETE x LIMIT 1 ELSE KEEP;`,
    );
    expect(outputs).to.deep.equal([
      [
        [null, 1],
        [null, 9],
      ],
    ]);
  });

  it('a column of the side that is missing has no ancestor, so that its repair takes the ELSE', async () => {
    const { outputs } = await settled(
      `${YS} pairs = SELECT a.x AS x, b.y AS y FROM xs AS a RIGHT JOIN ys AS b ON a.x == b.y
         WHEN y == 9 EDIT x = 5 LIMIT 1 ELSE ROUTE TO alone; out = SELECT x, y FROM alone; OUTPUT pairs TO "p.csv";`,
    );
    expect(outputs[1] ?? []).to.deep.equal([[null, 9]]);
  });

  it('a window whose sum does not fit fails only for rows that settle so', async () => {
    const sums = 'sums = SELECT x, k, SUM(x * 4000000000000000) OVER (PARTITION BY k ORDER BY x) AS s FROM xs;';
    const rows: Table = [
      [1, 'a'],
      [2, 'a'],
      [1, 'b'],
    ];
    const ends = await settled(`${sums} out = sums WHEN x == 9 DELETE x LIMIT 1 ELSE KEEP;`, rows);
    expect(ends.abortedBy).to.not.equal(null);
    const mended = await settled(
      `${sums} seen = sums WHEN k == "b" EDIT k = "c" LIMIT 1 ELSE KEEP; low = SELECT x, k FROM xs WHEN x == 2 EDIT x = 0 LIMIT 1 ELSE KEEP;
       out = SELECT x, k, s FROM seen; OUTPUT low TO "low.csv";`,
      rows,
    );
    expect(mended.outputs[1]).to.deep.equal([
      [1, 'a', 4e15],
      [0, 'a', 0],
      [1, 'c', 4e15],
    ]);
  });

  it('SEMI and ANTI JOIN follow what the repaired right side has', async () => {
    const done = 'done = xs WHERE k == "b";';
    const repair = 'WHEN x == 3 EDIT k = "b" LIMIT 1 ELSE KEEP';
    const anti = await settled(
      `${done} out = SELECT a.x AS x, a.k AS k FROM xs AS a ANTI JOIN done AS d ON a.x == d.x ${repair};`,
    );
    expect(anti.outputs).to.deep.equal([[[1, 'a']]]);
    const semi = await settled(
      `${done} all = SELECT a.x AS x, a.k AS k FROM xs AS a SEMI JOIN done AS d ON a.x == d.x; out = xs ${repair}; OUTPUT all TO "all.csv";
       more = all WHEN x == 2 EDIT x = 5 LIMIT 1 ELSE KEEP; OUTPUT more TO "more.csv";`,
    );
    expect(semi.outputs.map((rows) => rows.map(([x]) => x))).to.deep.include.members([[5, 3]]);
  });

  it('COMBINE takes a pair of groups again when a row of either side changed', async () => {
    const sides = 'ys = SELECT x AS y, k FROM xs WHEN y == 2 EDIT y = 0 LIMIT 1 ELSE KEEP;';
    const combine = 'out = COMBINE xs AS a WITH ys AS b ON a.k == b.k USING Pairer(n = x, m = y) PRODUCE total;';
    // b: 2 becomes 0, on both sides. The combiner appends 2 for a lone row of a small sum and lifts what is below 1 to 3: the copy goes with the row it was made of.
    const { outputs } = await settled(`${sides} ${combine}`);
    expect(outputs[0]?.map(([x, k, y, total]) => [k, x, y, total])).to.deep.equal([
      ['a', 3, 1, 8],
      ['b', 3, 3, 6],
    ]);
  });

  it('a reducer that adds a row sees it in the next version of its group, with its history', async () => {
    const { outputs } = await settled('out = REDUCE xs ON k USING Adder(n = x, m = attempts(x)) PRODUCE total;');
    expect(outputs).to.deep.equal([
      [
        ['a', 4],
        ['b', 6],
      ],
    ]);
  });

  it('a reducer that adds a row to each version of a group comes to its limit', async () => {
    const endless: TestReducer = ([first]) => ({
      rows: [],
      repairs: [{ member: 0, kind: 'append', changes: [['n', first?.[0] ?? 0]] }],
    });
    const result = await settled(
      'out = REDUCE xs ON k USING Adder(n = x, m = attempts(x)) PRODUCE total;',
      [[1, 'a']],
      new Map([['Adder', endless]]),
    );
    expect(result.abortedBy).to.not.equal(null);
    expect(kinds(result)).to.deep.equal(Array.from({ length: 8 }, () => 'append'));
  });
});

const PAIRS = 'pairs = SELECT a.x AS ax, b.x AS bx FROM xs AS a JOIN xs AS b ON a.k == b.k && a.x < b.x';

describe('a join of rows with rows of the same step', () => {
  it('is repaired through the side that the qualifier names', async () => {
    for (const [side, expected] of [
      ['a', [10, 2, 3]],
      ['b', [1, 2, 10]],
    ] as const) {
      const { outputs, repairs } = await settled(
        `${PAIRS} WHEN ax == 1 EDIT ${side}.x = 10 LIMIT 1 ELSE KEEP; out = SELECT x FROM xs; OUTPUT pairs TO "p.csv";`,
      );
      expect(outputs[1]).to.deep.equal(expected.map((x) => [x]));
      expect(repairs).to.have.length(1);
    }
  });

  it('is repaired through the side that a column came by, whatever it is called then', async () => {
    const { outputs } = await settled(
      `${PAIRS}; sums = SELECT bx AS v, COUNT(*) AS n FROM pairs GROUP BY bx WHEN v == 3 DELETE v LIMIT 1 ELSE KEEP;
       out = SELECT x FROM xs; OUTPUT sums TO "s.csv";`,
    );
    expect(outputs[1]).to.deep.equal([[1], [2]]);
  });

  it('counts the repairs of each side by itself', async () => {
    const { outputs } = await settled(
      `fixed = xs WHEN x == 1 EDIT x = 2 LIMIT 1 ELSE KEEP;
       pairs = SELECT a.x AS ax, b.x AS bx FROM fixed AS a JOIN fixed AS b ON a.k == b.k && a.x < b.x;
       out = SELECT attempts(ax) AS a, attempts(bx) AS b, original(ax) AS o, original(bx) AS p FROM pairs;`,
    );
    expect(outputs).to.deep.equal([[[1, 0, 1, 3]]]);
  });

  it('goes back by its branch below a UNION of both sides', async () => {
    const { outputs } = await settled(
      `${PAIRS}; both = (SELECT ax AS v FROM pairs) UNION (SELECT bx AS v FROM pairs)
         WHEN v == 3 EDIT v = 9 LIMIT 1 ELSE KEEP; out = SELECT x FROM xs; OUTPUT both TO "b.csv";`,
    );
    expect(outputs).to.deep.equal([
      [[1], [9]],
      [[1], [2], [9]],
    ]);
  });

  it('goes back through joins of joins', async () => {
    const joins = `${PAIRS}; more = SELECT c.ax AS x, d.x AS y FROM pairs AS c JOIN xs AS d ON c.ax != d.x`;
    for (const [change, expected] of [
      ['d.x = 7', [1, 7, 3]],
      ['b.x = 7', [1, 2, 7]],
      ['a.x = 0', [0, 2, 3]],
      ['c.ax = 0', [0, 2, 3]],
    ] as const) {
      const { outputs } = await settled(
        `${joins} WHEN y == 2 EDIT ${change} LIMIT 1 ELSE KEEP; out = SELECT x FROM xs; OUTPUT more TO "m.csv";`,
      );
      expect(outputs[1], change).to.deep.equal(expected.map((x) => [x]));
    }
  });

  it('asks for another name where one reaches both sides', () => {
    const nested = `${PAIRS}; more = SELECT c.ax AS x FROM pairs AS c JOIN pairs AS d ON c.ax == d.ax WHEN x == 2 DELETE b.x;`;
    const { diagnostics } = checkText(
      `xs = EXTRACT x: long, k: string FROM "x.csv"; ${nested} OUTPUT more TO "m.csv";`,
    );
    expect(diagnostics.find(({ severity }) => severity === 'error')).to.include({
      code: 'PS4002',
      help: 'say which: DELETE c.x or DELETE d.x',
    });
  });

  it('is no way to change both sides at once', () => {
    const script = typed(
      `xs = EXTRACT x: long, k: string FROM "x.csv"; ${PAIRS} WHEN ax == 1 EDIT ax = 5, b.x = 6 LIMIT 1; OUTPUT pairs TO "p.csv";`,
    );
    expect(plan(script).diagnostics.map(({ code, message }) => [code, message])).to.deep.equal([
      ['PS6003', 'x came by another side of the join than ax, so one EDIT cannot change both'],
    ]);
  });

  it('lets COMBINE repair the rows of the side that has the column', async () => {
    const { outputs } = await settled(
      `pairs = COMBINE xs AS a WITH (SELECT x AS y, k FROM xs) AS b ON a.k == b.k USING Pairer(n = x, m = y) PRODUCE total
         WHEN total == 8 EDIT y = 5 LIMIT 1 ELSE KEEP; out = SELECT x FROM xs; OUTPUT pairs TO "p.csv";`,
    );
    expect(outputs[1]?.slice(0, 1)).to.deep.equal([[5]]);
  });
});
