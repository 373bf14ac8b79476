import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { removeOrphans } from '../../../src/runtime/outputs/orphans.ts';

describe('what dead jobs left beside outputs', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-orphans-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function leftOf(
    files: readonly string[],
    outputs: readonly string[],
    jobs: readonly string[],
  ): Promise<readonly string[]> {
    for (const name of files) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), '');
    }
    await removeOrphans(
      outputs.map((name) => join(folder, name)),
      new Set(jobs),
    );
    const all = await readdir(folder, { recursive: true, withFileTypes: true });
    return all
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .toSorted();
  }

  it('goes: temporary files and files set aside, of those jobs and those outputs only', async () => {
    const kept = [
      '.out.csv.alive-1.tmp',
      '.other.csv.dead-1.tmp',
      '.out.csv.dead-1.bak',
      'out.csv',
      'out.csv.dead-1.tmp',
    ];
    const files = [...kept, '.out.csv.dead-1.tmp', '.out.csv.dead-1.old', '.out.csv.dead-2.old'];
    expect(await leftOf(files, ['out.csv', 'not there/x.csv'], ['dead-1', 'dead-2'])).to.deep.equal(kept.toSorted());
  });

  it('goes from the folders of partitions, too', async () => {
    const files = [
      'parts/k=a/.a.csv.dead.tmp',
      'parts/k=a/a.csv',
      'parts/k=b/.b.csv.dead.old',
      'parts/k=b/.b.csv.alive.tmp',
      '.x.csv.dead.tmp',
    ];
    expect(await leftOf(files, ['parts/k={k}/{k}.csv'], ['dead'])).to.deep.equal([
      '.b.csv.alive.tmp',
      '.x.csv.dead.tmp',
      'a.csv',
    ]);
  });
});
