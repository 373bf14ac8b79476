import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { freshSamples, root } from './fresh-samples.ts';

interface Figures {
  readonly f1: readonly number[];
  /** Repairs that acted. */
  readonly fired: number;
}

function isReport(
  value: unknown,
): value is { readonly expectations: readonly { f1: number }[]; readonly handlers: readonly { fired: number }[] } {
  return typeof value === 'object' && value !== null && 'expectations' in value && 'handlers' in value;
}

function figures(folder: string, ...args: readonly string[]): Figures {
  const run = spawnSync(process.execPath, [join(root, 'bin/pyscope'), 'run', ...args, '--json'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const report: unknown = JSON.parse(run.stdout);
  if (!isReport(report)) throw new Error(`no report: ${run.stderr}`);
  const fired = report.handlers.reduce((sum, handler) => sum + handler.fired, 0);
  return { f1: report.expectations.map(({ f1 }) => Number(f1.toFixed(3))), fired };
}

/** What samples/README.md says of each. */
const WORTH: readonly (readonly [
  job: string,
  without: readonly string[],
  f1: readonly number[],
  better: readonly number[],
  fired: number,
])[] = [
  ['reactive', ['reactive/without.scope'], [0.889, 0.877], [0.9, 0.893], 48],
  ['spelling', ['spelling/job.scope', '-p', 'repair=false'], [0.75], [1], 23],
  ['cascade', ['cascade/job.scope', '-p', 'sure=0'], [0.85], [0.861], 14],
  ['outliers', ['outliers/job.scope', '-p', 'limit=1000000'], [0.886], [0.983], 51],
  ['dedupe', ['dedupe/job.scope', '-p', 'accounts=1000'], [0.8], [0.97], 2],
];

describe('the handlers of the samples', () => {
  let folder = '';
  before(() => {
    folder = freshSamples();
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [job, without, f1, better, fired] of WORTH) {
    it(`${job} are worth what the README says`, () => {
      expect(figures(folder, ...without)).to.deep.equal({ f1, fired: 0 });
      expect(figures(folder, `${job}/job.scope`)).to.deep.equal({ f1: better, fired });
    });
  }
});
