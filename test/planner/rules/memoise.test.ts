import { expect } from 'chai';
import { memoise } from '../../../src/planner/rules/memoise.ts';
import { expectRule, expectUnfired, linesOf, planOf } from '../support.ts';

const A = 'a = EXTRACT x: int, y: string FROM "a.csv";';
const MODEL = 'TextClassifier(text = y, model = "m")';

describe('memoise', () => {
  it('lets equal inputs of a model be asked once', () => {
    expectRule(memoise, {
      script: `${A} out = PROCESS a USING ${MODEL} PRODUCE label; OUTPUT out TO "out.csv";`,
      before: ['out ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label'],
      after: ['out ← a: PROCESS USING TextClassifier(text = y, model = "m") PRODUCE label, equal inputs once'],
      says: ['TextClassifier in out is asked once for equal inputs'],
    });
  });

  it('does so inside a region and for each of several conjectures', () => {
    const plan = planOf(
      `${A} p = PROCESS a USING ${MODEL} ELSE TextClassifier(text = y, model = "n") PRODUCE label, score
         WHEN score < 0.5 RETRY label LIMIT 1 ELSE KEEP; OUTPUT p TO "out.csv";`,
    );
    expect(plan.regions).to.have.lengthOf(1);
    expect(linesOf(plan.graph).filter((line) => line.endsWith(', equal inputs once'))).to.have.lengthOf(1);
    expect(plan.firings.map(({ rule }) => rule)).to.include('memoise');
  });

  it('leaves classes of the user alone: what they do with a model is theirs', () => {
    expectUnfired(
      memoise,
      `IMPORT { SpellChecker } FROM "./operators.ts"; ${A} p = PROCESS a USING SpellChecker(text = y); OUTPUT p TO "out.csv";`,
    );
  });

  it('is off with the others', () => {
    const script = `${A} out = PROCESS a USING ${MODEL} PRODUCE label; OUTPUT out TO "out.csv";`;
    for (const options of [{ noOpt: true }, { disableOpts: new Set(['memoise']) }]) {
      expect(linesOf(planOf(script, options).graph).join('\n')).to.not.include('equal inputs once');
    }
  });
});
