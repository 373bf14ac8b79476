/** What a process that was killed while it wrote or published left beside its outputs. */
import type { Dirent } from 'node:fs';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { hiddenName } from './output-file.ts';

const HIDDEN = /^(\..*)\.([A-Za-z0-9_-]{1,128})\.(?:tmp|old)$/s;

/** The folder above the first one that a partition's value names. */
function fixedFolder(path: string): string {
  const brace = path.indexOf('{');
  return brace < 0 ? dirname(path) : dirname(`${path.slice(0, brace)}x`);
}

async function filesIn(folder: string, recursive: boolean): Promise<readonly Dirent[]> {
  return readdir(folder, { recursive, withFileTypes: true }).catch(() => []);
}

/**
 * Removes the temporary files, and those set aside, of jobs that run no more. What cannot be removed stays: it is in nobody's way.
 *
 * @param outputs paths as the plan has them, with `{column}` where they are partitioned
 */
export async function removeOrphans(outputs: readonly string[], jobs: ReadonlySet<string>): Promise<void> {
  if (jobs.size === 0) return;
  const names = new Set(outputs.map((path) => hiddenName(basename(path))));
  const folders = new Map<string, boolean>();
  for (const path of outputs)
    folders.set(fixedFolder(path), folders.get(fixedFolder(path)) === true || path.includes('{'));
  for (const [folder, partitioned] of folders) {
    for (const entry of await filesIn(folder, partitioned)) {
      const [, name = '', job = ''] = HIDDEN.exec(entry.name) ?? [];
      if (!entry.isFile() || !jobs.has(job) || !(partitioned || names.has(name))) continue;
      await unlink(join(entry.parentPath, entry.name)).catch(() => undefined);
    }
  }
}
