/** Runs that wrote a file without recording their lineage: they are in the job store, so that the message can name them. */
import { statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { storeFolders } from './find.ts';
import type { Search } from './find.ts';

export interface Unrecorded {
  readonly job: string;
  readonly script: string;
}

/** The latest such run; null where there is none, or no store can be read. */
export async function wroteWithout(search: Search): Promise<Unrecorded | null> {
  const { openStore } = await import('../../runtime/state/open.ts');
  for (const folder of storeFolders(search)) {
    if (statSync(join(folder, 'state.mdb'), { throwIfNoEntry: false }) === undefined) continue;
    try {
      const store = await openStore({ kind: 'embedded', folder, asked: true });
      try {
        const found = (await store.list()).find(({ outputs }) =>
          outputs.some(({ path }) => resolve(dirname(folder), path) === resolve(search.file)),
        );
        if (found !== undefined) return { job: found.id, script: found.script };
      } finally {
        await store.close();
      }
    } catch {
      // A store that cannot be read names nothing; that it cannot is no news for who asks about a row.
    }
  }
  return null;
}
