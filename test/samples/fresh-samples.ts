/** The samples as a user has them after a clone: without outputs, in a folder of their own. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');
export const samples = join(root, 'samples');

/** The folders of the samples that hold a certain file. */
export function samplesWith(file: string): readonly string[] {
  return readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(samples, entry.name, file)))
    .map((entry) => entry.name);
}

/** The samples without their outputs, so that a test never sees an older run's files; models and package are links to the repository's. */
export function freshSamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pyscope-samples-'));
  for (const job of samplesWith('job.scope')) {
    cpSync(join(samples, job), join(folder, job), {
      recursive: true,
      filter: (path) => !/[/\\](?:out|\.pyscope)$/.test(path),
    });
  }
  symlinkSync(join(samples, 'models'), join(folder, 'models'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/pyscope'));
  return folder;
}

/** The files of a folder with their texts, by name. */
export function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}
