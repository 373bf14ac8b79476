/** The record of a run in the job store that was chosen. */
import { dirname, join, resolve } from 'node:path';
import type { Listener } from '../runtime/events.ts';
import type { Report } from '../runtime/report/report.ts';
import type { StoreChoice } from '../runtime/state/open.ts';
import type { JobKeeper } from '../runtime/state/keeper.ts';
import type { Taken } from '../runtime/state/recorder.ts';
import type { JobStart, Json, StateStore } from '../runtime/state/store.ts';

/** Where the embedded store is when nothing else is said: beside the script, in this folder for standard input. */
export function storeFolder(path: string): string {
  return join(path === '-' ? '.' : dirname(path), '.pyscope');
}

/** Where the lineages of runs are: in the folder of the embedded store, also where runs are recorded elsewhere. */
export function lineageFolder(path: string, state: string | undefined): string {
  const elsewhere = state === undefined || state === 'none' || state.includes('://');
  return resolve(elsewhere ? storeFolder(path) : state, 'lineage');
}

/** Where a job keeps what does not fit in memory, when nothing else is said. */
export function spillFolder(path: string): string {
  return join(storeFolder(path), 'spill');
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
  /** The job's. */
  readonly signal: AbortSignal;
  readonly say: (line: string) => void;
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The report as the plain data it is. */
function asJson(report: Report): Json {
  const plain: Json = JSON.parse(JSON.stringify(report));
  return plain;
}

/** One line for the latest run that could be gone on with instead; none for those whose script or inputs have changed since. */
async function tellOfUnfinished(store: StateStore, { start, say }: Wanted): Promise<void> {
  const [{ isUnfinished }, { changesSince }] = await Promise.all([
    import('../runtime/state/store.ts'),
    import('./changes.ts'),
  ]);
  const now = Date.now();
  for (const job of await store.list()) {
    const { id, startedAt } = job;
    if (start.scriptPath === '' || job.scriptPath !== start.scriptPath || !isUnfinished(job, now)) continue;
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
    await tellOfUnfinished(store, wanted);
    return { lease: await store.begin(start), committed: [] };
  }
  const [{ refuseChanged }, { alreadyDone, held, noSuchJob }, { isLive }] = await Promise.all([
    import('./changes.ts'),
    import('../runtime/state/errors.ts'),
    import('../runtime/state/store.ts'),
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
    import('../runtime/state/open.ts'),
    import('../runtime/state/recorder.ts'),
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
 * Takes the job in the store. Where nobody asked for a store by name and the usual one cannot be had (a read-only folder), the run goes on without.
 * @throws StateError when the store that was asked for cannot be had, another process runs the job, or it cannot be gone on with
 */
export async function startRecording(
  choice: StoreChoice,
  wanted: () => Promise<Wanted>,
  say: (line: string) => void,
): Promise<Recording> {
  if (choice.kind === 'none') return NOT_RECORDED;
  const { StateError } = await import('../runtime/state/errors.ts');
  const job = await wanted();
  try {
    return await begin(choice, job);
  } catch (thrown) {
    const optional = choice.kind === 'embedded' && !choice.asked && !job.resume;
    if (!optional || !(thrown instanceof StateError) || thrown.fault !== 'PR6001') throw thrown;
    say(`note: this run is not recorded: ${thrown.message}`);
    return NOT_RECORDED;
  }
}
