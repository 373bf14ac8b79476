import { expect } from 'chai';
import { labelsOf, planOf } from './support.ts';
import { WHOLE_SCRIPT } from './whole-script.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';

/** `id kind ← inputs: nodes` */
function stagesOf(script: string): readonly string[] {
  const plan = planOf(script, { noOpt: true });
  const labels = labelsOf(plan.graph);
  return plan.stages.map(({ id, kind, nodes, inputs }) => {
    const from = inputs.length === 0 ? '' : ` ← ${inputs.join(', ')}`;
    return `${id} ${kind}${from}: ${nodes.map((node) => labels.get(node)).join(' ')}`;
  });
}

describe('stages', () => {
  it('take a chain of row-wise steps in one pass', () => {
    const script = `${A} b = a WHERE x > 1; c = SELECT x + 1 AS n, y FROM b; d = c ASSERT y != "" ELSE DROP; OUTPUT d TO "out.csv";`;
    expect(stagesOf(script)).to.deep.equal(['0 source: a b c d', '1 sink ← 0: out.csv']);
  });

  it('begin at a model, and let row-wise steps follow it', () => {
    const script = `${A} p = PROCESS a USING TextClassifier(text = y, model = "m") PRODUCE label; b = p WHERE label == ""; OUTPUT b TO "out.csv";`;
    expect(stagesOf(script)).to.deep.equal(['0 source: a', '1 model ← 0: p b', '2 sink ← 1: out.csv']);
  });

  it('end where several steps read the same rows, and where branches meet', () => {
    const script = `${A} b = a WHERE x > 1; c = a WHERE x < 0; u = b UNION c; d = u WHERE y != ""; OUTPUT d TO "out.csv";`;
    expect(stagesOf(script)).to.deep.equal([
      '0 source: a',
      '1 rows ← 0: b',
      '2 rows ← 0: c',
      '3 merge ← 1, 2: u',
      '4 rows ← 3: d',
      '5 sink ← 4: out.csv',
    ]);
  });

  it('let what is routed out at the side', () => {
    const script = `${A} b = a ASSERT x > 1 ELSE ROUTE TO bad ASSERT y != "" ELSE ROUTE TO bad; OUTPUT b TO "out.csv"; OUTPUT bad TO "bad.csv";`;
    expect(stagesOf(script)).to.deep.equal([
      '0 source: a b/handler b',
      '1 merge ← 0, 0: bad',
      '2 sink ← 0: out.csv',
      '3 sink ← 1: bad.csv',
    ]);
  });

  it('keep steps that need all rows apart', () => {
    const script = `${A} b = SELECT y, COUNT(*) AS n FROM a WHERE x > 1 GROUP BY y ORDER BY n; OUTPUT b TO "out.csv";`;
    expect(stagesOf(script)).to.deep.equal([
      '0 source: a b.where',
      '1 cross ← 0: b',
      '2 cross ← 1: b.sort',
      '3 sink ← 2: out.csv',
    ]);
  });

  it('end at the border of a region, which only settled rows pass', () => {
    expect(stagesOf(WHOLE_SCRIPT)).to.include.members([
      '5 model ← 2: scored trusted',
      '7 rows ← 5: positive.csv/filter',
    ]);
  });
});
