/** Runs a plan for a command: progress, record, interruption, report. */
import { dirname, join } from 'node:path';
import type { Plan } from '../planner/plan.ts';
import type { Listener } from '../runtime/events.ts';
import type { Collector } from '../runtime/report/collect.ts';
import type { Report } from '../runtime/report/report.ts';
import type { StoreChoice } from '../runtime/state/open.ts';
import type { Recorder } from '../runtime/state/recorder.ts';
import type { JobStart, Json, StateStore } from '../runtime/state/store.ts';
import { EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';
import { interruptible } from './interrupt.ts';
import type { Io } from './io.ts';
import type { Planned } from './planned.ts';
import type { Progress } from './progress/progress.ts';

export interface RunRequest {
  /** The script's path as the user named it; `-` for standard input. */
  readonly path: string;
  readonly allowRemote: boolean;
  readonly batchRows: number | null;
  /** No progress. */
  readonly quiet: boolean;
  readonly store: StoreChoice;
  /** Null makes one up. */
  readonly job: string | null;
}

export interface RunAnswer {
  readonly report: Report;
  readonly exitCode: ExitCode;
  /** Whether `pyscope jobs` will show it. */
  readonly recorded: boolean;
}

/** Where the embedded store is when nothing else is said. */
export function storeFolder(path: string): string {
  return join(path === '-' ? '.' : dirname(path), '.pyscope');
}

interface Recording {
  readonly store: StateStore;
  readonly recorder: Recorder;
}

/** Opens the store and takes the job. Null when there is no store, or none was asked for by name and the usual one cannot be had. */
async function startRecording(
  choice: StoreChoice,
  start: () => Promise<JobStart>,
  say: (line: string) => void,
): Promise<Recording | null> {
  if (choice.kind === 'none') return null;
  const [{ openStore }, { record }, { StateError }] = await Promise.all([
    import('../runtime/state/open.ts'),
    import('../runtime/state/recorder.ts'),
    import('../runtime/state/errors.ts'),
  ]);
  const optional = choice.kind === 'embedded' && !choice.asked;
  try {
    const store = await openStore(choice);
    const recorder = await record(store, await start(), (thrown) => {
      say(`warning: this run is not recorded in ${store.location} from here on: ${messageOf(thrown)}`);
    });
    return { store, recorder };
  } catch (thrown) {
    if (!optional || !(thrown instanceof StateError) || thrown.fault !== 'PR6001') throw thrown;
    say(`note: this run is not recorded: ${thrown.message}`);
    return null;
  }
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
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

/** The report as the plain data it is, for the job store. */
function asJson(report: Report): Json {
  const plain: Json = JSON.parse(JSON.stringify(report));
  return plain;
}

/** @throws StateError when the store that was asked for cannot be had, or another process runs the job */
export async function runPlan(planned: Planned, request: RunRequest, io: Io): Promise<RunAnswer> {
  const [{ collect }, { newJobId, jobStart }, { execute }, { errorText }] = await Promise.all([
    import('../runtime/report/collect.ts'),
    import('./job-start.ts'),
    import('./execute.ts'),
    import('./report/error.ts'),
  ]);
  const startedAt = Date.now();
  const { plan } = planned;
  const job = request.job ?? newJobId(request.path, new Date(startedAt));
  const collector = collect(plan, request.path, job, startedAt);
  const start = async (): Promise<JobStart> => jobStart(job, request.path, plan, startedAt);
  const progress = await progressFor(request.quiet, plan, collector, io);
  const recording = await startRecording(request.store, start, (line) => progress.say(line)).catch(
    (thrown: unknown) => {
      progress.end();
      throw thrown;
    },
  );
  const interrupt = interruptible(() => {
    progress.stopping();
    progress.say('stopping; outputs stay as they were before this run. Ctrl-C again stops at once');
  });
  const listeners: readonly Listener[] = [collector.listen, progress.listen, recording?.recorder.listen ?? (() => {})];
  const listener: Listener = (event) => {
    for (const listen of listeners) listen(event);
  };
  const { allowRemote, batchRows } = request;
  const error = await execute(planned, { job, listener, signal: interrupt.signal, allowRemote, batchRows });
  interrupt.release();
  progress.end();
  if (error !== null) {
    collector.fail(error);
    io.err.write(`${errorText(error, plan.sources, { chalk: io.err.chalk, width: io.err.width() })}\n`);
  }
  const report = collector.report(Date.now());
  if (recording !== null) {
    const outcome = report.outcome === 'running' ? 'failed' : report.outcome;
    await recording.recorder.finish({ outcome, at: Date.now(), report: asJson(report) });
    await recording.store.close();
  }
  return { report, exitCode: EXIT_OF[report.outcome], recorded: recording !== null };
}
