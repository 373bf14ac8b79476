import { predicatePushdown } from '../../../src/planner/rules/predicate-pushdown.ts';
import { expectRule, expectUnfired } from '../support.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';
const P = 'p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label;';
const OUT = 'OUTPUT out TO "out.csv";';

describe('predicate-pushdown', () => {
  it('moves a predicate on the input before a model', () => {
    expectRule(predicatePushdown, {
      script: `${A} ${P} out = p WHERE x > 3; ${OUT}`,
      before: [
        'p ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out ← p: WHERE x > 3',
        'out.csv ← out: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      after: [
        'out ← a: WHERE x > 3',
        'p ← out: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out.csv ← p: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      says: ['moved WHERE x > 3 before TextClassifier'],
    });
  });

  it('moves only the part that reads no produced column', () => {
    expectRule(predicatePushdown, {
      script: `${A} ${P} out = p WHERE label == "en" && x > 3; ${OUT}`,
      before: [
        'p ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out ← p: WHERE label == "en" && x > 3',
      ],
      after: [
        'out.early ← a: WHERE x > 3',
        'p ← out.early: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out ← p: WHERE label == "en"',
      ],
      says: ['moved WHERE x > 3 before TextClassifier'],
    });
  });

  it('does not move what can fail, nor past it', () => {
    expectUnfired(predicatePushdown, `${A} ${P} out = p WHERE 10 / x > 3; ${OUT}`);
    expectUnfired(predicatePushdown, `${A} ${P} out = p WHERE 10 / x > 3 && x > 1; ${OUT}`);
  });

  it('moves what stands before what can fail', () => {
    expectRule(predicatePushdown, {
      script: `${A} ${P} out = p WHERE x != 0 && 10 / x > 3; ${OUT}`,
      before: [
        'p ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out ← p: WHERE x != 0 && 10 / x > 3',
      ],
      after: [
        'out.early ← a: WHERE x != 0',
        'p ← out.early: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label',
        'out ← p: WHERE 10 / x > 3',
      ],
      says: ['moved WHERE x != 0 before TextClassifier'],
    });
  });

  it('leaves an operator with ON ERROR the rows it sees', () => {
    expectUnfired(
      predicatePushdown,
      `${A} p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label ON ERROR DROP; out = p WHERE x > 3; ${OUT}`,
    );
  });

  it('leaves a handler the rows it sees', () => {
    expectUnfired(
      predicatePushdown,
      `${A} p = a ASSERT y != "" ELSE ROUTE TO bad; out = p WHERE x > 3; ${OUT} OUTPUT bad TO "bad.csv";`,
    );
  });

  it('does not move anything inside a region', () => {
    const loop = 'p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label; f = p WHERE x > 3;';
    expectUnfired(
      predicatePushdown,
      `${A} ${loop} out = f ASSERT label == "en" ELSE EDIT y = label LIMIT 1 ELSE DROP; ${OUT}`,
    );
  });

  it('does not take rows from a second reader', () => {
    expectUnfired(predicatePushdown, `${A} ${P} out = p WHERE x > 3; ${OUT} OUTPUT p TO "p.csv";`);
  });

  it('looks through a SELECT at what it passes on, but computes nothing twice', () => {
    const script = `${A} s = SELECT x AS n, y.trim() AS t FROM a; out = s WHERE n > 3; ${OUT}`;
    expectRule(predicatePushdown, {
      script,
      before: [
        's ← a: SELECT x AS n, y.trim() AS t',
        'out ← s: WHERE n > 3',
        'out.csv ← out: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      after: [
        'out ← a: WHERE x > 3',
        's ← out: SELECT x AS n, y.trim() AS t',
        'out.csv ← s: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      says: ['moved WHERE n > 3 before SELECT of s'],
    });
    expectUnfired(predicatePushdown, script.replace('n > 3', 't != ""'));
  });

  it('does not move past a SELECT that can fail on the rows it would drop', () => {
    expectUnfired(predicatePushdown, `${A} s = SELECT x, 10 / x AS q FROM a; out = s WHERE x != 0; ${OUT}`);
  });

  it('moves into both sides of a UNION', () => {
    expectRule(predicatePushdown, {
      script: `${A} b = EXTRACT x: int, y: string FROM "b.csv"; u = a UNION b; out = u WHERE x > 3; ${OUT}`,
      before: [
        'u ← a, b: UNION ALL, left then right',
        'out ← u: WHERE x > 3',
        'out.csv ← out: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      after: [
        'out.left ← a: WHERE x > 3',
        'out.right ← b: WHERE x > 3',
        'u ← out.left, out.right: UNION ALL, left then right',
        'out.csv ← u: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      says: ['moved WHERE x > 3 into both sides of u'],
    });
  });

  it('moves into the side of a join that it reads', () => {
    expectRule(predicatePushdown, {
      script: `${A} b = EXTRACT k: int, v: string FROM "b.csv"; out = SELECT a.x, b.v FROM a JOIN b ON a.x == b.k WHERE b.v != "" && a.x > 3; ${OUT}`,
      before: [
        'out.join ← a, b: INNER JOIN ON a.x == b.k',
        'out.where ← out.join: WHERE b.v != "" && a.x > 3',
        'out ← out.where: SELECT a.x, b.v',
      ],
      after: [
        'out.where.early ← a: WHERE x > 3',
        'out.where ← b: WHERE v != ""',
        'out.join ← out.where.early, out.where: INNER JOIN ON a.x == b.k',
        'out ← out.join: SELECT a.x, b.v',
      ],
      says: [
        'moved WHERE a.x > 3 into the left side of out.join',
        'moved WHERE b.v != "" into the right side of out.join',
      ],
    });
  });

  it('does not move into the side of a LEFT JOIN that is filled up with nulls', () => {
    expectUnfired(
      predicatePushdown,
      `${A} b = EXTRACT k: int, v: string FROM "b.csv"; out = SELECT a.x, b.v FROM a LEFT JOIN b ON a.x == b.k WHERE b.v == null; ${OUT}`,
    );
  });

  it('drops whole groups before they are made where it reads their keys', () => {
    expectRule(predicatePushdown, {
      script: `${A} out = SELECT y, COUNT(*) AS n FROM a GROUP BY y HAVING y != ""; ${OUT}`,
      before: [
        'out ← a: GROUP BY y: COUNT(*) AS n',
        'out.having ← out: HAVING y != ""',
        'out.csv ← out.having: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      after: [
        'out.having ← a: HAVING y != ""',
        'out ← out.having: GROUP BY y: COUNT(*) AS n',
        'out.csv ← out: OUTPUT TO "out.csv" USING CsvWriter',
      ],
      says: ['moved HAVING y != "" before out'],
    });
  });

  it('leaves groups alone whose sums can overflow', () => {
    expectUnfired(predicatePushdown, `${A} out = SELECT y, SUM(x) AS n FROM a GROUP BY y HAVING y != ""; ${OUT}`);
  });

  it('does not move past TOP', () => {
    expectUnfired(predicatePushdown, `${A} t = SELECT TOP 3 x, y FROM a; out = t WHERE x > 3; ${OUT}`);
  });
});
