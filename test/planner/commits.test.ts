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

  describe('values only until the operator that reads them has answered', () => {
    const freedBy = (script: string, options: Parameters<typeof planOf>[1] = {}): readonly string[] => {
      const plan = planOf(HEAD + script, options);
      const labels = labelsOf(plan.graph);
      return plan.commits.flatMap(({ node, freed }) =>
        freed === undefined
          ? []
          : [`${freed.outputs.join('+')} of ${labels.get(node)} after ${labels.get(freed.after)}`],
      );
    };
    const A = 'p = PROCESS a USING Translator(text = text, model = "t") PRODUCE translation AS corrected';
    const B = 'm = PROCESS p USING TextClassifier(text = corrected, model = "m") PRODUCE label';

    for (const [what, script] of [
      ['and a projection leaves them out', `${A}; ${B}; OUTPUT (SELECT k, label FROM m) TO "o.csv";`],
      [
        'under another name, behind filters and other operators',
        `${A} ON ERROR DROP; q = PROCESS (SELECT k, text, corrected AS c FROM p WHERE start > 1) USING TextClassifier(text = text, model = "q") PRODUCE label AS other;
         m = PROCESS q USING TextClassifier(text = c, model = "m") PRODUCE label ON ERROR DROP; OUTPUT (SELECT k, label, other FROM m WHERE label != "x") TO "o.csv";`,
      ],
      [
        'and groups leave them out',
        `${A}; ${B}; g = SELECT label, COUNT(*) AS n FROM m GROUP BY label; OUTPUT g TO "o.csv";`,
      ],
    ] as const) {
      it(what, () =>
        expect(freedBy(script).map((line) => line.replaceAll('/process', ''))).to.deep.equal([
          'translation of p after m',
        ]),
      );
    }

    for (const [what, script] of [
      ['they are written', `${A}; ${B}; OUTPUT (SELECT k, label, corrected FROM m) TO "o.csv";`],
      ['all columns are written', `${A}; ${B}; OUTPUT m TO "o.csv";`],
      ['a filter looks at them', `${A}; ${B}; OUTPUT (SELECT k, label FROM m WHERE corrected != "x") TO "o.csv";`],
      [
        'an expression is computed of them',
        `${A}; m = PROCESS p USING TextClassifier(text = corrected.trim(), model = "m") PRODUCE label; OUTPUT (SELECT k, label FROM m) TO "o.csv";`,
      ],
      [
        'another rowset reads them',
        `${A}; ${B}; OUTPUT (SELECT k, label FROM m) TO "o.csv"; OUTPUT (SELECT corrected FROM p) TO "p.csv";`,
      ],
      [
        'rows that fail are routed with them',
        `${A}; ${B} ON ERROR ROUTE TO bad; OUTPUT (SELECT k, label FROM m) TO "o.csv"; OUTPUT bad TO "b.csv";`,
      ],
      [
        'the operator that reads them commits nothing',
        `${A}; ${B} HINT(commit = false); OUTPUT (SELECT k, label FROM m) TO "o.csv";`,
      ],
      [
        'a repair may ask for them again',
        `${A}; ${B}; h = m ASSERT label != "x" ELSE EDIT text = text.trim() LIMIT 1 ELSE DROP; OUTPUT (SELECT k, label FROM h) TO "o.csv";`,
      ],
    ] as const) {
      it(`and to the end where ${what}`, () => expect(freedBy(script)).to.deep.equal([]));
    }

    it('which explain says', () => {
      const script = `${A}; ${B}; OUTPUT (SELECT k, label FROM m) TO "o.csv";`;
      expect(explainText(planOf(HEAD + script))).to.include(
        'commits after p, m\nfrees translation of p once m has committed\n',
      );
    });

    it('and to the end where the lineage of the run is recorded', () => {
      const script = `${A}; ${B}; OUTPUT (SELECT k, label FROM m) TO "o.csv";`;
      expect(freedBy(script, { lineage: true })).to.deep.equal([]);
      expect(freedBy(script, { noOpt: true })).to.deep.equal(['translation of p after m']);
    });
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
