/** Objects as files: a folder a job. */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { StateError } from '../errors.ts';
import { isDigest } from './object-store.ts';
import type { ObjectStore } from './object-store.ts';

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : null;
}

const HELP: ReadonlyMap<unknown, string> = new Map([
  ['ENOSPC', 'make room on its disk, or name another place with --objects'],
  ['EDQUOT', 'make room in your quota, or name another place with --objects'],
  ['EACCES', 'give yourself the right to write there, or name another place with --objects'],
]);

async function synced(path: string, bytes: Uint8Array | null): Promise<void> {
  const file = await open(path, bytes === null ? 'r' : 'w');
  try {
    if (bytes !== null) await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

export function folderObjects(path: string): ObjectStore {
  const folder = resolve(path);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      const help = HELP.get(codeOf(thrown)) ?? null;
      throw new StateError('PR6023', `the folder for big values ${folder} failed: ${why}`, help, thrown);
    }
  };
  /** What the work gives, or this where the file or folder is not there. */
  const orWhereMissing = async <T>(work: Promise<T>, missing: T): Promise<T> =>
    work.catch((thrown: unknown) => {
      if (codeOf(thrown) === 'ENOENT') return missing;
      throw thrown;
    });
  return {
    location: folder,
    put: (job, digest, bytes) =>
      guarded(async () => {
        const home = join(folder, job);
        const file = join(home, digest);
        await mkdir(home, { recursive: true });
        await synced(`${file}.tmp`, bytes);
        await rename(`${file}.tmp`, file);
        // Windows opens no folders; there a rename is durable by itself.
        if (process.platform !== 'win32') await synced(home, null);
      }),
    get: (job, digest) =>
      guarded<Uint8Array | null>(() => orWhereMissing<Uint8Array | null>(readFile(join(folder, job, digest)), null)),
    delete: (job, digest) => guarded(() => rm(join(folder, job, digest), { force: true })),
    list: (job) => guarded(async () => (await orWhereMissing(readdir(join(folder, job)), [])).filter(isDigest)),
    clear: (job) => guarded(() => rm(join(folder, job), { recursive: true, force: true })),
  };
}
