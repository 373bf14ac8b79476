/** Where a run's own files are when nothing else is said: `.pyscope` beside its script. */
import { dirname, join, resolve } from 'node:path';

/** Where the embedded store is when nothing else is said: beside the script, in this folder for standard input. */
export function storeFolder(path: string): string {
  return join(path === '-' ? '.' : dirname(path), '.pyscope');
}

/** Where the lineages of runs are: in the folder of the embedded store, also where runs are recorded elsewhere. */
export function lineageFolder(path: string, state: string | undefined): string {
  const elsewhere = state === undefined || state === 'none' || state.includes('://');
  return resolve(elsewhere ? storeFolder(path) : state, 'lineage');
}

/** Where a job keeps what does not fit in memory, when nothing else is said. */
export function spillFolder(path: string): string {
  return join(storeFolder(path), 'spill');
}
