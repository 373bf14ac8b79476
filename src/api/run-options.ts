import { randomBytes } from 'node:crypto';
import type { Listener } from '../runtime/events.ts';
import type { CacheChoice } from '../runtime/models/cache/open.ts';
import type { ModelHost } from '../runtime/models/model.ts';
import type { AnswerKeeper } from '../runtime/state/answers.ts';

/** How to run a job. */
export interface RunOptions {
  /** The job's id, `[A-Za-z0-9_-]+`; made up where left out. */
  readonly job?: string;
  /** Told what happens while the job runs. */
  readonly listener?: Listener;
  /** Aborting it interrupts the job; outputs stay as they were. */
  readonly signal?: AbortSignal;
  /** Whether models may be fetched from a hub though the script does not say so. */
  readonly allowRemote?: boolean;
  /** Rows of a batch; never changes a result. Wins over `SET batch`. */
  readonly batchRows?: number;
  /** What groups, joins, sorts and their like may hold in memory, as `256MB` or in bytes; the rest goes to disk and never changes a result. Wins over `SET memory`. */
  readonly memory?: string | number;
  /**
   * Threads that may read parts of a large file at once, and that a small model may have; never changes a result. The cores, at most 16, where left out; 1 reads
   * everything where the job runs. Wins over `SET workers`; a step's HINT(workers = n) wins over both.
   */
  readonly workers?: number;
  /** The folder for what does not fit in memory; a temporary one where left out. */
  readonly spillFolder?: string;
  /** Where answers of models are kept across jobs; nowhere where left out. */
  readonly cache?: CacheChoice;
  /** Most bytes that the cache may have; 1 GB. */
  readonly cacheBytes?: number;
  /** Other models than the runtime's own, which then have no cache; the caller closes it. */
  readonly models?: ModelHost;
  /** Takes the lines that operators log; standard error where left out. */
  readonly log?: (line: string) => void;
  /**
   * Records which rows each row was made from, so that `pyscope why` can tell afterwards; `SET lineage = true` of a script asks for it too. In
   * `.pyscope/lineage` beside the script, or in this folder: a folder named by the job's id in it.
   */
  readonly lineage?: boolean | string;
  /** Keeps what costly calls came to; nothing is kept where left out. */
  readonly answers?: AnswerKeeper;
  /** Where the run is recorded, with what costly calls came to, so that it can be gone on with: a folder or `redis://…`. Nothing is kept where left out. */
  readonly state?: string;
  /** Where answers of more than 1 MB go: `s3://bucket/prefix` or a folder; a folder in that of `state` where left out, with Redis `.pyscope/objects` beside the script. */
  readonly objects?: string;
  /**
   * Goes on with a run that did not end: with the one of this id, or with the latest of this script (`true`), which begins anew where there is none. Needs `state`. It rejects with a RunError
   * where the job is done, unknown, held by another process, or where script, parameters, inputs, modules or models have changed (PR6011).
   */
  readonly resume?: true | string;
  /** What operators answered stays in the store when the job is done. */
  readonly keep?: boolean;
  /** Of the random numbers that operators draw: equal seeds give equal numbers. */
  readonly seed?: string;
}

/** An id for a job that was given none. */
export function newJobId(): string {
  return `job-${randomBytes(6).toString('hex')}`;
}
