/** Runs a plan for a command, with progress, a record and Ctrl-C. */
import { escapeLines } from '../diagnostics/render/escape.ts';
import type { Plan } from '../planner/plan.ts';
import type { RunResult } from '../runtime/engine/index.ts';
import type { Listener } from '../runtime/events.ts';
import type { CacheChoice } from '../runtime/models/cache/open.ts';
import type { Collector } from '../runtime/report/collect.ts';
import type { Report } from '../runtime/report/report.ts';
import type { LineageReport } from '../runtime/lineage/session.ts';
import type { StoreChoice } from '../runtime/state/open.ts';
import { EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';
import { interruptible } from './interrupt.ts';
import type { Io } from './io.ts';
import type { Planned } from './planned.ts';
import type { Progress } from './progress/progress.ts';
import { startRecording } from './recording.ts';
import type { RepairsFile } from './report/repairs-file.ts';

export interface RunRequest {
  /** The script's path as the user named it; `-` for standard input. */
  readonly path: string;
  readonly allowRemote: boolean;
  /** Null: as the script or the engine likes it. */
  readonly batchRows: number | null;
  /** Bytes; null: as the script or the machine says. */
  readonly memory: number | null;
  /** Where what does not fit goes. */
  readonly spillFolder: string;
  /** No progress. */
  readonly quiet: boolean;
  readonly store: StoreChoice;
  readonly cache: CacheChoice;
  /** Undefined: the usual limit. */
  readonly cacheBytes: number | undefined;
  /** Null makes one up. */
  readonly job: string | null;
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
}

async function untilItEnds({
  planned,
  request,
  job,
  progress,
  listener,
}: Running): Promise<Pick<RunResult, 'error' | 'lineage'>> {
  const { runPlan } = await import('../api/run-plan.ts');
  const { allowRemote, batchRows, memory, spillFolder, cache, cacheBytes } = request;
  const log = (line: string): void => progress.say(escapeLines(line));
  const interrupt = interruptible(() => {
    progress.stopping();
    progress.say('stopping; outputs stay as they were before this run. Ctrl-C again stops at once');
  });
  const { signal } = interrupt;
  const lineage = request.lineage ?? false;
  const settings = {
    ...(batchRows === null ? {} : { batchRows }),
    ...(memory === null ? {} : { memory }),
    ...(cacheBytes === undefined ? {} : { cacheBytes }),
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
  const [{ collect }, { newJobId, jobStart }] = await Promise.all([
    import('../runtime/report/collect.ts'),
    import('./job-start.ts'),
  ]);
  const startedAt = Date.now();
  const { path, store } = request;
  const job = request.job ?? newJobId(path, new Date(startedAt));
  const collector = collect(planned.plan, path, job, startedAt);
  const log = await repairsFileFor(request, planned);
  const progress = await progressFor(request.quiet, planned.plan, collector, io);
  try {
    const batchRows = request.batchRows ?? 0;
    const start = async () => jobStart({ id: job, script: path, startedAt, batchRows }, planned);
    const recording = await startRecording(store, start, (line) => progress.say(line));
    const listener: Listener = (event) => {
      for (const { listen } of [collector, progress, recording, log]) listen(event);
    };
    const { error, lineage } = await untilItEnds({ planned, request, job, progress, listener });
    if (error !== null) collector.fail(error);
    const report = collector.report(Date.now());
    progress.end();
    const unlogged = log.finish();
    await recording.finish(report);
    return { report, exitCode: EXIT_OF[report.outcome], error, recorded: recording.location, unlogged, lineage };
  } finally {
    log.discard();
    progress.end();
  }
}
