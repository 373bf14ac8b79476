import { expect } from 'chai';
import type { Plan } from '../../src/planner/plan.ts';
import { labelsOf, planOf } from './support.ts';
import { WHOLE_SCRIPT } from './whole-script.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';

function backEdgesOf(plan: Plan): readonly string[] {
  const labels = labelsOf(plan.graph);
  return plan.graph.backEdges.map(
    ({ from, to, column, repair }) => `${labels.get(from)} ${repair} ${column} at ${labels.get(to)}`,
  );
}

function regionsOf(plan: Plan): readonly string[] {
  const labels = labelsOf(plan.graph);
  const named = (ids: readonly number[]): string => ids.map((id) => labels.get(id)).join(' ');
  return plan.regions.map(
    ({ nodes, rowLocal, origins }) => `${named(nodes)} | ${rowLocal ? 'row-local' : 'levels'} | ${named(origins)}`,
  );
}

describe('back edges and regions', () => {
  it('are two row-local regions in the whole-script example', () => {
    const plan = planOf(WHOLE_SCRIPT);
    expect(backEdgesOf(plan)).to.deep.equal(['translated append line at lines', 'trusted retry sentiment at scored']);
    expect(regionsOf(plan)).to.deep.equal([
      'lines classified foreign translated/process translated | row-local | lines',
      'scored trusted | row-local | scored',
    ]);
  });

  it('go to the step that computed the column, past renames and unions, once for each', () => {
    const script = `${A} b = SELECT x AS n, y.trim() AS t FROM a; c = SELECT x AS n, y AS t FROM a; u = b UNION c;
      d = SELECT n, t AS s FROM u; out = d WHEN s == "" EDIT s = "-" LIMIT 1 ELSE DROP; OUTPUT out TO "out.csv";`;
    expect(backEdgesOf(planOf(script))).to.deep.equal(['out edit t at b', 'out edit y at a']);
  });

  it('are raised by every action of a ladder', () => {
    const script = `${A} out = a WHEN x > 1 EDIT x = 0 LIMIT 1 ELSE DELETE y; OUTPUT out TO "out.csv";`;
    expect(backEdgesOf(planOf(script))).to.deep.equal(['out edit x at a', 'out delete y at a']);
  });

  it('are made by what an operator declares it may repair', () => {
    const script = `IMPORT { SpellChecker } FROM "./operators.ts"; ${A} out = PROCESS a USING SpellChecker(text = y); OUTPUT out TO "out.csv";`;
    expect(backEdgesOf(planOf(script))).to.deep.equal(['out edit y at a']);
  });

  it('enter a SELECT behind its items, before its HAVING', () => {
    const script = `${A} b = SELECT y, COUNT(*) AS n FROM a GROUP BY y HAVING n > 1; out = b WHEN n > 9 EDIT n = 9 LIMIT 1 ELSE DROP; OUTPUT out TO "out.csv";`;
    const plan = planOf(script);
    expect(backEdgesOf(plan)).to.deep.equal(['out edit n at b']);
    expect(regionsOf(plan)).to.deep.equal(['b b.having out | levels | b']);
  });

  it('settle by levels with a group in the loop', () => {
    const script = `${A} b = SELECT y, COUNT(*) AS n FROM a GROUP BY y; out = b WHEN n > 9 DELETE y ELSE DROP; OUTPUT out TO "out.csv";`;
    expect(regionsOf(planOf(script))).to.deep.equal(['a b out | levels | a']);
  });

  it('are row-local with a join whose other side comes from outside', () => {
    const script = `${A} k = EXTRACT k: int, v: string FROM "k.csv"; b = SELECT a.x, a.y, k.v FROM a JOIN k ON a.x == k.k;
      out = b WHEN v == "" EDIT x = 0 LIMIT 1 ELSE DROP; OUTPUT out TO "out.csv";`;
    expect(regionsOf(planOf(script))).to.deep.equal(['a b.join b out | row-local | a']);
  });

  it('are levels where both sides of a join are in the loop', () => {
    const script = `${A} b = a WHERE x > 1; c = SELECT a.x, b.y FROM a JOIN b ON a.x == b.x;
      out = c WHEN y == "" EDIT y = "-" LIMIT 1 ELSE DROP; OUTPUT out TO "out.csv";`;
    expect(regionsOf(planOf(script))).to.deep.equal(['a b c.join c out | levels | a']);
  });

  it('are none without a repair', () => {
    expect(
      planOf(`${A} out = a ASSERT x > 1 ELSE ROUTE TO bad; OUTPUT out TO "out.csv"; OUTPUT bad TO "bad.csv";`).regions,
    ).to.deep.equal([]);
  });
});
