/**
 * What a run leaves behind: which job it was, with what, and what came of it. Named by intentions; memory, the embedded database and Redis
 * pass one test suite. Each method is one atomic step. All can throw {@link import('./errors.ts').StateError}.
 *
 * Ownership: `begin` gives a lease with an epoch that no other lease of the store ever has. Whoever holds the highest epoch of a job owns it; a
 * step under an older one is refused, so that a process that was thought dead cannot write over its successor. A lease that is not renewed
 * for {@link LEASE_MILLISECONDS} is over; so is that of a process which can be seen to have died.
 */
import { hasDied } from './owner.ts';
import type { Owner } from './owner.ts';

export const LEASE_MILLISECONDS = 30_000;

/** Where a store forgets by itself (Redis), what was not finished is forgotten so long after its last sign of life. */
export const UNFINISHED_MILLISECONDS = 7 * 24 * 60 * 60 * 1000;

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** Something the answers of a run depend on: a file, a module, a model, by a text that changes with it. */
export interface Fingerprint {
  readonly path: string;
  readonly fingerprint: string;
}

export interface JobStart extends Owner {
  /** `[A-Za-z0-9_-]{1,128}` */
  readonly id: string;
  /** The script's path as the user named it. */
  readonly script: string;
  /** Its absolute path, which tells runs of one script from those of another; empty for standard input. */
  readonly scriptPath: string;
  /** Of the plan alone, whatever the names of its files hold. */
  readonly planFingerprint: string;
  /** As printed; values of parameters are shown, so secrets do not belong into them. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  /** The script first, then the views it imports. */
  readonly scripts: readonly Fingerprint[];
  readonly inputs: readonly Fingerprint[];
  /** Modules of operators and functions, with the modules that they import from beside them. */
  readonly modules: readonly Fingerprint[];
  readonly models: readonly Fingerprint[];
  /** What decides where batches begin. */
  readonly options: { readonly batchRows: number };
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly startedAt: number;
  /** Where its big answers are; left out where they are in the folder that belongs to the store. */
  readonly objects?: string;
}

export interface OutputManifest {
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export type JobOutcome = 'done' | 'failed' | 'gate-failed' | 'interrupted';

export interface JobEnd {
  readonly outcome: JobOutcome;
  readonly at: number;
  /** The closing report as `--json` prints it. */
  readonly report: Json;
}

export interface JobRecord extends JobStart {
  readonly epoch: number;
  /** The lease of the owner is over then, unless renewed. */
  readonly leaseUntil: number;
  readonly outputs: readonly OutputManifest[];
  /** Null while it runs, and when its process died. */
  readonly end: JobEnd | null;
}

export interface Lease {
  readonly id: string;
  readonly epoch: number;
}

/** What costly work came to, under a name for its place in the job. What the bytes say is the caller's. */
export interface Answer {
  readonly key: string;
  readonly bytes: Uint8Array;
}

export interface Resumed {
  readonly lease: Lease;
  /** As it is now: without an end, with the new owner. */
  readonly record: JobRecord;
  /** The keys of all answers that were committed. */
  readonly committed: readonly string[];
}

export interface StateStore {
  /** Where it is, for messages; without any password. */
  readonly location: string;
  /** Takes the job and clears what an earlier run of that id left. @throws PR6004 when another live owner holds it, PR6006 */
  begin(start: JobStart): Promise<Lease>;
  /**
   * Takes a job that was not finished, with all that was committed for it; its outputs count for nothing.
   * @throws PR6004 when another live owner holds it, PR6006, PR6009 when there is no such job, PR6010 when it is done
   */
  resume(id: string, owner: Owner): Promise<Resumed>;
  /** Keeps answers: durable when it resolves, all or none. An answer under a key that is there takes its place. @throws PR6005 */
  commit(lease: Lease, answers: readonly Answer[]): Promise<void>;
  /** Null when there is none. */
  answer(id: string, key: string): Promise<Uint8Array | null>;
  /** The keys of all answers of a job, in no order. */
  committed(id: string): Promise<readonly string[]>;
  /** @throws PR6005 */
  renew(lease: Lease): Promise<void>;
  /** One manifest a path: a later one replaces it. @throws PR6005 */
  recordOutput(lease: Lease, manifest: OutputManifest): Promise<void>;
  /** The job ended; its lease is over. Its answers go, unless they are to be kept. @throws PR6005 */
  finish(lease: Lease, end: JobEnd, answers: 'keep' | 'drop'): Promise<void>;
  read(id: string): Promise<JobRecord | null>;
  /** Latest start first. */
  list(): Promise<readonly JobRecord[]>;
  /** The record and all answers; false when there is no such job. @throws PR6004 when a live owner holds it */
  remove(id: string): Promise<boolean>;
  close(): Promise<void>;
}

/** What to do about a server that does not answer. */
export interface Patience {
  /** For how long a job waits for it. Default 5 minutes. */
  readonly milliseconds?: number;
  /** Is told, in one line each, that a job waits and that it goes on. */
  readonly say?: (line: string) => void;
  /** The job's: when it is to stop, it waits for some seconds only. */
  readonly signal?: AbortSignal;
}

export interface StoreSettings {
  /** Only for stores that can be away. */
  readonly patience?: Patience;
  /** Default {@link LEASE_MILLISECONDS}. */
  readonly leaseMilliseconds?: number;
  /** Told the ids of jobs that the store has forgotten by itself, before it forgets that there were any. */
  readonly onForgotten?: (ids: readonly string[]) => Promise<void>;
}

/** Whether its owner is at work, as far as one can see. */
export function isLive(job: JobRecord, now: number): boolean {
  return job.end === null && job.leaseUntil > now && !hasDied(job.process);
}

/** What `jobs ls` calls the state of a job at a time. */
export function stateOf(job: JobRecord, now: number): JobOutcome | 'running' | 'died' {
  if (job.end !== null) return job.end.outcome;
  return isLive(job, now) ? 'running' : 'died';
}

/** Whether a job can be gone on with: it is neither done nor held. A gate that failed is the end of a job, too. */
export function isUnfinished(job: JobRecord, now: number): boolean {
  const state = stateOf(job, now);
  return state === 'died' || state === 'interrupted' || state === 'failed';
}
