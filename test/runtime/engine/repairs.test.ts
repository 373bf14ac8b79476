/** Random reactive programs through the whole of the product, as files in and files out, against the naive reference: whatever the batch size and the rules. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { compile } from '../../../src/api/compile.ts';
import { runPlan } from '../../../src/api/run-plan.ts';
import type { PlanOptions } from '../../../src/planner/make-plan.ts';
import { rules } from '../../../src/planner/rules/index.ts';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { embeddedStore } from '../../../src/runtime/state/embedded/store.ts';
import type { AnswerKeeper } from '../../../src/runtime/state/answers.ts';
import { keepAnswers } from '../../../src/runtime/state/keeper.ts';
import { redisStore } from '../../../src/runtime/state/redis/store.ts';
import type { StateStore } from '../../../src/runtime/state/store.ts';
import type { TypedScript } from '../../../src/typecheck/typed.ts';
import type { Value } from '../../../src/typecheck/types.ts';
import { KEPT } from '../../oracle/kept.ts';
import { TooLong } from '../../oracle/nodes.ts';
import { combiners, effectsOf, operatorsOf, OPERATORS, program, reducers } from '../../oracle/programs.ts';
import type { Program } from '../../oracle/programs.ts';
import { settle } from '../../oracle/settle.ts';
import type { Settled } from '../../oracle/settle.ts';
import { LONG, runs } from '../../support/runs.ts';
import { start } from '../state/conformance.ts';
import { findRedis } from '../state/redis-server.ts';
import type { TestRedis } from '../state/redis-server.ts';

/** An ABORT, the end of a ladder, and failures that count: an operator's and an expression's. */
const ENDINGS = /^PR(?:7001|3001|2\d{3})$/u;

interface Outcome {
  readonly files: readonly string[];
  readonly repairs: number;
  readonly aborted: boolean;
}

/** What must not show in the bytes written. */
interface Overlay {
  readonly batchRows: number;
  readonly plan: Partial<PlanOptions>;
  /** Where the answers of all operators are kept. */
  readonly store?: StateStore;
}

function batches(batchRows: number): Overlay {
  return { batchRows, plan: {} };
}

function without(names: readonly string[], batchRows: number): Overlay {
  return { batchRows, plan: { disableOpts: new Set(names) } };
}

const ALL = rules.map(({ name }) => name);
const WITHOUT = [...ALL.map((name) => without([name], 256)), without(ALL, 7)];

function reference(script: TypedScript, rows: readonly (readonly Value[])[]): Settled {
  const source = script.rowsets.find(({ label }) => label === 'r0' || label === 'r0/extract');
  return settle({
    script,
    tables: new Map([[source?.id ?? -1, rows]]),
    operators: operatorsOf('Labels'),
    effects: effectsOf('Labels'),
    reducers,
    combiners,
  });
}

