/** `kill -9` at named instants: before and after each kind of step by which a job becomes durable. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { JOB, openStore, runJobIn } from './crash-child.ts';
import { folderWith } from './pyscope.ts';
import { committedCalls, FILES, OUTPUTS } from './resume-job.ts';

const CHILD = fileURLToPath(new URL('crash-child.ts', import.meta.url));
const LONG = process.env['PYSCOPE_LONG'] === '1';

const FEW = [
  'begin 1 after',
  'commit 1 before',
  'commit 3 after',
  'keepAs 2 after',
  'rename 2 after',
  'finish 1 before',
];
const MORE = [
  'put 1 after',
  'rename 1 before',
  'begin 1 before',
  'put 2 before',
  ...[2, 4, 6, 8, 10].flatMap((n) => [`commit ${n} before`, `commit ${n} after`]),
  'keepAs 1 before',
  'rename 1 after',
  'rename 3 before',
  'rename 3 after',
  'syncFolder 1 before',
  'clear 1 before',
  'recordOutput 1 before',
  'recordOutput 2 after',
];

async function outputsIn(folder: string): Promise<readonly string[]> {
  return Promise.all(OUTPUTS.map((name) => readFile(join(folder, name), 'utf8').catch(() => 'not there')));
}

async function callsIn(path: string): Promise<readonly string[]> {
  return (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
}

describe('a process that is killed', function () {
  this.timeout(120_000);
  let expected: readonly string[] = [];

  before(async () => {
    process.env['PACE'] = '3';
    const { folder, remove } = await folderWith(FILES);
    process.env['CALLS'] = join(folder, 'calls.log');
    expect(await runJobIn(folder, false)).to.equal('done');
    expected = await outputsIn(folder);
    await remove();
  });
  after(() => {
    // Other tests' jobs look at them too: an empty one is not the same as none.
    delete process.env['CALLS'];
    delete process.env['PACE'];
  });

  for (const point of LONG ? [...FEW, ...MORE] : FEW) {
    it(`at “${point}” leaves what the next one needs to write the same bytes, and to ask nothing twice`, async () => {
      const { folder, remove } = await folderWith(FILES);
      const env = { ...process.env, CALLS: join(folder, 'first.log') };
      const child = spawn(process.execPath, ['--import', 'tsx', CHILD, folder, point], { env, stdio: 'inherit' });
      await once(child, 'close');
      expect(child.signalCode, 'it was killed').to.equal('SIGKILL');
      const published = await outputsIn(folder);
      published.forEach((text, at) => expect(['not there', expected[at]]).to.include(text));
      const store = await openStore(folder);
      const begun = (await store.read(JOB)) !== null;
      const committed = await committedCalls(store, JOB);
      await store.close();
      process.env['CALLS'] = join(folder, 'second.log');
      expect(await runJobIn(folder, begun)).to.equal('done');
      expect(await outputsIn(folder)).to.deep.equal(expected);
      const again = (await callsIn(join(folder, 'second.log'))).filter((call) => committed.has(call));
      expect(again, 'committed calls that were made again').to.deep.equal([]);
      const hidden = (await readdir(folder)).filter((name) => name.startsWith('.') && name !== '.pyscope');
      expect(hidden, 'what is left beside the outputs').to.deep.equal([]);
      await remove();
    });
  }
});
