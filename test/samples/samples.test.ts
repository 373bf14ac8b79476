import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { expect } from 'chai';
import { filesOf, freshSamples, root, samples, samplesWith } from './fresh-samples.ts';

interface Ended {
  readonly code: number | null;
  readonly text: string;
}

function node(cwd: string, ...args: readonly string[]): Ended {
  const run = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { code: run.status, text: run.stdout + run.stderr };
}

function pyscope(cwd: string, ...args: readonly string[]): Ended {
  return node(cwd, join(root, 'bin/pyscope'), ...args);
}

describe('the samples', () => {
  let folder = '';
  beforeEach(() => {
    folder = freshSamples();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('are there', () => {
    expect(samplesWith('job.scope')).to.include.members([
      'sentiment',
      'split',
      'multilingual',
      'wordcount',
      'csv-cleaning',
    ]);
    expect(samplesWith('job.ts')).to.include.members(['sentiment', 'split', 'multilingual']);
  });

  for (const job of samplesWith('job.scope')) {
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

  for (const job of samplesWith('job.ts')) {
    it(`${job} gives the same bytes as a program`, () => {
      const ran = node(folder, '--import', createRequire(import.meta.url).resolve('tsx'), join(job, 'job.ts'));
      expect(ran.code, ran.text).to.equal(0);
      expect(ran.text).to.include('F1 against truth/');
      expect(filesOf(join(folder, job, 'out'))).to.deep.equal(filesOf(join(samples, job, 'expected')));
    });
  }
});