describe('repairs in the engine', () => {
  let folder = '';
  const stores: StateStore[] = [];
  let redis: TestRedis | null = null;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pyscope-repairs-'));
    writeFileSync(join(folder, 'operators.mjs'), OPERATORS);
    stores.push(await embeddedStore(join(folder, '.pyscope')));
    redis = await findRedis();
    if (redis !== null) stores.push(await redisStore(`${redis.url}?prefix=pyscope-repairs-${process.pid}`));
  });
  after(async () => {
    for (const store of stores) await store.close();
    await redis?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A run that keeps the answers of every operator; the job is forgotten behind it. */
  async function keeping<T>(store: StateStore, run: (answers: AnswerKeeper) => Promise<T>): Promise<T> {
    const lease = await store.begin(start('a'));
    const { signal } = new AbortController();
    try {
      return await run(keepAnswers(store, lease, signal, { waitingBytes: 0 }));
    } finally {
      await store.finish(lease, { outcome: 'done', at: 1, report: null }, 'drop');
      await store.remove('a');
    }
  }

  async function outcome(path: string, { batchRows, plan: options, store }: Overlay): Promise<Outcome | null> {
    const compilation = await compile(path, { plan: options, toRun: true });
    const { plan, script } = compilation;
    if (plan === null || script === null) return null;
    const firings = new Set<string>();
    const listener = (event: RunEvent): void => {
      if (event.kind === 'repair') firings.add(`${event.node} ${event.firing}`);
    };
    const commits = plan.commits.map(({ node }) => ({ node, when: 'hinted' as const }));
    const kept = { ...compilation, plan: { ...plan, commits } };
    const result =
      store === undefined
        ? await runPlan({ ...compilation, plan }, { batchRows, listener })
        : await keeping(store, async (answers) => runPlan(kept, { batchRows, listener, answers }));
    if (result.error !== null && !ENDINGS.test(result.error.code)) throw result.error;
    const aborted = result.error !== null;
    const files = aborted ? [] : script.outputs.map((output) => readFileSync(output.path, 'utf8'));
    return { files, repairs: firings.size, aborted };
  }

  /** null for a program that says nothing: one with errors, or too much for the reference. */
  async function compare(text: string, rows: Program['rows'], overlays: readonly Overlay[]): Promise<Settled | null> {
    const path = join(folder, 'job.scope');
    const using = text
      .replaceAll('TextClassifier(', 'Labels(')
      .replaceAll(', model = "m"', '')
      .replaceAll('operators.ts', 'operators.mjs');
    writeFileSync(path, `IMPORT { Labels } FROM "./operators.mjs";\n${using}\n`);
    writeFileSync(join(folder, 'x.csv'), ['x,k', ...rows.map(([x, k]) => `${String(x)},${String(k)}`), ''].join('\n'));
    const { script } = await compile(path, { toRun: true });
    if (script === null) return null;
    let wanted: Settled;
    try {
      wanted = reference(script, rows);
    } catch (error) {
      if (error instanceof TooLong) return null;
      throw error;
    }
    for (const overlay of overlays) {
      const got = await outcome(path, overlay);
      if (got === null) throw new Error('no plan');
      const label = `batches of ${overlay.batchRows}, ${[...(overlay.plan.disableOpts ?? [])].join()} off, ${overlay.store === undefined ? 'no store' : `store ${stores.indexOf(overlay.store)}`}`;
      expect(got.aborted, label).to.equal(wanted.abortedBy !== null);
      if (got.aborted) continue;
      expect(got.files.map(lines), label).to.deep.equal(wanted.outputs.map(written));
      expect(got.repairs, label).to.equal(wanted.repairs.length);
    }
    return wanted;
  }

  for (const { holds, text, rows } of KEPT) {
    it(`hold that ${holds}`, async () =>
      expect(await compare(text, rows, [batches(1), batches(256), without(ALL, 7)])).to.not.equal(null));
  }

  it('write the same bytes as the reference at any batch size, with each of the rules off, and with all answers kept', async function () {
    this.timeout(LONG ? 36_000_000 : 180_000);
    let compared = 0;
    let repaired = 0;
    await fc.assert(
      fc.asyncProperty(program, async ({ text, rows }) => {
        // The short run leaves one rule out for each program, and all of them once in a round.
        const off = LONG ? WITHOUT : WITHOUT.slice(compared % WITHOUT.length).slice(0, 1);
        const inStores = stores.map((store): Overlay => ({ ...batches(2), store }));
        const wanted = await compare(text, rows, [...[1, 7, 256, 4096].map(batches), ...off, ...inStores]);
        fc.pre(wanted !== null);
        compared += 1;
        if (wanted !== null && wanted.repairs.length > 0) repaired += 1;
      }),
      runs({ numRuns: 60, seed: 20_261_122 }, 2000),
    );
    if (LONG) process.stdout.write(`      ${compared} programs compared, ${repaired} with repairs\n`);
    expect(repaired).to.be.greaterThan(compared / 10);
  });
});

/** The rows of a CSV file, its header left out. */
function lines(file: string): readonly string[] {
  return file.split('\n').slice(1, -1);
}

function written(rows: readonly (readonly Value[])[]): readonly string[] {
  return rows.map((row) => row.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(','));
}

/** As CsvWriter quotes: only what must be. */
function quoted(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
