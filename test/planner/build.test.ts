import { expect } from 'chai';
import { plan } from '../../src/planner/make-plan.ts';
import { typed } from '../support/check.ts';
import { graphOf, linesOf, node, planOf } from './support.ts';

const A = 'a = EXTRACT x: int, y: string, z: float FROM "a.csv";';
const OUT = 'OUTPUT out TO "out.csv";';

function lines(script: string): readonly string[] {
  return linesOf(graphOf(script)).filter((line) => !line.startsWith('a:') && !line.startsWith('out.csv ←'));
}

describe('the graph of a script', () => {
  it('has SELECT as WHERE, the items, and behind them HAVING, DISTINCT, ORDER BY and TOP', () => {
    const script = `${A} out = SELECT DISTINCT TOP 3 x + 1 AS n, y FROM a WHERE x > 1 HAVING n > 4 ORDER BY n DESC; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'out.where ← a: WHERE x > 1',
      'out ← out.where: SELECT x + 1 AS n, y',
      'out.having ← out: HAVING n > 4',
      'out.distinct ← out.having: DISTINCT',
      'out.sort ← out.distinct: ORDER BY n DESC',
      'out.top ← out.sort: TOP 3',
    ]);
  });

  it('carries what ORDER BY and HAVING need beside the items, and takes it off at the end', () => {
    expect(lines(`${A} out = SELECT y FROM a HAVING x > 1 ORDER BY z; ${OUT}`)).to.deep.equal([
      'out ← a: SELECT y, x, z',
      'out.having ← out: HAVING x > 1',
      'out.sort ← out.having: ORDER BY z',
      'out.items ← out.sort: SELECT y',
    ]);
  });

  it('computes each aggregate once, and needs no project where the items are what the group gives', () => {
    const script = `${A} out = SELECT y, COUNT(*) AS n FROM a GROUP BY y HAVING COUNT(*) > 1 ORDER BY COUNT(*); ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'out ← a: GROUP BY y: COUNT(*) AS n',
      'out.having ← out: HAVING n > 1',
      'out.sort ← out.having: ORDER BY n',
    ]);
  });

  it('computes items over aggregates behind the group', () => {
    const script = `${A} out = SELECT y.trim() AS k, SUM(x) / COUNT(*) AS mean FROM a GROUP BY y.trim() HAVING MAX(x) < 9; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'out.group ← a: GROUP BY y.trim() AS k: SUM(x) AS sum, COUNT(*) AS count, MAX(x) AS max',
      'out ← out.group: SELECT k, sum / count AS mean, max',
      'out.having ← out: HAVING max < 9',
      'out.items ← out.having: SELECT k, mean',
    ]);
  });

  it('runs windows over the groups that HAVING left', () => {
    const script = `${A} out = SELECT y, RANK() OVER (ORDER BY COUNT(*)) AS r FROM a GROUP BY y HAVING COUNT(*) > 1; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'out.group ← a: GROUP BY y: COUNT(*) AS count',
      'out.having ← out.group: HAVING count > 1',
      'out.window ← out.having: WINDOW RANK() OVER (ORDER BY count) AS r',
      'out ← out.window: SELECT y, r',
    ]);
  });

  it('names the sides of a join, and qualifies a source that is exploded before it is joined', () => {
    const script = `${A} b = EXTRACT x: int FROM "b.csv";
      out = SELECT a.y, w, b.x FROM a CROSS APPLY EXPLODE(a.y.split(" ")) AS w LEFT JOIN b ON a.x == b.x && a.z > 1.5; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'b: EXTRACT x: int FROM "b.csv" USING CsvReader',
      'out.a ← a: SELECT x, y, z',
      'out.explode ← out.a: EXPLODE a.y.split(" ") AS w',
      'out.join ← out.explode, b: LEFT JOIN ON a.x == b.x && a.z > 1.5',
      'out ← out.join: SELECT a.y, w, b.x',
    ]);
  });

  it('has PROCESS as WHERE before it and HAVING behind it, with its ON ERROR at the operator', () => {
    const script = `${A} out = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label WHERE x > 1 HAVING label != "" ON ERROR DROP; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'out/process.where ← a: WHERE x > 1',
      'out/process ← out/process.where: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label ON ERROR DROP',
      'out/process.having ← out/process: HAVING label != ""',
    ]);
  });

  it('brings both sides of a set operation to the same columns in the same order', () => {
    const script = `${A} b = EXTRACT y: string, x: int FROM "b.csv"; out = a UNION DISTINCT ON (x, y) b; ${OUT}`;
    expect(lines(script)).to.deep.equal([
      'b: EXTRACT y: string, x: int FROM "b.csv" USING CsvReader',
      'out.right ← b: SELECT x, y',
      'out.union ← a, out.right: UNION ALL, left then right',
      'out ← out.union: DISTINCT',
    ]);
  });

  it('does not have the columns that nothing uses', () => {
    const graph = graphOf(`${A} out = a WHERE x > 1; OUTPUT out TO "out.csv" USING CsvWriter(order = [y]);`);
    expect(linesOf(graph)).to.include('a: EXTRACT x: int, y: string FROM "a.csv" USING CsvReader');
    expect(node(graph, 'out').schema.map(({ name }) => name)).to.deep.equal(['x', 'y']);
  });

  it('sorts before an OUTPUT with ORDER BY', () => {
    expect(linesOf(graphOf(`${A} OUTPUT a TO "out.csv" ORDER BY z DESC, x;`)).slice(1)).to.deep.equal([
      'out.csv.sort ← a: ORDER BY z DESC, x',
      'out.csv ← out.csv.sort: OUTPUT TO "out.csv" USING CsvWriter',
    ]);
  });

  it('computes VALUES that call a function from rows without columns', () => {
    const script =
      'IMPORT { words } FROM "./operators.ts"; out = VALUES (1, words("a")), (2, ["b"]) AS (n, s); OUTPUT out TO "out.csv";';
    expect(lines(script)).to.deep.equal([
      'out.nothing: VALUES, 1 row',
      'out.row ← out.nothing: SELECT 1 AS n, words("a") AS s',
      'out.nothing 2: VALUES, 1 row',
      'out.row 2 ← out.nothing 2: SELECT 2 AS n, ["b"] AS s',
      'out ← out.row, out.row 2: UNION ALL, left then right',
    ]);
  });

  it('gives every node a label of its own, also where names are assigned again', () => {
    const graph = graphOf(`${A} a = a WHERE x > 1; a = a WHERE x < 9; OUTPUT a TO "out.csv";`);
    const labels = graph.nodes.map(({ label }) => label);
    expect(new Set(labels).size).to.equal(labels.length);
  });

  it('knows that no row was repaired where nothing repairs', () => {
    const script = `${A} out = SELECT attempts(x) AS n, original(y) AS o FROM a WHERE attempts(x) == 0; ${OUT}`;
    expect(lines(script)).to.deep.equal(['out.where ← a: WHERE 0 == 0', 'out ← out.where: SELECT 0 AS n, y AS o']);
  });

  it('keeps hints at the step they were given to', () => {
    const script = `${A} out = PROCESS a USING TextClassifier(text = y, model = "m") HINT(batch = 8); ${OUT}`;
    expect([...node(graphOf(script), 'out').hints]).to.deep.equal([['batch', 8]]);
  });
});

