import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const samples = join(root, 'samples');

function jobs(): readonly string[] {
  return readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(samples, entry.name, 'job.scope')))
    .map((entry) => entry.name);
}

/** The samples without their outputs, with the models beside them, so that a test never sees an older run's files. */
function freshSamples(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pyscope-samples-'));
  for (const job of jobs()) {
    cpSync(join(samples, job), join(folder, job), {
      recursive: true,
      filter: (path) => !/[/\\](?:out|\.pyscope)$/.test(path),
    });
  }
  symlinkSync(join(samples, 'models'), join(folder, 'models'));
  return folder;
}

function pyscope(cwd: string, ...args: readonly string[]): { readonly code: number | null; readonly text: string } {
  const run = spawnSync(process.execPath, [join(root, 'bin/pyscope'), ...args], { cwd, encoding: 'utf8' });
  return { code: run.status, text: run.stdout + run.stderr };
}

function filesOf(folder: string): ReadonlyMap<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

describe('the samples', () => {
  let folder = '';
  before(() => {
    folder = freshSamples();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('are there', () => {
    expect(jobs()).to.include.members(['sentiment', 'split', 'multilingual', 'wordcount', 'csv-cleaning']);
  });

  for (const job of jobs()) {
    it(`${job} checks without a message, is laid out canonically and writes its expected files`, () => {
      const script = join(job, 'job.scope');
      const checked = pyscope(folder, 'check', '--max-warnings', '0', script);
      expect(checked.code, checked.text).to.equal(0);
      const laidOut = pyscope(folder, 'fmt', '--check', script);
      expect(laidOut.code, laidOut.text).to.equal(0);
      const ran = pyscope(folder, 'run', script);
      expect(ran.code, ran.text).to.equal(0);
      expect(filesOf(join(folder, job, 'out'))).to.deep.equal(filesOf(join(samples, job, 'expected')));
    });
  }
});
