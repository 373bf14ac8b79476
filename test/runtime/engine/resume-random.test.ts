/** Random programs with repairs, groups, joins and unions: stopped at some commit and gone on with, they do what they do undisturbed. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/api/compile.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import type { Planned } from '../../../src/api/run-plan.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import type { AnswerKeeper } from '../../../src/runtime/state/answers.ts';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { keepAnswers } from '../../../src/runtime/state/keeper.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import type { StateStore } from '../../../src/runtime/state/store.ts';
import { OPERATORS, program } from '../../oracle/programs.ts';
import { me, start } from '../state/conformance.ts';

const LONG = process.env['PYSCOPE_LONG'] === '1';

/** All that a run does, but for the time it takes. */
interface Done {
  readonly outcome: string;
  readonly code: string | null;
  readonly files: readonly string[];
  readonly repairs: readonly string[];
  readonly rows: readonly string[];
  /** Rows and groups that operators were asked about, in this run and those before it. */
  readonly asked: number;
}

describe('random programs that are stopped and gone on with', function () {
  this.timeout(LONG ? 3_600_000 : 60_000);
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-resumed-'));
    writeFileSync(join(folder, 'operators.mjs'), OPERATORS);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Every operator's answers are kept from the first call on. */
  async function planned(text: string): Promise<(Planned & { readonly outputs: readonly string[] }) | null> {
    const path = join(folder, 'job.scope');
    const using = text
      .replaceAll('TextClassifier(', 'Labels(')
      .replaceAll(', model = "m"', '')
      .replaceAll('operators.ts', 'operators.mjs');
    writeFileSync(path, `IMPORT { Labels } FROM "./operators.mjs";\n${using}\n`);
    const { plan, script, ...compilation } = await compile(path, { toRun: true });
    if (plan === null || script === null) return null;
    const commits = plan.commits.map(({ node }) => ({ node, when: 'hinted' as const }));
    return { ...compilation, plan: { ...plan, commits }, outputs: script.outputs.map((output) => output.path) };
  }

  async function run(
    job: Planned & { readonly outputs: readonly string[] },
    answers: AnswerKeeper | null,
  ): Promise<Done> {
    const repairs: string[] = [];
    const listener = (event: RunEvent): void => {
      if (event.kind === 'repair') repairs.push(JSON.stringify(event));
    };
    for (const path of job.outputs) rmSync(path, { force: true });
    const options = { job: 'a', batchRows: 2, listener, ...(answers === null ? {} : { answers }) };
    const { outcome, error, nodes, operators } = await runPlan(job, options);
    return {
      outcome,
      code: error?.code ?? null,
      files: outcome === 'done' ? job.outputs.map((path) => readFileSync(path, 'utf8')) : [],
      repairs,
      rows:
        outcome === 'done'
          ? nodes.map(({ label, in: given, out, ended }) => JSON.stringify([label, given, out, ended]))
          : [],
      asked: operators.reduce((sum, { rows }) => sum + rows, 0),
    };
  }

  /** Stops at the n-th commit, before or after it is durable; null where there are not so many. */
  async function stoppedAt(
    n: number,
    job: Planned & { readonly outputs: readonly string[] },
  ): Promise<StateStore | null> {
    const store = memoryStore({ leaseMilliseconds: 0 });
    let commits = 0;
    const failing: StateStore = {
      ...store,
      async commit(lease, answers) {
        commits += 1;
        if (commits === n && n % 2 === 0) throw new StateError('PR6007', 'stopped');
        await store.commit(lease, answers);
        if (commits === n) throw new StateError('PR6007', 'stopped');
      },
    };
    const { signal } = new AbortController();
    const { code } = await run(job, keepAnswers(failing, await store.begin(start('a')), signal, { waitingBytes: 0 }));
    return code === 'PR6007' ? store : null;
  }

  it('write the same bytes, repair the same rows, count the same', async () => {
    let [stopped, repaired, reused] = [0, 0, 0];
    await fc.assert(
      fc.asyncProperty(program, fc.integer({ min: 1, max: 8 }), async ({ text, rows }, n) => {
        const job = await planned(text);
        fc.pre(job !== null && job.plan.commits.length > 0);
        if (job === null) return;
        writeFileSync(
          join(folder, 'x.csv'),
          ['x,k', ...rows.map(([x, k]) => `${String(x)},${String(k)}`), ''].join('\n'),
        );
        const whole = await run(job, null);
        const store = await stoppedAt(n, job);
        if (store === null) return;
        const { lease, committed } = await store.resume('a', me);
        const { signal } = new AbortController();
        const answers = keepAnswers(store, lease, signal, { committed });
        const { asked, ...after } = await run(job, answers);
        const { asked: all, ...undisturbed } = whole;
        expect(after).to.deep.equal(undisturbed);
        if (after.outcome === 'done') expect(asked).to.equal(all);
        // An answer that was kept was the answer to what is asked now: none was asked again.
        if (after.outcome === 'done') expect(answers.reused.answers).to.equal(committed.length);
        stopped += 1;
        reused += answers.reused.answers;
        if (after.repairs.length > 0) repaired += 1;
      }),
      LONG ? { numRuns: 2000 } : { numRuns: 40, seed: 20_261_122 },
    );
    expect(stopped).to.be.greaterThan(LONG ? 300 : 5);
    expect(repaired).to.be.greaterThan(0);
    expect(reused).to.be.greaterThan(stopped);
  });
});
