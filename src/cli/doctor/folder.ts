import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { bytes } from '../units.ts';
import { advice, fine, messageOf, wrong } from './finding.ts';
import type { Finding } from './finding.ts';

/** Whether state can be kept in a folder that may not be there yet; nothing is left behind. */
export async function folderCheck(folder: string): Promise<Finding> {
  const path = resolve(folder);
  const before = await nearest(path);
  const probe = join(path, `doctor-${process.pid}`);
  try {
    const made = await mkdir(path, { recursive: true });
    await writeFile(probe, 'x');
    await rm(probe);
    if (made !== undefined) await rm(made, { recursive: true });
    return fine('folder', `${path} can be written${before === path ? '' : ' (it is not there yet)'}`);
  } catch (thrown) {
    const help = 'give yourself the right to write there, or name another place: --state DIR or --state redis://…';
    return wrong('folder', `${path} cannot be written: ${messageOf(thrown)}`, help);
  }
}

const LITTLE_DISK = 1e9;
const TOO_LITTLE_DISK = 50e6;

export async function diskCheck(folder: string): Promise<Finding> {
  const path = await nearest(resolve(folder));
  const { bavail, bsize } = await statfs(path);
  return freeDisk(path, bavail * bsize);
}

/** @param free bytes */
export function freeDisk(path: string, free: number): Finding {
  const what = `${bytes(free)} of disk free at ${path}`;
  if (free >= LITTLE_DISK) return fine('disk', what);
  const help = 'make room, or keep state and answers elsewhere: --state DIR, --cache DIR, --cache-size 200MB';
  return free < TOO_LITTLE_DISK ? wrong('disk', what, help) : advice('disk', what, help);
}

/** The folder, or the one above it that is there. */
async function nearest(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const there = await stat(folder).then(
      () => true,
      () => false,
    );
    if (there || folder === dirname(folder)) return folder;
  }
}
