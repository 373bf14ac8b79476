import { expect } from 'chai';
import { explainText } from '../../src/planner/explain/text.ts';
import { labelsOf, planOf } from './support.ts';

const HEAD = `IMPORT { SpellChecker, Sessions, Matcher } FROM "./operators.ts";
  a = EXTRACT k: string, start: int, text: string FROM "a.csv";`;

function commitsOf(script: string): readonly string[] {
  const plan = planOf(HEAD + script);
  const labels = labelsOf(plan.graph);
  return plan.commits.map(({ node, when }) => `${labels.get(node)} ${when}`);
}

describe('a plan commits', () => {
  it('after models, after classes of the user where they are slow, and nowhere else', () => {
    const script = `m = PROCESS a USING TextClassifier(text = text, model = "m");
      p = PROCESS (m WHERE score > 0.5) USING SpellChecker(text = text);
      s = REDUCE p ON k USING Sessions(start = start);
      c = COMBINE p WITH s ON p.k == s.k USING Matcher(left = p.text, right = s.k) PRODUCE score AS match;
      out = SELECT label, COUNT(*) AS n FROM c GROUP BY label ORDER BY n; OUTPUT out TO "out.csv";`;
    expect(commitsOf(script)).to.deep.equal(['m costly', 'p slow', 's slow', 'c slow']);
  });

  it('as HINT(commit = …) says', () => {
    const script = `m = PROCESS a USING TextClassifier(text = text, model = "m") HINT(commit = false);
      p = PROCESS m USING SpellChecker(text = text) HINT(commit = true);
      OUTPUT p TO "out.csv";`;
    expect(commitsOf(script)).to.deep.equal(['p hinted']);
  });

  it('nowhere in a job without operators, which explain then does not speak of', () => {
    const script = 'out = SELECT k, COUNT(*) AS n FROM a GROUP BY k; OUTPUT out TO "out.csv";';
    expect(commitsOf(script)).to.deep.equal([]);
    expect(explainText(planOf(HEAD + script))).to.not.include('commits');
  });

  it('where explain says', () => {
    const script = `m = PROCESS a USING TextClassifier(text = text, model = "m");
      p = PROCESS m USING SpellChecker(text = text); h = PROCESS p USING SpellChecker(text = k) PRODUCE corrected AS c HINT(commit = true);
      OUTPUT h TO "out.csv";`;
    expect(explainText(planOf(HEAD + script))).to.include(
      '\n\ncommits after m, p (calls that took long), h (HINT)\n\n',
    );
  });
});
