/** The recorded lineages that could tell of a file: those beside the file, in the folders above it, and in those above the current one. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  createReadStream,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { lineageFault } from '../../runtime/lineage/faults.ts';
import type { InputFacts, Manifest, OutputFacts } from '../../runtime/lineage/manifest.ts';
import { Lineage } from '../../runtime/lineage/reader.ts';
import { UsageError } from '../exit.ts';

export interface Recorded {
  readonly folder: string;
  readonly manifest: Manifest;
}

export interface Search {
  readonly file: string;
  /** `--state`: the only folder to look in. */
  readonly state: string | undefined;
  /** `--job`. */
  readonly job: string | undefined;
}

/** @throws UsageError where there is no such file */
export function checkFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw new UsageError(`there is no file ${JSON.stringify(file)}`);
  if (!found.isFile()) throw new UsageError(`${JSON.stringify(file)} is no plain file`);
}

/** Folders of job stores that may know the file. */
export function storeFolders({ file, state }: Pick<Search, 'file' | 'state'>): readonly string[] {
  if (state !== undefined && !state.includes('://') && state !== 'none') return [resolve(state)];
  const starts = [dirname(resolve(file)), dirname(real(file)), resolve('.')];
  return [...new Set(starts.flatMap(above))].map((folder) => join(folder, '.pyscope'));
}

function above(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...above(parent)];
}

/** The latest first. */
export function recorded(search: Search): readonly Recorded[] {
  const all = storeFolders(search).flatMap((folder) => jobsIn(join(folder, 'lineage')));
  const meant = search.job === undefined ? all : all.filter(({ manifest }) => manifest.job === search.job);
  if (search.job !== undefined && meant.length === 0) {
    throw lineageFault(
      'PR7101',
      `no lineage was recorded for job ${search.job}`,
      'pyscope run --lineage job.scope records it; --state DIR says where to look',
    );
  }
  return meant.toSorted((a, b) => b.manifest.endedAt - a.manifest.endedAt);
}

function jobsIn(folder: string): readonly Recorded[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const job = join(folder, name);
    const manifest = manifestIn(job);
    return manifest === null ? [] : [{ folder: job, manifest }];
  });
}

/** null where a run is still going on, or ended before its record was complete. */
function manifestIn(folder: string): Manifest | null {
  try {
    const manifest: Manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
    return manifest;
  } catch {
    return null;
  }
}

/** Opens a record; the rows are read as they are asked for. */
export function openLineage({ folder }: Recorded): { readonly lineage: Lineage; readonly close: () => void } {
  const rows = openSync(join(folder, 'rows.packed'), 'r');
  const lineage = new Lineage({
    folder,
    manifest: readFileSync(join(folder, 'manifest.json'), 'utf8'),
    index: readFileSync(join(folder, 'index.packed')),
    rows: (offset, length) => {
      const bytes = Buffer.alloc(length);
      const count = readSync(rows, bytes, 0, length, offset);
      return bytes.subarray(0, count);
    },
  });
  return { lineage, close: () => closeSync(rows) };
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return resolve(path);
  }
}

function same(a: string, b: string): boolean {
  return resolve(a) === resolve(b) || real(a) === real(b);
}

export function outputOf({ manifest }: Recorded, file: string): OutputFacts | null {
  return manifest.outputs.find(({ path }) => same(path, file)) ?? null;
}

/** The EXTRACTs of a job that read the file. */
export function inputsOf({ manifest }: Recorded, file: string): readonly InputFacts[] {
  return manifest.inputs.filter(({ path }) => same(path, file));
}

export async function sha256Of(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
