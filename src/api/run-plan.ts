/** Running a plan with the runtime's own parts: its operator library, model host, disk and clock. */
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Plan } from '../planner/plan.ts';
import type { RunResult } from '../runtime/engine/index.ts';
import { DEFAULT_QUEUE_BATCHES, run, systemClock } from '../runtime/engine/index.ts';
import type { PartsSettings } from '../runtime/engine/environment.ts';
import { PartThreads } from '../runtime/engine/parts/threads.ts';
import type { RunEvent } from '../runtime/events.ts';
import type { AnswerCache } from '../runtime/models/cache/cache.ts';
import type { ModelHost } from '../runtime/models/model.ts';
import { operatorLibrary } from '../runtime/operators/library.ts';
import { diskOutputs } from '../runtime/outputs/files.ts';
import { diskFiles } from '../runtime/readers/input-files.ts';
import { defaultBudget } from '../runtime/spill/memory.ts';
import { diskSpill } from '../runtime/spill/files.ts';
import { parseSize } from '../typecheck/size.ts';
import { batchRowsOf } from './batch-rows.ts';
import type { Compilation } from './compile.ts';
import type { RunOptions } from './run-options.ts';
import { newJobId } from './run-options.ts';

/** A compilation that has a plan. */
export type Planned = Pick<Compilation, 'modules' | 'resolvePath'> & { readonly plan: Plan };

/** Runs a plan. Never rejects: what went wrong is in the result. */
export async function runPlan({ plan, modules, resolvePath }: Planned, options: RunOptions = {}): Promise<RunResult> {
  const { signal = new AbortController().signal, listener = () => undefined, log = logToStderr } = options;
  const models = lazyModels(plan, options);
  const library = operatorLibrary({
    modules,
    resolvePath,
    signal,
    listener,
    models: models.open,
    log: (operator, level, message) => {
      if (level === 'log') log(`${operator}: ${message}`);
      else listener(warningOf(operator, message));
    },
    seed: options.seed ?? '',
    now: () => systemClock.now(),
  });
  const job = options.job ?? newJobId();
  const files = diskSpill(options.spillFolder ?? join(tmpdir(), 'pyscope-spill'), job);
  try {
    return await run(plan, {
      job,
      library,
      outputs: diskOutputs,
      inputs: diskFiles,
      clock: systemClock,
      listener,
      signal,
      answers: options.answers ?? null,
      batchRows: batchRowsOf(plan, options.batchRows ?? null),
      queueBatches: DEFAULT_QUEUE_BATCHES,
      lineageFolder: lineageFolder(plan, resolvePath, job, options),
      spill: { budget: budgetOf(plan, options), files },
      parts: { ...PARTS, workers: partWorkersOf(plan, options) },
    });
  } finally {
    files.close();
    await models.close();
  }
}

/** From so many bytes on threads gain more than they cost: see docs/benchmarks.md. */
const PARTS: Omit<PartsSettings, 'workers'> = {
  leastBytes: 256 * 1024 * 1024,
  start: (workers) => new PartThreads(workers),
};
/** One thread puts together what the others give: more of them would wait for it. */
const MOST_PART_WORKERS = 16;

function partWorkersOf(plan: Plan, { workers = numberSetting(plan, 'workers') }: RunOptions): number {
  return workers ?? Math.min(availableParallelism(), MOST_PART_WORKERS);
}

function lineageFolder(
  { settings }: Plan,
  resolvePath: Planned['resolvePath'],
  job: string,
  { lineage = settings.get('lineage') === true }: RunOptions,
): string | null {
  if (lineage === false) return null;
  return join(typeof lineage === 'string' ? lineage : resolvePath('.pyscope/lineage', 0), job);
}

/** @throws RangeError where the option is no size */
function budgetOf({ settings }: Plan, options: RunOptions): number {
  const memory = options.memory ?? settings.get('memory');
  if (memory === undefined) return defaultBudget();
  const bytes = typeof memory === 'string' ? parseSize(memory) : memory;
  if (typeof bytes !== 'number' || !(bytes > 0)) throw new RangeError(`${JSON.stringify(memory)} is no size of memory`);
  return bytes;
}

function numberSetting({ settings }: Plan, name: string): number | undefined {
  const value = settings.get(name);
  return typeof value === 'number' ? value : undefined;
}

interface LazyModels {
  readonly open: () => Promise<ModelHost>;
  readonly close: () => Promise<void>;
}

/** The runtime's own model host, and its cache, are loaded when an operator asks for a model: most jobs have none. */
function lazyModels(plan: Plan, options: RunOptions): LazyModels {
  const { models, allowRemote = false } = options;
  let opening: Promise<ModelHost> | undefined;
  let answers: AnswerCache | null = null;
  const start = async (): Promise<ModelHost> => {
    const { createModelHost } = await import('../runtime/models/host.ts');
    answers = await openCache(options);
    const workers = options.workers ?? numberSetting(plan, 'workers');
    return createModelHost({
      answers,
      allowRemote: allowRemote || plan.settings.get('remoteModels') === true,
      ...(workers === undefined ? {} : { parallelism: workers }),
    });
  };
  return {
    open: () => (opening ??= models === undefined ? start() : Promise.resolve(models)),
    close: async () => {
      if (models === undefined) await (await opening)?.close();
      await answers?.close();
    },
  };
}

async function openCache({ cache, cacheBytes, listener = () => undefined }: RunOptions): Promise<AnswerCache | null> {
  if (cache === undefined || cache.kind === 'none') return null;
  const { cacheFor } = await import('../runtime/models/cache/open.ts');
  return cacheFor(cache, { limit: cacheBytes, now: () => systemClock.now(), listener });
}

function warningOf(operator: string, message: string): RunEvent {
  return { kind: 'warning', code: 'PR3013', message: `${operator}: ${message}`, node: null };
}

function logToStderr(line: string): void {
  process.stderr.write(`${line}\n`);
}
