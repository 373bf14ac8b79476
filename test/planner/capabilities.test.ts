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

  it('is what stands between a repair and its rows and has no incremental form', () => {
    const top = 'b = SELECT TOP 3 x FROM a WHEN x > 1 EDIT x = 0 LIMIT 1 ELSE DROP;';
    expect(refused(`${A} ${top} OUTPUT b TO "b.csv";`)).to.deep.equal([
      'PS6101 at SELECT TOP 3 x FROM a: this version does not run TOP between a repair and the rows it repairs yet',
    ]);
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

  it('is a LEFT JOIN whose right side is repaired', () => {
    const joined =
      'b = a WHEN x == 1 EDIT x = 2; j = SELECT l.y AS y, r.x AS x FROM a AS l LEFT JOIN b AS r ON l.x == r.x WHEN y == "" EDIT y = "b";';
    expect(refused(`${A} ${joined} OUTPUT j TO "j.csv";`).join()).to.include('LEFT JOIN between a repair');
  });

  it('is nothing of the history of a row in a REDUCE, nor of its ON ERROR', () => {
    const reduced =
      'r = REDUCE a ON y USING First(value = attempts(x)) ON ERROR EDIT x = 1 LIMIT 1 WHEN y == "b" EDIT y = "c";';
    expect(
      refused(`${A} ${reduced} b = a WHEN x == 1 EDIT x = 2; OUTPUT r TO "r.csv"; OUTPUT b TO "b.csv";`),
    ).to.deep.equal([]);
  });

  it('is nothing of an ON ERROR behind a SELECT', () => {
    expect(refused(`${A} b = SELECT 10 / x AS q FROM a ON ERROR DROP; OUTPUT b TO "b.csv";`)).to.deep.equal([]);
  });
});
