/** The record of a run that a program began with `state`, and which run `resume` means. */
import { resolve } from 'node:path';
import { batchRowsOf } from '../batch-rows.ts';
import type { Planned } from '../run-plan.ts';
import { newJobId } from '../run-options.ts';
import type { RunOptions } from '../run-options.ts';
import type { StoreChoice } from '../../runtime/state/open.ts';
import type { JobRecord } from '../../runtime/state/store.ts';
import type { Recording } from './recording.ts';

/** The script of a job, for its record. */
export interface ScriptOf {
  /** As messages call it. */
  readonly name: string;
  /** Null for a text. */
  readonly path: string | null;
}

export interface Begun {
  readonly job: string;
  /** Null where nothing is recorded. */
  readonly recording: Recording | null;
  /** What a job that is gone on with must have; for one that begins, what was asked for. */
  readonly batchRows: number;
}

type Store = Exclude<StoreChoice, { readonly kind: 'none' }>;

/** The latest run of the script that did not end; null where there is none. */
async function latest(choice: Store, { name, path }: ScriptOf): Promise<JobRecord | null> {
  const [{ openStore }, { isUnfinished }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('../../runtime/state/store.ts'),
  ]);
  const store = await openStore(choice);
  try {
    const now = Date.now();
    const isOurs = (job: JobRecord): boolean =>
      path === null ? job.scriptPath === '' && job.script === name : job.scriptPath === resolve(path);
    return (await store.list()).find((job) => isOurs(job) && isUnfinished(job, now)) ?? null;
  } finally {
    await store.close();
  }
}

async function named(choice: Store, id: string): Promise<JobRecord> {
  const [{ openStore }, { noSuchJob }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('../../runtime/state/errors.ts'),
  ]);
  const store = await openStore(choice);
  try {
    const record = await store.read(id);
    if (record === null) throw noSuchJob(id, store.location);
    return record;
  } finally {
    await store.close();
  }
}

/** @throws StateError, and a TypeError where there is no `state` to resume from */
export async function begin(planned: Planned, script: ScriptOf, options: RunOptions): Promise<Begun> {
  const { state, objects, resume, signal = new AbortController().signal } = options;
  const asked = batchRowsOf(planned.plan, options.batchRows ?? null);
  const id = options.job ?? newJobId();
  if (state === undefined || state === 'none') {
    if (resume !== undefined)
      throw new TypeError('resume needs state: where the run that is to be gone on with was recorded');
    return { job: id, recording: null, batchRows: asked };
  }
  const [{ chooseStore }, { outputsOf, startRecording }, { jobStart }] = await Promise.all([
    import('../../runtime/state/open.ts'),
    import('./recording.ts'),
    import('./job-start.ts'),
  ]);
  const choice = chooseStore(state, undefined, planned.resolvePath('.pyscope', 0), objects);
  if (choice.kind === 'none') throw new TypeError('none is no place for the record of a run');
  const record =
    resume === undefined ? null : resume === true ? await latest(choice, script) : await named(choice, resume);
  const job = record?.id ?? id;
  const batchRows = options.batchRows ?? record?.options.batchRows ?? asked;
  const say = options.log ?? ((line: string): void => void process.stderr.write(`${line}\n`));
  const wanted = async (): ReturnType<Parameters<typeof startRecording>[1]> => {
    const scriptPath = script.path === null ? '' : resolve(script.path);
    const facts = { id: job, script: script.name, scriptPath, startedAt: Date.now(), batchRows };
    return {
      start: await jobStart(facts, planned),
      resume: record !== null,
      keep: options.keep === true,
      commits: planned.plan.commits.length > 0,
      outputs: outputsOf(planned.plan),
      signal,
      say,
      note: () => {},
    };
  };
  return { job, recording: await startRecording(choice, wanted), batchRows };
}
