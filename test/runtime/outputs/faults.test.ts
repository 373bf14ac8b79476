/** The n-th operation on the output's file system fails, n = 1, 2, 3 … until the job passes: never a part of a file under a final name. */
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { diskOutputs } from '../../../src/runtime/outputs/files.ts';
import { MemoryOutputs } from './memory.ts';
import { runScript } from '../engine/support.ts';

const SCRIPT = `n = EXTRACT n: int, parity: string FROM "n.csv";
  OUTPUT n TO "out/all.csv";
  OUTPUT n WHERE n > 5 TO "out/some.csv.gz";
  OUTPUT n TO "parts/{parity}.csv";`;

const INPUTS = {
  'n.csv': `n,parity\n${Array.from({ length: 40 }, (_, n) => `${n},${n % 2 === 0 ? 'even' : 'odd'}\n`).join('')}`,
};

const FINAL = ['/data/out/all.csv', '/data/out/some.csv.gz', '/data/parts/even.csv', '/data/parts/odd.csv'];
const OLD = Buffer.from('the output of the run before');

async function runWith(outputs: MemoryOutputs): ReturnType<typeof runScript> {
  for (const path of FINAL) outputs.files.set(path, OLD);
  return runScript(SCRIPT, { inputs: INPUTS, outputs, batchRows: 7 });
}

describe('outputs when the disk fails', () => {
  it('are all as they were, whichever operation fails', async () => {
    const good = await runWith(new MemoryOutputs());
    expect(good.result.outcome).to.equal('done');
    const operations = good.outputs.operations.length;
    expect(operations).to.be.greaterThan(20);
    for (const code of ['ENOSPC', 'EIO', 'EACCES', 'EROFS']) {
      for (let at = 1; at <= operations; at++) {
        const outputs = new MemoryOutputs({ at, code });
        const { result } = await runWith(outputs);
        const what = `${code} at ${at}: ${outputs.operations[at - 1] ?? ''}`;
        expect(outputs.failed, what).to.equal(true);
        expect(result.outcome, what).to.equal('failed');
        expect(result.error?.code, what).to.match(/^PR510[12]$/u);
        expect(result.error?.message, what)
          .to.match(/cannot be written/u)
          .and.to.include(code);
        expect([...outputs.files.keys()].toSorted(), what).to.deep.equal(FINAL.toSorted());
        expect(outputs.open_, what).to.equal(0);
        for (const path of FINAL) expect(outputs.files.get(path)?.equals(OLD), `${what}: ${path}`).to.equal(true);
      }
    }
  });

  it('give the same bytes when the job is run again', async () => {
    const whole = (await runWith(new MemoryOutputs())).outputs.files;
    const broken = new MemoryOutputs({ at: 12, code: 'EIO' });
    expect((await runWith(broken)).result.outcome).to.equal('failed');
    const again = new MemoryOutputs();
    for (const [path, bytes] of broken.files) again.files.set(path, bytes);
    expect((await runWith(again)).result.outcome).to.equal('done');
    expect([...again.files]).to.have.deep.members([...whole]);
  });

  it('say which of them is new already where it cannot be taken back', async () => {
    const { operations } = (await runWith(new MemoryOutputs())).outputs;
    const renames = operations.flatMap((name, at) => (name.startsWith('rename') ? [at + 1] : []));
    const { result } = await runWith(new MemoryOutputs({ at: renames[1] ?? 0, code: 'EIO', lasting: true }));
    expect(result.error?.help).to.equal('already in place, and complete: out/all.csv');
  });

  it('are none where there were none', async () => {
    const good = new MemoryOutputs();
    await runScript(SCRIPT, { inputs: INPUTS, outputs: good, batchRows: 7 });
    const last = good.operations.findLastIndex((name) => name.startsWith('rename '));
    for (const at of [last + 1, good.operations.length]) {
      const outputs = new MemoryOutputs({ at, code: 'EIO' });
      const { result } = await runScript(SCRIPT, { inputs: INPUTS, outputs, batchRows: 7 });
      expect(result.outcome).to.equal('failed');
      expect([...outputs.files.keys()]).to.deep.equal([]);
    }
  });
});

describe('files on a disk', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pyscope-outputs-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('keep an old file beside the new one until all are new, and give it back', async () => {
    const [path, aside] = [join(folder, 'a.csv'), join(folder, '.a.csv.job.old')];
    expect(await diskOutputs.keepAs(path, aside)).to.equal(false);
    await writeFile(path, 'old');
    expect(await diskOutputs.keepAs(path, aside)).to.equal(true);
    await writeFile(join(folder, 'tmp'), 'new');
    await diskOutputs.rename(join(folder, 'tmp'), path);
    // What a killed process had set aside is the older one.
    expect(await diskOutputs.keepAs(path, aside)).to.equal(true);
    expect(await readFile(aside, 'utf8')).to.equal('old');
    await diskOutputs.rename(aside, path);
    expect(await readFile(path, 'utf8')).to.equal('old');
    expect(await readdir(folder)).to.deep.equal(['a.csv']);
  });
});
