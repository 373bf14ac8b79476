/**
 * What a run leaves behind: which job it was, with what, and what came of it. Named by intentions; memory, the embedded database and Redis
 * pass one test suite. Each method is one atomic step. All can throw {@link import('./errors.ts').StateError}.
 *
 * Ownership: `begin` gives a lease with an epoch that no other lease of the store ever has. Whoever holds the highest epoch of a job owns it; a
 * step under an older one is refused, so that a process that was thought dead cannot write over its successor. A lease that is not renewed
 * for {@link LEASE_MILLISECONDS} is over.
 */

export const LEASE_MILLISECONDS = 30_000;

/** Anything that JSON can hold. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

export interface JobStart {
  /** `[A-Za-z0-9_-]{1,128}` */
  readonly id: string;
  /** The script's path as the user named it. */
  readonly script: string;
  readonly planFingerprint: string;
  /** As printed; values of parameters are shown, so secrets do not belong into them. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
  readonly inputs: readonly { readonly path: string; readonly fingerprint: string }[];
  /** Milliseconds since 1970, UTC; so are all times here. */
  readonly startedAt: number;
  /** Who runs it, for messages: `host, process 4711`. */
  readonly owner: string;
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

export interface StateStore {
  /** Where it is, for messages; without any password. */
  readonly location: string;
  /** Takes the job and clears what an earlier run of that id left. @throws PR6004 when another live owner holds it, PR6006 */
  begin(start: JobStart): Promise<Lease>;
  /** @throws PR6005 */
  renew(lease: Lease): Promise<void>;
  /** One manifest a path: a later one replaces it. @throws PR6005 */
  recordOutput(lease: Lease, manifest: OutputManifest): Promise<void>;
  /** The job ended; its lease is over. @throws PR6005 */
  finish(lease: Lease, end: JobEnd): Promise<void>;
  read(id: string): Promise<JobRecord | null>;
  /** Latest start first. */
  list(): Promise<readonly JobRecord[]>;
  /** False when there is no such job. @throws PR6004 when a live owner holds it */
  remove(id: string): Promise<boolean>;
  close(): Promise<void>;
}

export interface StoreSettings {
  /** Default {@link LEASE_MILLISECONDS}. */
  readonly leaseMilliseconds?: number;
}

/** What `jobs ls` calls the state of a job at a time. */
export function stateOf(job: JobRecord, now: number): JobOutcome | 'running' | 'died' {
  if (job.end !== null) return job.end.outcome;
  return job.leaseUntil > now ? 'running' : 'died';
}
