import { expect } from 'chai';
import fc from 'fast-check';
import { unsupported } from '../../../src/planner/capabilities.ts';
import { DEFAULT_PLAN_OPTIONS, plan } from '../../../src/planner/make-plan.ts';
import type { TypedScript } from '../../../src/typecheck/typed.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import type { TestOperator } from '../../oracle/calls.ts';
import { KEPT } from '../../oracle/kept.ts';
import { TooLong } from '../../oracle/nodes.ts';
import type { Job } from '../../oracle/nodes.ts';
import { combiners, effectsOf, operatorsOf, program, reducers } from '../../oracle/programs.ts';
import { settle } from '../../oracle/settle.ts';
import type { Settled } from '../../oracle/settle.ts';
import { checkText, rowset, typed } from '../../support/check.ts';
import { LONG, runs } from '../../support/runs.ts';
import { settleByRegions } from './region.ts';

type Table = readonly (readonly Value[])[];

async function agree(
  text: string,
  tables: Readonly<Record<string, Table>>,
  models: Record<string, TestOperator> = {},
): Promise<void> {
  const script = typed(text);
  await agreeOn({
    script,
    tables: new Map(Object.entries(tables).map(([label, table]) => [rowset(script, label).id, table])),
    operators: new Map(Object.entries(models)),
  });
}

/** What the reference settled to. */
async function agreeOn(job: Job): Promise<Settled> {
  const wanted = settle(job);
  const got = await settleByRegions(job);
  expect(got.abortedBy === null).to.equal(wanted.abortedBy === null);
  if (wanted.abortedBy !== null) return wanted;
  expect(got.outputs).to.deep.equal(wanted.outputs);
  expect(kindsOf(got)).to.deep.equal(kindsOf(wanted));
  return wanted;
}

/** Regions that have nothing to do with each other settle in any order. */
function kindsOf({ repairs }: Pick<Settled, 'repairs'>): readonly string[] {
  return repairs.map(({ kind }) => kind).toSorted();
}

function jobOf(script: TypedScript, table: Table): Job {
  return {
    script,
    tables: new Map([[rowset(script, 'r0').id, table]]),
    operators: operatorsOf('TextClassifier'),
    effects: effectsOf('TextClassifier'),
    reducers,
    combiners,
  };
}

const XS = 'xs = EXTRACT x: long, k: string FROM "x.csv" USING CsvReader();';
const OUT = 'OUTPUT out TO "out.csv" USING CsvWriter();';
const rows: Table = [
  [1, 'a'],
  [2, 'b'],
  [3, 'a'],
];

describe('a region', () => {
  for (const [what, text] of Object.entries({
    edits: `${XS} out = xs WHEN x < 3 EDIT x = x + 2; ${OUT}`,
    appends: `${XS} out = xs WHEN x < 3 APPEND x = x + 10 WHEN x == 1 APPEND x = 0 LIMIT 1 ELSE DROP; ${OUT}`,
    'deletes through a group': `${XS} sums = SELECT k, SUM(x) AS s FROM xs GROUP BY k WHEN s > 3 DELETE x LIMIT 1 ELSE DROP;
      out = SELECT x, k FROM xs; OUTPUT sums TO "sums.csv" USING CsvWriter(); ${OUT}`,
    'edits through a group': `${XS} out = SELECT k, SUM(x) AS s FROM xs GROUP BY k WHEN s < 5 EDIT x = s * 2 LIMIT 3 ELSE KEEP; ${OUT}`,
    'routes what reached its limit': `${XS} out = xs WHEN x > 0 EDIT x = x + 1 LIMIT 3 ELSE ROUTE TO rest;
      OUTPUT rest TO "rest.csv" USING CsvWriter(); ${OUT}`,
    aborts: `${XS} out = xs WHEN x > 0 EDIT x = x + 1 LIMIT 2; ${OUT}`,
    'repairs before it aborts': `${XS} out = xs WHEN x == 1 ABORT "one" WHEN x == 1 EDIT x = 5; ${OUT}`,
    'unites its branches in source order': `${XS} small = xs WHERE x < 3; big = xs WHERE x >= 3;
      out = (big UNION small) WHEN x == 2 APPEND x = 9 LIMIT 1 ELSE KEEP WHEN x == 1 EDIT x = 7; ${OUT}`,
    'asks for lineage below it': `${XS} fixed = xs WHEN x < 3 EDIT x = x + 2;
      out = SELECT k, x, attempts(x) AS n, original(x) AS o FROM fixed; ${OUT}`,
  })) {
    it(`${what} as the reference does`, async () => agree(text, { xs: rows }));
  }

  it('sends translations back to the classifier', async () => {
    const text = `lines = EXTRACT line: string FROM "r.txt" USING LineReader();
      classified = PROCESS lines USING TextClassifier(text = line, model = "m") PRODUCE label AS language;
      english = classified WHERE language == "en";
      foreign = classified WHERE language != "en" && attempts(line) == 0;
      translated = PROCESS foreign USING Translator(text = line, model = "t") PRODUCE translation
                   APPEND line = translation;
      out = SELECT line, original(line) AS first FROM english;
      OUTPUT translated TO "translations.csv" USING CsvWriter(); ${OUT}`;
    const text0 = (value: Value | undefined): string => (typeof value === 'string' ? value : '');
    await agree(
      text,
      { lines: [['hello'], ['hallo!'], ['good'], ['gut!'], ['weg!!']] },
      {
        TextClassifier: ([line]) => [[text0(line).endsWith('!') ? 'de' : 'en', 1]],
        Translator: ([line]) => [[text0(line).slice(0, -1)]],
      },
    );
  });

  it('retries alternatives', async () => {
    const text = `lines = EXTRACT line: string FROM "r.txt" USING LineReader();
      scored = PROCESS lines USING TextClassifier(text = line, model = "a") ELSE TextClassifier(text = line, model = "b")
               PRODUCE label, score;
      out = scored ASSERT score >= 0.8 && line != "x" || attempts(label) > 0 ELSE RETRY label ELSE DROP; ${OUT}`;
    await agree(text, { lines: [['x'], ['y']] }, { TextClassifier: ([line]) => [[line ?? null, 0.9]] });
  });

  for (const { holds, text, rows: table } of KEPT) {
    it(`does as the reference: ${holds}`, async () => void (await agreeOn(jobOf(typed(text), table))));
  }

  it('does what the reference does on random programs', async function () {
    this.timeout(LONG ? 36_000_000 : 180_000);
    let compared = 0;
    let repaired = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ text, rows: table }) => {
        const { script, diagnostics } = checkText(text);
        fc.pre(script !== null && !diagnostics.some(({ severity }) => severity === 'error'));
        if (script === null) return;
        const planned = plan(script, { ...DEFAULT_PLAN_OPTIONS, noOpt: true }).plan;
        fc.pre(planned !== null && unsupported(planned).length === 0);
        let wanted: Settled;
        try {
          wanted = await agreeOn(jobOf(script, table));
        } catch (error) {
          fc.pre(!(error instanceof TooLong));
          throw error;
        }
        compared += 1;
        if (wanted.repairs.length > 0) repaired += 1;
      }),
      runs({ numRuns: 1000, seed: 20_261_122 }, 100_000),
    );
    expect(repaired).to.be.greaterThan(compared / 10);
  });
});
