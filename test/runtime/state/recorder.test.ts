import { expect } from 'chai';
import type { RunEvent } from '../../../src/runtime/events.ts';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { memoryStore } from '../../../src/runtime/state/memory.ts';
import { record } from '../../../src/runtime/state/recorder.ts';
import type { StateStore } from '../../../src/runtime/state/store.ts';
import { start } from './conformance.ts';

const written = (path: string): RunEvent => ({
  kind: 'output-committed',
  node: 1,
  path,
  rows: 2,
  bytes: 3,
  sha256: 'ab',
});

describe('the record of a run', () => {
  it('has the outputs and the end, in their order', async () => {
    const store = memoryStore();
    const recorder = await record(store, start('a'), (thrown) => expect.fail(String(thrown)));
    recorder.listen(written('x.csv'));
    recorder.listen({ kind: 'run-started', job: 'a', at: 0 });
    recorder.listen(written('y.csv'));
    await recorder.finish({ outcome: 'done', at: 5, report: null });
    const job = await store.read('a');
    expect(job?.outputs.map(({ path }) => path)).to.deep.equal(['x.csv', 'y.csv']);
    expect(job?.end).to.deep.equal({ outcome: 'done', at: 5, report: null });
  });

  it('tells once when the store fails, and lets the run go on', async () => {
    const failing: StateStore = {
      ...memoryStore(),
      recordOutput: () => Promise.reject(new StateError('PR6007', 'disk full')),
    };
    const troubles: string[] = [];
    const recorder = await record(failing, start('a'), (thrown) => troubles.push(String(thrown)));
    recorder.listen(written('x.csv'));
    recorder.listen(written('y.csv'));
    await recorder.finish({ outcome: 'done', at: 5, report: null });
    expect(troubles).to.have.length(1);
    expect(troubles[0]).to.include('disk full');
  });
});
