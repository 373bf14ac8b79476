/** Every key pyscope has in a Redis. The braces put all keys of a prefix into one cluster slot, so that one script may touch them. */

export const DEFAULT_PREFIX = 'pyscope';

export interface Keys {
  /** Hash: start (JSON), owner, epoch, leaseUntil, end (JSON, once it ended), outcome. */
  job(id: string): string;
  /** Hash: path → manifest (JSON). */
  outputs(id: string): string;
  /** Hash: key of an answer → its bytes. */
  answers(id: string): string;
  /** Sorted set: ids of jobs by the time they started. */
  readonly jobs: string;
  /** The last epoch given. */
  readonly epoch: string;
  /** Hash: key of a model's answer → the answer (models/cache/entry.ts). */
  readonly cache: string;
  /** Hash: id of a model → what it is (JSON). */
  readonly cacheModels: string;
  /** Hash: entries and bytes of answers, of all and of each model. */
  readonly cacheCounts: string;
}

/** @param prefix `[A-Za-z0-9_-]+` */
export function keysUnder(prefix: string): Keys {
  const root = `{${prefix}}:v2`;
  return {
    job: (id) => `${root}:job:${id}`,
    outputs: (id) => `${root}:outputs:${id}`,
    answers: (id) => `${root}:answers:${id}`,
    jobs: `${root}:jobs`,
    epoch: `${root}:epoch`,
    cache: `${root}:cache`,
    cacheModels: `${root}:cache-models`,
    cacheCounts: `${root}:cache-counts`,
  };
}
