/** The record of a run in the job store that was chosen. */
import { dirname, join, resolve } from 'node:path';
import type { Listener } from '../runtime/events.ts';
import type { Report } from '../runtime/report/report.ts';
import type { StoreChoice } from '../runtime/state/open.ts';
import type { JobStart, Json } from '../runtime/state/store.ts';

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
  readonly finish: (report: Report) => Promise<void>;
}

const NOT_RECORDED: Recording = { location: null, listen: () => {}, finish: async () => {} };

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The report as the plain data it is. */
function asJson(report: Report): Json {
  const plain: Json = JSON.parse(JSON.stringify(report));
  return plain;
}

async function begin(
  choice: Exclude<StoreChoice, { readonly kind: 'none' }>,
  start: JobStart,
  say: (line: string) => void,
): Promise<Recording> {
  const [{ openStore }, { record }] = await Promise.all([
    import('../runtime/state/open.ts'),
    import('../runtime/state/recorder.ts'),
  ]);
  const store = await openStore(choice);
  const { location } = store;
  const recorder = await record(store, start, (thrown) => {
    say(`warning: from here on the run is not recorded in ${location}: ${messageOf(thrown)}`);
  }).catch(async (thrown: unknown) => {
    await store.close();
    throw thrown;
  });
  return {
    location,
    listen: recorder.listen,
    async finish(report) {
      const outcome = report.outcome === 'running' ? 'failed' : report.outcome;
      await recorder.finish({ outcome, at: Date.now(), report: asJson(report) });
      await store.close();
    },
  };
}

/**
 * Takes the job in the store. Where nobody asked for a store by name and the usual one cannot be had (a read-only folder), the run goes on without.
 * @throws StateError when the store that was asked for cannot be had, or another process runs the job
 */
export async function startRecording(
  choice: StoreChoice,
  start: () => Promise<JobStart>,
  say: (line: string) => void,
): Promise<Recording> {
  if (choice.kind === 'none') return NOT_RECORDED;
  const { StateError } = await import('../runtime/state/errors.ts');
  try {
    return await begin(choice, await start(), say);
  } catch (thrown) {
    const optional = choice.kind === 'embedded' && !choice.asked;
    if (!optional || !(thrown instanceof StateError) || thrown.fault !== 'PR6001') throw thrown;
    say(`note: this run is not recorded: ${thrown.message}`);
    return NOT_RECORDED;
  }
}
