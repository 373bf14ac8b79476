/** Runs a plan for a command, with progress, a record and Ctrl-C. */
import { escapeLines } from '../diagnostics/render/escape.ts';
import type { Plan } from '../planner/plan.ts';
import type { RunResult } from '../runtime/engine/index.ts';
import type { Listener } from '../runtime/events.ts';
import type { CacheChoice } from '../runtime/models/cache/open.ts';
import type { Collector } from '../runtime/report/collect.ts';
import type { Report } from '../runtime/report/report.ts';
import type { LineageReport } from '../runtime/lineage/session.ts';
import type { JobKeeper } from '../runtime/state/keeper.ts';
import type { StoreChoice } from '../runtime/state/open.ts';
import { EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';
import { interruptible } from './interrupt.ts';
import type { Io } from './io.ts';
import type { Planned } from './planned.ts';
import type { Progress } from './progress/progress.ts';
import { outputsOf, startRecording } from '../api/state/recording.ts';
import type { Wanted } from '../api/state/recording.ts';
import type { RepairsFile } from './report/repairs-file.ts';

export interface RunRequest {
  /** The script's path as the user named it; `-` for standard input. */
  readonly path: string;
  readonly allowRemote: boolean;
  /** Null: as the script or the engine likes it. */
  readonly batchRows: number | null;
  /** Threads; null: as the script or the machine says. */
  readonly workers: number | null;
  /** Bytes; null: as the script or the machine says. */
  readonly memory: number | null;
  /** Where what does not fit goes. */
  readonly spillFolder: string;
  /** No progress. */
  readonly quiet: boolean;
  /** Lines about what may be of interest. */
  readonly notes: boolean;
  readonly store: StoreChoice;
  readonly cache: CacheChoice;
  /** Undefined: the usual limit. */
  readonly cacheBytes: number | undefined;
  /** Null makes one up. */
  readonly job: string | null;
  /** Goes on with that job. */
  readonly resume: boolean;
  /** What operators answered stays in the store when the job is done. */
  readonly keep: boolean;
  /** A file for the repair log; null for none. */
  readonly repairs: string | null;
  /** The folder that the lineage of runs goes to; null where none was asked for. */
  readonly lineage: string | null;
}

export interface RunAnswer {
  readonly report: Report;
  readonly exitCode: ExitCode;
  /** What made the job fail. */
  readonly error: Error | null;
  /** Where the run is recorded, null when it is not. */
  readonly recorded: string | null;
  /** Answers in the store by which the run can be gone on with. */
  readonly kept: number;
  /** What was taken from the store instead of asked for. */
  readonly reused: JobKeeper['reused'];
  /** What kept the repair log from being written. */
  readonly unlogged: Error | null;
  /** What was recorded of the lineage. */
  readonly lineage: LineageReport | null;
}

const EXIT_OF: Readonly<Record<Report['outcome'], ExitCode>> = {
  done: EXIT.done,
  failed: EXIT.jobFailed,
  'gate-failed': EXIT.gateFailed,
  interrupted: EXIT.interrupted,
  running: EXIT.jobFailed,
};

async function progressFor(quiet: boolean, plan: Plan, collector: Collector, io: Io): Promise<Progress> {
  const { liveProgress, plainProgress, silentProgress } = await import('./progress/progress.ts');
  if (quiet) return silentProgress(io.err);
  return io.err.terminal ? liveProgress(plan, collector, io.err) : plainProgress(plan, collector, io.err);
}

interface Running {
  readonly planned: Planned;
  readonly request: RunRequest;
  readonly job: string;
  readonly progress: Progress;
  readonly listener: Listener;
  readonly answers: JobKeeper | null;
  readonly stop: AbortController;
}

/** A call that takes longer is not waited for. */
const DRAIN_MILLISECONDS = 10_000;

/** Lets the calls under way end, and keeps what they give. */
async function drained(answers: JobKeeper | null): Promise<void> {
  if (answers === null) return;
  const { setTimeout: pause } = await import('node:timers/promises');
  await Promise.race([answers.drain(), pause(DRAIN_MILLISECONDS, undefined, { ref: false })]);
}

async function untilItEnds({
  planned,
  request,
  job,
  progress,
  listener,
  answers,
  stop,
}: Running): Promise<Pick<RunResult, 'error' | 'lineage'>> {
  const { runPlan } = await import('../api/run-plan.ts');
  const { allowRemote, batchRows, workers, memory, spillFolder, cache, cacheBytes } = request;
  const log = (line: string): void => progress.say(escapeLines(line));
  const interrupt = interruptible(stop, () => {
    progress.stopping();
    progress.say('stopping; outputs stay as they were before this run. Ctrl-C again stops at once');
    return drained(answers);
  });
  const { signal } = stop;
  const lineage = request.lineage ?? false;
  const settings = {
    ...(batchRows === null ? {} : { batchRows }),
    ...(workers === null ? {} : { workers }),
    ...(memory === null ? {} : { memory }),
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
    ...(answers === null ? {} : { answers }),
    spillFolder,
  };
  const result = await runPlan(planned, { job, listener, signal, allowRemote, log, lineage, cache, ...settings });
  interrupt.release();
  return result;
}

const NO_REPAIRS_FILE: RepairsFile = { listen: () => {}, finish: () => null, discard: () => {} };

async function repairsFileFor({ repairs }: RunRequest, { plan }: Planned): Promise<RepairsFile> {
  if (repairs === null) return NO_REPAIRS_FILE;
  const { openRepairsFile } = await import('./report/repairs-file.ts');
  return openRepairsFile(repairs, plan);
}

/** @throws StateError when the store that was asked for cannot be had, or another process runs the job */
export async function runAndTell(planned: Planned, request: RunRequest, io: Io): Promise<RunAnswer> {
  const [{ collect }, { newJobId, jobStart, scriptPathOf }, { batchRowsOf }] = await Promise.all([
    import('../runtime/report/collect.ts'),
    import('../api/state/job-start.ts'),
    import('../api/batch-rows.ts'),
  ]);
  const startedAt = Date.now();
  const { path, store } = request;
  const job = request.job ?? newJobId(path, new Date(startedAt));
  const collector = collect(planned.plan, path, job, startedAt);
  const log = await repairsFileFor(request, planned);
  const progress = await progressFor(request.quiet, planned.plan, collector, io);
  try {
    const stop = new AbortController();
    const say = (line: string): void => progress.say(escapeLines(line));
    const wanted = async (): Promise<Wanted> => {
      const batchRows = batchRowsOf(planned.plan, request.batchRows);
      const start = await jobStart(
        { id: job, script: path, scriptPath: scriptPathOf(path), startedAt, batchRows },
        planned,
      );
      const note = request.notes ? say : (): void => {};
      const { resume, keep } = request;
      const { plan } = planned;
      const facts = { commits: plan.commits.length > 0, outputs: outputsOf(plan) };
      return { start, resume, keep, ...facts, signal: stop.signal, say, note };
    };
    const recording = await startRecording(store, wanted);
    const listener: Listener = (event) => {
      for (const { listen } of [collector, progress, recording, log]) listen(event);
    };
    const { answers } = recording;
    const { error, lineage } = await untilItEnds({ planned, request, job, progress, listener, answers, stop });
    if (error !== null) collector.fail(error);
    const report = collector.report(Date.now());
    progress.end();
    const unlogged = log.finish();
    const kept = await recording.finish(report);
    const reused = answers?.reused ?? { answers: 0, rows: 0 };
    const exitCode = EXIT_OF[report.outcome];
    return { report, exitCode, error, recorded: recording.location, kept, reused, unlogged, lineage };
  } finally {
    log.discard();
    progress.end();
  }
}
