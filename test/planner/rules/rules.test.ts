import { expect } from 'chai';
import { columnPruning } from '../../../src/planner/rules/column-pruning.ts';
import { commonSubplan } from '../../../src/planner/rules/common-subplan.ts';
import { constantFolding } from '../../../src/planner/rules/constant-folding.ts';
import { costOrder } from '../../../src/planner/rules/cost-order.ts';
import { deadNodes } from '../../../src/planner/rules/dead-nodes.ts';
import { meld } from '../../../src/planner/rules/meld.ts';
import { topK } from '../../../src/planner/rules/top-k.ts';
import { expectRule, expectUnfired, linesOf, planOf } from '../support.ts';

const A = 'a = EXTRACT x: int, y: string, z: float FROM "a.csv";';
const OUT = 'OUTPUT out TO "out.csv";';

describe('dead-nodes', () => {
  it('removes what no output and no effect needs', () => {
    expectRule(deadNodes, {
      script: `${A} unused = a WHERE x > 1; OUTPUT a TO "out.csv";`,
      before: ['unused ← a: WHERE x > 1'],
      after: [],
      says: ['removed unused: no output and no effect needs it'],
    });
  });

  it('keeps a clause that can route or end the job', () => {
    expectUnfired(deadNodes, `${A} b = a ASSERT x > 1 ELSE ABORT; c = a WHEN x > 9 ROUTE TO d; OUTPUT a TO "out.csv";`);
  });

  it('keeps a clause that repairs', () => {
    expectUnfired(deadNodes, `${A} b = a WHEN x > 1 EDIT x = 0 LIMIT 1 ELSE DROP; OUTPUT a TO "out.csv";`);
  });

  it('removes a clause that only drops rows', () => {
    expectRule(deadNodes, {
      script: `${A} b = a WHEN x > 1 DROP; OUTPUT a TO "out.csv";`,
      before: ['b ← a: WHEN x > 1 DROP'],
      after: [],
      says: ['removed b: no output and no effect needs it'],
    });
  });
});

describe('constant-folding', () => {
  it('takes out a filter that keeps every row', () => {
    expectRule(constantFolding, {
      script: `DECLARE @least = 0; ${A} b = a WHERE @least == 0; OUTPUT b TO "out.csv";`,
      before: ['b ← a: WHERE @least == 0', 'out.csv ← b: OUTPUT TO "out.csv" USING CsvWriter'],
      after: ['out.csv ← a: OUTPUT TO "out.csv" USING CsvWriter'],
      says: ['removed WHERE @least == 0: it keeps every row'],
    });
  });

  it('computes the constant parts of a predicate', () => {
    expectRule(constantFolding, {
      script: `DECLARE @least = 2; ${A} out = a WHERE x > 1 && @least > 1; ${OUT}`,
      before: ['out ← a: WHERE x > 1 && @least > 1'],
      after: ['out ← a: WHERE x > 1'],
      says: ['made WHERE x > 1 && @least > 1 into WHERE x > 1'],
    });
  });

  it('says false where a predicate never holds and cannot fail, and keeps it where it can', () => {
    const script = `DECLARE @least = 0; ${A} out = a WHERE x > 1 && @least > 1; ${OUT}`;
    expectRule(constantFolding, {
      script,
      before: ['out ← a: WHERE x > 1 && @least > 1'],
      after: ['out ← a: WHERE false'],
      says: ['made WHERE x > 1 && @least > 1 into WHERE false'],
    });
    expectRule(constantFolding, {
      script: script.replace('x > 1', '9 / x > 1'),
      before: ['out ← a: WHERE 9 / x > 1 && @least > 1'],
      after: ['out ← a: WHERE 9 / x > 1 && false'],
      says: ['made WHERE 9 / x > 1 && @least > 1 into WHERE 9 / x > 1 && false'],
    });
  });

  it('leaves lists as they are written', () => {
    expectUnfired(constantFolding, `${A} out = a WHERE x IN (1, 2); ${OUT}`);
  });
});

