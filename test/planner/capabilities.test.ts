import { expect } from 'chai';
import { unsupported } from '../../src/planner/capabilities.ts';
import { planOf } from './support.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';

/** What is refused of a script, each with the text it points at. */
function refused(script: string): readonly string[] {
  const plan = planOf(script);
  return unsupported(plan).map(({ code, span, message }) => {
    const text = plan.sources[span.source]?.text.slice(span.start, span.end) ?? '';
    return `${code} at ${text}: ${message}`;
  });
}

describe('what the runtime does not run', () => {
  it('is nothing of a script that reads, filters, calls a model and writes', () => {
    const model =
      'p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label ON ERROR RETRY 2 TIMES ELSE DROP;';
    expect(
      refused(
        `${A} ${model} b = p WHERE x > 1 ASSERT y != "" ELSE ROUTE TO bad; OUTPUT b TO "b.csv"; OUTPUT bad TO "c.csv";`,
      ),
    ).to.deep.equal([]);
  });

  it('is nothing of a script with repairs through groups and joins', () => {
    const groups = 'g = SELECT y, SUM(x) AS s FROM a GROUP BY y WHEN s > 9 DELETE x LIMIT 1 ELSE DROP;';
    expect(refused(`${A} ${groups} OUTPUT g TO "g.csv";`)).to.deep.equal([]);
  });

  it('is nothing of TOP, windows, EXCEPT, INTERSECT and joins of all kinds between a repair and its rows', () => {
    const repair = 'WHEN x == 1 EDIT x = 2 LIMIT 1 ELSE DROP';
    const joins = ['LEFT', 'RIGHT', 'FULL', 'SEMI', 'ANTI'].map(
      (type) => `SELECT l.x AS x FROM a AS l ${type} JOIN b AS r ON l.y == r.y`,
    );
    const shapes = [
      'SELECT TOP 3 x FROM a ORDER BY x',
      'SELECT x, ROW_NUMBER() OVER (PARTITION BY y ORDER BY x) AS n FROM a',
      '(SELECT x FROM a) EXCEPT (SELECT x FROM b)',
      '(SELECT x FROM a) INTERSECT (SELECT x FROM b)',
      '(SELECT x FROM a) UNION DISTINCT (SELECT x FROM b)',
      ...joins,
    ];
    for (const shape of shapes) {
      const script = `${A} b = a ${repair}; c = ${shape}; d = c ${repair}; OUTPUT d TO "d.csv";`;
      expect(refused(script), shape).to.deep.equal([]);
    }
  });

  it('is a COMBINE that keeps groups without a partner, between a repair and its rows, and nowhere else', () => {
    const combine = `IMPORT { Matcher } FROM "./operators.ts"; ${A} b = VALUES (1, "b") AS (x: int, z: string);
      c = COMBINE a LEFT WITH b ON a.x == b.x USING Matcher(left = y, right = z);`;
    expect(refused(`${combine} OUTPUT c TO "c.csv";`)).to.deep.equal([]);
    const [found = ''] = refused(`${combine} d = c WHEN z == null EDIT y = "" LIMIT 1 ELSE DROP; OUTPUT d TO "d.csv";`);
    expect(found).to.match(/^PS6101 at COMBINE a LEFT WITH b /);
    expect(found).to.include('LEFT COMBINE between a repair and the rows it repairs');
  });

  it('is nothing of a script whose ON ERROR or operator repairs rows', () => {
    const onError =
      'p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label ON ERROR EDIT y = "" LIMIT 1 ELSE DROP;';
    expect(refused(`${A} ${onError} OUTPUT p TO "p.csv";`)).to.deep.equal([]);
    const operator = `IMPORT { SpellChecker } FROM "./operators.ts"; ${A} b = PROCESS a USING SpellChecker(text = y); OUTPUT b TO "b.csv";`;
    expect(refused(operator)).to.deep.equal([]);
  });

  it('is nothing of ROUTE TO, ORDER BY, LEFT JOIN and REDUCE between a repair and its rows', () => {
    const other = 'z = VALUES (1, "a") AS (n: int, y: string);';
    const joined = 'j = SELECT a.x AS x, b.n AS n, a.y AS y FROM a AS a LEFT JOIN z AS b ON a.y == b.y ORDER BY x;';
    const reduced = 'r = REDUCE j ON y USING First(value = x) WHEN y == "b" DELETE y LIMIT 1 ELSE ROUTE TO rest;';
    const again = 'c = rest WHEN y == "c" EDIT y = "d" LIMIT 1 ELSE DROP;';
    expect(
      refused(`${A} ${other} ${joined} ${reduced} ${again} OUTPUT c TO "c.csv"; OUTPUT r TO "r.csv";`),
    ).to.deep.equal([]);
  });

  it('is nothing of an ON ERROR behind a SELECT', () => {
    expect(refused(`${A} b = SELECT 10 / x AS q FROM a ON ERROR DROP; OUTPUT b TO "b.csv";`)).to.deep.equal([]);
  });
});
