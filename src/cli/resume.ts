/** Which run `--resume` means. */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import type { StoreChoice } from '../runtime/state/open.ts';
import type { JobRecord, StateStore } from '../runtime/state/store.ts';
import { UsageError } from './exit.ts';
import { storeFolder } from './folders.ts';

export interface ResumeRequest {
  /** Null where none was given: the record says which it is. */
  readonly script: string | null;
  /** Null for the latest run that did not end. */
  readonly job: string | null;
}

export interface ResumeTarget {
  readonly script: string;
  readonly job: string;
  readonly batchRows: number;
}

/**
 * `run --resume x.scope` and `run --resume JOB` look alike to a parser of options; a job's id has no point and no slash.
 *
 * @param resume what stands behind `--resume`; true for nothing
 */
export function resumeRequest(script: string | undefined, resume: string | true): ResumeRequest {
  if (resume === true) return { script: script ?? null, job: null };
  if (/^[A-Za-z0-9_-]{1,128}$/.test(resume)) return { script: script ?? null, job: resume };
  if (script === undefined) return { script: resume, job: null };
  throw new UsageError(`${JSON.stringify(resume)} cannot be the id of a job; pyscope jobs ls lists them`);
}

async function recordOf(store: StateStore, { script, job }: ResumeRequest, scriptPath: string): Promise<JobRecord> {
  if (job !== null) {
    const record = await store.read(job);
    if (record !== null) return record;
    const { noSuchJob } = await import('../runtime/state/errors.ts');
    throw noSuchJob(job, store.location);
  }
  const { isLive, isUnfinished } = await import('../runtime/state/store.ts');
  const now = Date.now();
  const all = await store.list();
  const runs = script === null ? all : all.filter((one) => one.scriptPath === scriptPath);
  const latest = runs.find((one) => isUnfinished(one, now) || isLive(one, now));
  if (latest !== undefined) return latest;
  const what = script === null ? 'run' : `run of ${script}`;
  throw new UsageError(
    `there is no ${what} in ${store.location} that could be gone on with; pyscope jobs ls lists them`,
  );
}

/** Script and job to go on with. @throws UsageError, StateError */
export async function resumeTarget(
  request: ResumeRequest,
  choose: (folder: string) => StoreChoice,
): Promise<ResumeTarget> {
  const choice = choose(storeFolder(request.script ?? '-'));
  if (choice.kind === 'none') throw new UsageError('--state none keeps nothing that could be gone on with');
  if (choice.kind === 'embedded' && !existsSync(choice.folder)) {
    throw new UsageError(`no runs are recorded in ${choice.folder}; --state says where else`);
  }
  const [{ openStore }, { scriptPathOf }] = await Promise.all([
    import('../runtime/state/open.ts'),
    import('../api/state/job-start.ts'),
  ]);
  const store = await openStore(choice);
  try {
    const record = await recordOf(store, request, scriptPathOf(request.script ?? '-'));
    const { id, scriptPath, options } = record;
    if (request.script === null && scriptPath === '')
      throw new UsageError(`job ${id} ran a script from standard input: give it again, as -`);
    return { script: request.script ?? shown(scriptPath), job: id, batchRows: options.batchRows };
  } finally {
    await store.close();
  }
}

/** As a user would name it. */
function shown(path: string): string {
  const short = relative('.', path);
  return short.startsWith('..') ? path : short;
}
