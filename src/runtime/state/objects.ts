/** Where values go that are too big for a store: whole files, each under its job. A store refers to them by name. */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

export interface Objects {
  /** For messages. */
  readonly location: string;
  /** Durable when it resolves. `job` and `name`: `[A-Za-z0-9_-]+`. */
  put(job: string, name: string, bytes: Uint8Array): Promise<void>;
  /** Null when there is no such object. */
  get(job: string, name: string): Promise<Uint8Array | null>;
  /** All objects of a job. */
  remove(job: string): Promise<void>;
}

function isMissing(thrown: unknown): boolean {
  return thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';
}

/** A folder a job, a file an object. */
export function folderObjects(folder: string): Objects {
  return {
    location: folder,
    async put(job, name, bytes) {
      const path = join(folder, job, name);
      await mkdir(join(folder, job), { recursive: true });
      const file = await open(`${path}.tmp`, 'w');
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(`${path}.tmp`, path);
    },
    async get(job, name) {
      return readFile(join(folder, job, name)).catch((thrown: unknown) => {
        if (isMissing(thrown)) return null;
        throw thrown;
      });
    },
    remove: (job) => rm(join(folder, job), { recursive: true, force: true }),
  };
}
