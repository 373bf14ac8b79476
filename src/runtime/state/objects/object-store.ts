/** Where values go that are too big for a job store: a folder, or anything that speaks S3. A store refers to them by digest. */

export interface ObjectStore {
  /** For messages, and to find it again: `s3://bucket/prefix`, or the folder's absolute path. */
  readonly location: string;
  /** Durable when it resolves; twice is as once. `job`: `[A-Za-z0-9_-]+`; `digest`: 64 hexadecimal digits. */
  put(job: string, digest: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such object. */
  get(job: string, digest: string): Promise<Uint8Array | null>;
  /** One that is not there is no error. */
  delete(job: string, digest: string): Promise<void>;
  /** The digests of a job's objects, in no order. */
  list(job: string): Promise<readonly string[]>;
  /** All that there is of a job, also what a process left half written. */
  clear(job: string): Promise<void>;
}

/** Whether a name is that of an object; other files of a folder are none of ours. */
export function isDigest(name: string): boolean {
  return /^[0-9a-f]{64}$/.test(name);
}