describe('the order of a UNION', () => {
  const interleaves = (script: string): boolean => {
    const union = graphOf(script).nodes.find(({ kind }) => kind === 'union');
    return union?.kind === 'union' && union.interleave;
  };

  it('is the source’s where both sides are branches of one source', () => {
    expect(interleaves(`${A} b = a WHERE x > 1; c = a WHERE x < 0; out = b UNION c; ${OUT}`)).to.equal(true);
  });

  it('is left, then right, of different sources', () => {
    expect(interleaves(`${A} b = EXTRACT x: int, y: string, z: float FROM "b.csv"; out = a UNION b; ${OUT}`)).to.equal(
      false,
    );
  });

  it('is left, then right, where one side was sorted', () => {
    expect(interleaves(`${A} b = SELECT x, y, z FROM a ORDER BY x; out = a UNION b; ${OUT}`)).to.equal(false);
  });

  it('follows the left input of a join', () => {
    const join = 'b = EXTRACT k: int FROM "b.csv"; c = SELECT x, y, z FROM a JOIN b ON a.x == b.k;';
    expect(interleaves(`${A} ${join} out = a UNION c; ${OUT}`)).to.equal(true);
  });
});

describe('ROUTE TO', () => {
  it('collects what the clauses of one source route in one node', () => {
    const script = `${A} b = a ASSERT x > 1 ELSE ROUTE TO bad; c = a ASSERT x < 9 ELSE ROUTE TO bad; OUTPUT bad TO "out.csv"; OUTPUT b TO "b.csv"; OUTPUT c TO "c.csv";`;
    expect(lines(script)).to.include('bad ← b, c: ROUTED TO bad');
  });

  it('puts the clauses of different sources one after another', () => {
    const script = `${A} d = EXTRACT x: int, y: string, z: float FROM "d.csv"; b = a ASSERT x > 1 ELSE ROUTE TO bad; c = d ASSERT x < 9 ELSE ROUTE TO bad; OUTPUT bad TO "out.csv"; OUTPUT b TO "b.csv"; OUTPUT c TO "c.csv";`;
    expect(lines(script)).to.include.members([
      'bad.1 ← b: ROUTED TO bad',
      'bad.2 ← c: ROUTED TO bad',
      'bad ← bad.1, bad.2: UNION ALL, left then right',
    ]);
  });

  it('collects the failed lines of an EXTRACT', () => {
    const script =
      'a = EXTRACT x: int FROM "a.csv" ON ERROR ROUTE TO bad; OUTPUT a TO "a.csv2" USING CsvWriter(); OUTPUT bad TO "out.csv";';
    const graph = graphOf(script);
    expect(node(graph, 'bad').schema.map(({ name }) => name)).to.deep.equal(['file', 'line', 'text', 'reason']);
    expect(linesOf(graph)).to.include('bad ← a/extract: ROUTED TO bad');
  });
});

describe('plan', () => {
  it('refuses the name of a rule that there is not, and says which was meant', () => {
    const options = { disableOpts: new Set(['melt', 'top-k']), noOpt: false };
    const { plan: made, diagnostics } = plan(typed(`${A} OUTPUT a TO "out.csv";`), options);
    expect(made).to.equal(null);
    expect(diagnostics.map(({ code, help }) => `${code} ${help}`)).to.deep.equal(['PS6001 did you mean meld?']);
  });

  it('refuses rows that are routed in a circle', () => {
    const script = `${A} b = a ASSERT x > 1 ELSE ROUTE TO bad; OUTPUT b TO "b.csv";
      c = SELECT x, y, z FROM bad ASSERT x > 0 ELSE ROUTE TO bad; OUTPUT c TO "c.csv";`;
    const { plan: made, diagnostics } = plan(typed(script));
    expect(made).to.equal(null);
    expect(diagnostics.map(({ code }) => code)).to.deep.equal(['PS6002']);
  });

  it('runs no rule where none is wanted', () => {
    expect(planOf(`${A} b = a WHERE x > 1; OUTPUT a TO "out.csv";`, { noOpt: true }).firings).to.deep.equal([]);
  });
});
