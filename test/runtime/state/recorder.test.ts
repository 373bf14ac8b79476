import { expect } from 'chai';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import { record } from '../../../src/runtime/state/recorder.ts';
import type { Taken } from '../../../src/runtime/state/recorder.ts';
import type { JobEnd, StateStore } from '../../../src/runtime/state/store.ts';
import { faultOf, start } from './conformance.ts';

const written = (path: string): RunEvent => ({
  kind: 'output-committed',
  node: 1,
  path,
  rows: 2,
  bytes: 3,
  sha256: 'ab',
});

const { signal } = new AbortController();

const NOTHING = {
  digest: 1,
  asked: 1,
  milliseconds: 1,
  drawn: 0,
  vectors: [],
  length: 0,
  origins: null,
  carried: [],
};

async function taken(store: StateStore): Promise<Taken> {
  return { lease: await store.begin(start('a')), committed: [] };
}

describe('the record of a run', () => {
  it('has the outputs and the end, in their order', async () => {
    const store = memoryStore();
    const recorder = record(store, await taken(store), signal, (thrown) => expect.fail(String(thrown)));
    recorder.listen(written('x.csv'));
    recorder.listen({ kind: 'run-started', job: 'a', at: 0 });
    recorder.listen(written('y.csv'));
    await recorder.finish({ outcome: 'done', at: 5, report: null }, false);
    const job = await store.read('a');
    expect(job?.outputs.map(({ path }) => path)).to.deep.equal(['x.csv', 'y.csv']);
    expect(job?.end).to.deep.equal({ outcome: 'done', at: 5, report: null });
  });

  it('keeps the answers of a job that failed, and of one that is done only where that is asked for', async () => {
    const keptAfter = async (outcome: JobEnd['outcome'], keep: boolean): Promise<readonly string[]> => {
      const store = memoryStore();
      const recorder = record(store, await taken(store), signal, (thrown) => expect.fail(String(thrown)));
      await recorder.answers.keep('3.0/0/0', { ...NOTHING, failures: [], repairs: [] }, false, null);
      await recorder.finish({ outcome, at: 5, report: null }, keep);
      return store.committed('a');
    };
    expect(await keptAfter('failed', false)).to.deep.equal(['3.0/0/0']);
    expect(await keptAfter('interrupted', false)).to.deep.equal(['3.0/0/0']);
    expect(await keptAfter('done', false)).to.deep.equal([]);
  });

  it('tells once when the store fails, and lets the run go on', async () => {
    const failing: StateStore = {
      ...memoryStore(),
      recordOutput: () => Promise.reject(new StateError('PR6007', 'disk full')),
    };
    const troubles: string[] = [];
    const recorder = record(failing, await taken(failing), signal, (thrown) => troubles.push(String(thrown)));
    recorder.listen(written('x.csv'));
    recorder.listen(written('y.csv'));
    await recorder.finish({ outcome: 'done', at: 5, report: null }, false);
    expect(troubles).to.have.length(1);
    expect(troubles[0]).to.include('disk full');
  });

  it('lets nothing be published for a job that was taken over, and leaves it to the job to tell', async () => {
    const store = memoryStore();
    const job = await taken(store);
    await store.finish(job.lease, { outcome: 'interrupted', at: 1, report: null }, 'keep');
    await store.resume('a', { owner: 'another', process: '' });
    const recorder = record(store, job, signal, (thrown) => expect.fail(String(thrown)));
    expect(await faultOf(recorder.answers.flush())).to.equal('PR6005');
    expect(await faultOf(recorder.answers.during(async () => 1))).to.equal('PR6005');
    await recorder.finish({ outcome: 'failed', at: 5, report: null }, false);
  });

  it('knows how many answers are in the store without asking it: those of before and those that were written', async () => {
    const store = memoryStore();
    const { lease } = await taken(store);
    const recorder = record(store, { lease, committed: ['1.0/0/0', '2.0/0/0'] }, signal, (thrown) =>
      expect.fail(String(thrown)),
    );
    await recorder.answers.keep('3.0/0/0', { ...NOTHING, failures: [], repairs: [] }, false, null);
    expect(recorder.answers.durable()).to.equal(2);
    await recorder.answers.flush();
    expect(recorder.answers.durable()).to.equal(3);
    await recorder.finish({ outcome: 'failed', at: 5, report: null }, false);
  });
});