describe('meld', () => {
  it('merges filters that follow one another', () => {
    expectRule(meld, {
      script: `${A} b = a WHERE x != 0; out = b WHERE 10 / x > 3; ${OUT}`,
      before: ['b ← a: WHERE x != 0', 'out ← b: WHERE 10 / x > 3'],
      after: ['out ← a: WHERE x != 0 && 10 / x > 3'],
      says: ['merged WHERE x != 0 into WHERE 10 / x > 3'],
    });
  });

  it('composes projects', () => {
    expectRule(meld, {
      script: `${A} b = SELECT x AS n, y.trim() AS t FROM a; out = SELECT t.length AS l, n, n > 1 AS big FROM b; ${OUT}`,
      before: ['b ← a: SELECT x AS n, y.trim() AS t', 'out ← b: SELECT t.length AS l, n, n > 1 AS big'],
      after: ['out ← a: SELECT y.trim().length AS l, x AS n, x > 1 AS big'],
      says: ['composed SELECT of b with SELECT of out'],
    });
  });

  it('does not compute an item twice', () => {
    expectUnfired(meld, `${A} b = SELECT y.trim() AS t FROM a; out = SELECT t, t.length AS l FROM b; ${OUT}`);
  });

  it('does not hide an item that can fail behind a condition, or leave it out', () => {
    const first = 'b = SELECT x, 10 / x AS q FROM a;';
    expectUnfired(meld, `${A} ${first} out = SELECT x == 0 ? 0 : q AS r FROM b; ${OUT}`);
    expectUnfired(meld, `${A} ${first} out = SELECT x FROM b; ${OUT}`);
  });

  it('takes out a SELECT that changes nothing', () => {
    const plan = planOf(
      `${A} b = SELECT x, y, z, y.trim() AS t FROM a; OUTPUT b TO "out.csv" USING CsvWriter(order = [x, y, z]);`,
    );
    expect(plan.firings.map(({ what }) => what)).to.deep.equal([
      'left t out of b',
      'removed SELECT of b: it changes nothing',
    ]);
    expect(linesOf(plan.graph)).to.include('out.csv ← a: OUTPUT TO "out.csv" USING CsvWriter(order = [x, y, z])');
  });

  it('leaves the steps of a region apart', () => {
    expectUnfired(
      meld,
      `${A} b = a WHERE x > 1; c = b WHERE x > 2; out = c WHEN y == "" EDIT x = 5 LIMIT 1 ELSE DROP; ${OUT}`,
    );
  });
});

describe('column-pruning', () => {
  it('reads no text that nothing needs once dead steps are gone', () => {
    const plan = planOf(
      `${A} dead = a WHERE y == ""; out = a WHERE x > 1; OUTPUT out TO "out.csv" USING CsvWriter(order = [x]);`,
    );
    expect(linesOf(plan.graph)).to.include('a: EXTRACT x: int FROM "a.csv" USING CsvReader');
    expect(plan.firings.map(({ rule, what }) => `${rule}: ${what}`)).to.include('column-pruning: left y out of a');
  });

  it('reads a number that the script uses, so that a bad one is an error as before', () => {
    const plan = planOf(
      `${A} dead = a WHERE z > 1.0; out = a WHERE x > 1; OUTPUT out TO "out.csv" USING CsvWriter(order = [x]);`,
    );
    expect(linesOf(plan.graph)).to.include('a: EXTRACT x: int, z: float FROM "a.csv" USING CsvReader');
  });

  it('does not compute items that nothing reads, but those that can fail', () => {
    expectRule(columnPruning, {
      script: `${A} b = SELECT x, y.trim() AS t, 10 / x AS q FROM a; out = b WHERE x > 1; OUTPUT out TO "out.csv" USING CsvWriter(order = [x]);`,
      before: [
        'a: EXTRACT x: int, y: string FROM "a.csv" USING CsvReader',
        'b ← a: SELECT x, y.trim() AS t, 10 / x AS q',
      ],
      after: ['a: EXTRACT x: int FROM "a.csv" USING CsvReader', 'b ← a: SELECT x, 10 / x AS q'],
      says: ['left y out of a', 'left t out of b'],
    });
  });

  it('keeps no column through a sort that nothing behind it reads', () => {
    expectRule(columnPruning, {
      script: `${A} b = a WHERE z > 1.0; OUTPUT b TO "out.csv" USING CsvWriter(order = [y]) ORDER BY x;`,
      before: ['out.csv.sort ← b: ORDER BY x'],
      after: ['out.csv.sort.columns ← b: SELECT x, y', 'out.csv.sort ← out.csv.sort.columns: ORDER BY x'],
      says: ['left z out before out.csv.sort'],
    });
  });

  it('leaves both sides of a UNION with the same columns', () => {
    expectRule(columnPruning, {
      script: `${A} b = SELECT x, y.trim() AS y, z FROM a; c = a WHERE z > 1.0; u = b UNION c; OUTPUT u TO "out.csv" USING CsvWriter(order = [x]);`,
      before: [
        'a: EXTRACT x: int, y: string, z: float FROM "a.csv" USING CsvReader',
        'b ← a: SELECT x, y.trim() AS y, z',
        'u ← b, c: UNION ALL in source order',
      ],
      after: [
        'a: EXTRACT x: int, z: float FROM "a.csv" USING CsvReader',
        'b ← a: SELECT x',
        'u.columns ← c: SELECT x',
        'u ← b, u.columns: UNION ALL in source order',
      ],
      says: ['left y out of a', 'left y, z out of b', 'left z out before u'],
    });
  });

  it('prunes nothing in a region', () => {
    expectUnfired(
      columnPruning,
      `${A} b = a WHEN x > 1 EDIT x = 0 LIMIT 1 ELSE DROP; OUTPUT b TO "out.csv" USING CsvWriter(order = [x]);`,
    );
  });
});

