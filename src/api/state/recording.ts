/** The record of a run in the job store that was chosen. */
import type { Plan } from '../../planner/plan.ts';
import type { Listener } from '../../runtime/events.ts';
import type { Report } from '../../runtime/report/report.ts';
import type { StoreChoice } from '../../runtime/state/open.ts';
import type { JobKeeper } from '../../runtime/state/keeper.ts';
import type { Taken } from '../../runtime/state/recorder.ts';
import type { JobRecord, JobStart, Json, StateStore } from '../../runtime/state/store.ts';

/** Which outputs a plan writes, by their absolute paths. */
export function outputsOf({ graph }: Plan): readonly string[] {
  return graph.nodes.flatMap((node) => (node.kind === 'output' ? [node.path] : []));
}

export interface Recording {
  /** Where it is recorded; null when it is not. */
  readonly location: string | null;
  readonly listen: Listener;
  /** Null when nothing is recorded. */
  readonly answers: JobKeeper | null;
  /** How many answers the job has in the store, when it has ended. */
  readonly finish: (report: Report) => Promise<number>;
}

const NOT_RECORDED: Recording = { location: null, listen: () => {}, answers: null, finish: async () => 0 };

/** A job to begin, or one to go on with. */
export interface Wanted {
  readonly start: JobStart;
  readonly resume: boolean;
  /** Answers of a job that is done stay. */
  readonly keep: boolean;
  /** Whether there will be answers to keep; without, all that a store does is to remember the run. */
  readonly commits: boolean;
  /** Paths of its outputs, as the plan has them. */
  readonly outputs: readonly string[];
  /** The job's. */
  readonly signal: AbortSignal;
  /** Told what is wrong, and what it waits for. */
  readonly say: (line: string) => void;
  /** Told what may be of interest. */
  readonly note: (line: string) => void;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The report as the plain data it is. */
function asJson(report: Report): Json {
  const plain: Json = JSON.parse(JSON.stringify(report));
  return plain;
}

/** The files that dead runs of the script left beside its outputs go; those of one that is gone on with are of use to it no more than to others. */
async function clearOrphans(runs: readonly JobRecord[], { outputs }: Wanted): Promise<void> {
  const [{ removeOrphans }, { isLive }] = await Promise.all([
    import('../../runtime/outputs/orphans.ts'),
    import('../../runtime/state/store.ts'),
  ]);
  const now = Date.now();
  await removeOrphans(outputs, new Set(runs.flatMap((job) => (isLive(job, now) ? [] : [job.id]))));
}

/** One line for the latest run that could be gone on with instead; none for those whose script or inputs have changed since. */
async function tellOfUnfinished(
  runs: readonly JobRecord[],
  store: StateStore,
  { start, note: say }: Wanted,
): Promise<void> {
  const [{ isUnfinished }, { changesSince }] = await Promise.all([
    import('../../runtime/state/store.ts'),
    import('./changes.ts'),
  ]);
  const now = Date.now();
  for (const job of runs) {
    const { id, startedAt } = job;
    if (!isUnfinished(job, now)) continue;
    const kept = (await store.committed(id)).length;
    if (kept === 0 || changesSince(job, start).length > 0) continue;
    const when = new Date(startedAt).toISOString().slice(0, 16).replace('T', ' ');
    say(`note: this run starts anew; --resume ${id} goes on with the one of ${when} UTC, which did not end`);
    return;
  }
}

async function taken(store: StateStore, wanted: Wanted): Promise<Taken> {
  const { start, resume } = wanted;
  if (!resume) {
    const runs =
      start.scriptPath === '' ? [] : (await store.list()).filter((job) => job.scriptPath === start.scriptPath);
    await tellOfUnfinished(runs, store, wanted);
    await clearOrphans(runs, wanted);
    return { lease: await store.begin(start), committed: [] };
  }
  const [{ refuseChanged }, { alreadyDone, held, noSuchJob }, { isLive }] = await Promise.all([
    import('./changes.ts'),
    import('../../runtime/state/errors.ts'),
    import('../../runtime/state/store.ts'),
  ]);
  const record = await store.read(start.id);
  if (record === null) throw noSuchJob(start.id, store.location);
  if (record.end?.outcome === 'done' || record.end?.outcome === 'gate-failed') throw alreadyDone(start.id);
  if (isLive(record, Date.now())) throw held(start.id, record.owner);
  refuseChanged(record, start);
  return store.resume(start.id, start);
}

async function begin(choice: Exclude<StoreChoice, { readonly kind: 'none' }>, wanted: Wanted): Promise<Recording> {
  const [{ openStore }, { record }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('../../runtime/state/recorder.ts'),
  ]);
  const store = await openStore(choice, { say: wanted.say, signal: wanted.signal });
  const { location } = store;
  const job = await taken(store, wanted).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  const onTrouble = (thrown: unknown): void =>
    wanted.say(`warning: from here on the run is not recorded in ${location}: ${messageOf(thrown)}`);
  const recorder = record(store, job, wanted.signal, onTrouble, { keepAll: wanted.keep });
  return {
    location,
    listen: recorder.listen,
    answers: recorder.answers,
    async finish(report) {
      const outcome = report.outcome === 'running' ? 'failed' : report.outcome;
      await recorder.finish({ outcome, at: Date.now(), report: asJson(report) }, wanted.keep);
      const kept = await store.committed(report.job).then(
        (keys) => keys.length,
        () => recorder.answers.durable(),
      );
      await store.close();
      return kept;
    },
  };
}

/**
 * Takes the job in the store. Where nobody asked for a store by name and the usual one cannot be had (a read-only folder), the run goes on without; so does one
 * that has nothing to keep where the usual store is of another version.
 * @throws StateError when the store that was asked for cannot be had, another process runs the job, or it cannot be gone on with
 */
export async function startRecording(choice: StoreChoice, wanted: () => Promise<Wanted>): Promise<Recording> {
  if (choice.kind === 'none') return NOT_RECORDED;
  const { StateError } = await import('../../runtime/state/errors.ts');
  const job = await wanted();
  try {
    return await begin(choice, job);
  } catch (thrown) {
    const optional = choice.kind === 'embedded' && !choice.asked && !job.resume;
    if (!optional || !(thrown instanceof StateError)) throw thrown;
    const bearable = thrown.fault === 'PR6001' || (thrown.fault === 'PR6008' && !job.commits);
    if (!bearable) throw thrown;
    const cure = thrown.fault === 'PR6008' && thrown.help !== null ? `; ${thrown.help}` : '';
    job.note(`note: this run is not recorded: ${thrown.message}${cure}`);
    return NOT_RECORDED;
  }
}