describe('cost-order', () => {
  it('tests a number before a pattern', () => {
    expectRule(costOrder, {
      script: `${A} out = a WHERE regex("a+").test(y) && y.includes("b") && x > 1; ${OUT}`,
      before: ['out ← a: WHERE regex("a+").test(y) && y.includes("b") && x > 1'],
      after: ['out ← a: WHERE x > 1 && y.includes("b") && regex("a+").test(y)'],
      says: [
        'reordered WHERE regex("a+").test(y) && y.includes("b") && x > 1 to x > 1 && y.includes("b") && regex("a+").test(y)',
      ],
    });
  });

  it('leaves what can fail at its place, with all before it before it', () => {
    expectUnfired(costOrder, `${A} out = a WHERE regex("a+").test(y) && 10 / x > 1 && x > 1; ${OUT}`);
  });
});

describe('common-subplan', () => {
  it('calls a model once where the script writes it twice', () => {
    const model = 'PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label';
    expectRule(commonSubplan, {
      script: `${A} p = ${model}; q = ${model}; b = p WHERE x > 1; c = q WHERE x < 1; OUTPUT b TO "b.csv"; OUTPUT c TO "c.csv";`,
      before: ['q ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label', 'c ← q: WHERE x < 1'],
      after: ['c ← p: WHERE x < 1'],
      says: ['shared p with q'],
    });
  });

  it('does not make one source of two that a UNION takes one after the other', () => {
    const extract = 'EXTRACT x: int FROM "a.csv"';
    expectUnfired(commonSubplan, `a = ${extract}; b = ${extract}; out = a UNION b; ${OUT}`);
  });

  it('shares no clause that acts', () => {
    const clause = 'ASSERT x > 1 ELSE ROUTE TO bad';
    expectUnfired(
      commonSubplan,
      `${A} b = a ${clause}; c = a ${clause}; OUTPUT b TO "b.csv"; OUTPUT c TO "c.csv"; OUTPUT bad TO "bad.csv";`,
    );
  });
});

describe('top-k', () => {
  it('keeps only the first rows of an order', () => {
    expectRule(topK, {
      script: `${A} out = SELECT TOP 3 x, y, z FROM a ORDER BY x DESC; ${OUT}`,
      before: ['out.sort ← a: ORDER BY x DESC', 'out.top ← out.sort: TOP 3'],
      after: ['out.top ← a: TOP 3 ORDER BY x DESC'],
      says: ['made the ORDER BY of out.sort part of TOP 3'],
    });
  });
});
