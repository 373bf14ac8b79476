/** What every job store does; each implementation's test calls it. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { stateOf } from '../../../src/runtime/state/store.ts';
import type { JobEnd, JobStart, OutputManifest, StateStore } from '../../../src/runtime/state/store.ts';

export const LEASE = 150;

export function start(id: string, facts: Partial<JobStart> = {}): JobStart {
  return {
    id,
    script: 'job.scope',
    planFingerprint: 'f00d',
    parameters: [{ name: '__proto__', value: '"x"' }],
    inputs: [{ path: 'reviews.txt', fingerprint: '12:34' }],
    startedAt: 1_700_000_000_000,
    owner: 'here, process 1',
    ...facts,
  };
}

const manifest: OutputManifest = { path: 'out/ä b.csv', rows: 3, bytes: 42, sha256: 'ab'.repeat(32) };
const done: JobEnd = { outcome: 'done', at: 1_700_000_001_000, report: { nodes: [1, 'two', null], ['__proto__']: 1 } };

export async function faultOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (thrown) {
    if (thrown instanceof StateError) return thrown.fault;
    throw thrown;
  }
  return 'no fault';
}

/** @param open gives a new handle on the one store of the running test, with leases of {@link LEASE} ms */
export function behavesAsStore(open: () => Promise<StateStore>): void {
  let store: StateStore;
  beforeEach(async () => {
    store = await open();
  });
  afterEach(async () => {
    await store.close();
  });

  it('reads back all that was recorded', async () => {
    const lease = await store.begin(start('a'));
    await store.recordOutput(lease, manifest);
    await store.finish(lease, done);
    const record = await store.read('a');
    expect(record).to.deep.include({ ...start('a'), outputs: [manifest], end: done, epoch: lease.epoch });
  });

  it('knows nothing of a job that never was', async () => {
    expect(await store.read('nobody')).to.equal(null);
    expect(await store.list()).to.deep.equal([]);
    expect(await store.remove('nobody')).to.equal(false);
  });

  it('shows a running job without an end', async () => {
    await store.begin(start('a'));
    const record = await store.read('a');
    expect(record).to.include({ id: 'a', end: null });
    expect(record && stateOf(record, Date.now())).to.equal('running');
    expect(record && stateOf(record, Date.now() + LEASE * 2)).to.equal('died');
  });

  it('refuses a job that a live owner holds, and names the owner', async () => {
    await store.begin(start('a', { owner: 'elsewhere, process 7' }));
    let message = '';
    await store.begin(start('a')).catch((thrown: unknown) => (message = String(thrown)));
    expect(message).to.include('elsewhere, process 7');
    expect(await faultOf(store.begin(start('a')))).to.equal('PR6004');
  });

  it('gives a job whose owner died to the next, and refuses the first from then on', async () => {
    const first = await store.begin(start('a'));
    await store.recordOutput(first, manifest);
    await pause(LEASE + 50);
    const second = await store.begin(start('a', { owner: 'successor' }));
    expect(second.epoch).to.be.greaterThan(first.epoch);
    expect(await faultOf(store.recordOutput(first, manifest))).to.equal('PR6005');
    expect(await faultOf(store.renew(first))).to.equal('PR6005');
    expect(await faultOf(store.finish(first, done))).to.equal('PR6005');
    expect(await store.read('a')).to.deep.include({ owner: 'successor', outputs: [], end: null });
  });

  it('keeps a lease that is renewed', async () => {
    const lease = await store.begin(start('a'));
    for (let times = 0; times < 4; times += 1) {
      await pause(LEASE / 2);
      await store.renew(lease);
    }
    expect(await faultOf(store.begin(start('a')))).to.equal('PR6004');
  });

  it('lets a finished job begin again, with nothing of the run before', async () => {
    const first = await store.begin(start('a'));
    await store.recordOutput(first, manifest);
    await store.finish(first, done);
    await store.begin(start('a'));
    expect(await store.read('a')).to.deep.include({ outputs: [], end: null });
    expect(await faultOf(store.finish(first, done))).to.equal('PR6005');
  });

  it('never gives an epoch twice, not even after a removal', async () => {
    const first = await store.begin(start('a'));
    await store.finish(first, done);
    await store.remove('a');
    expect((await store.begin(start('a'))).epoch).to.be.greaterThan(first.epoch);
  });

  it('keeps the last manifest of a path', async () => {
    const lease = await store.begin(start('a'));
    await store.recordOutput(lease, manifest);
    await store.recordOutput(lease, { ...manifest, rows: 4 });
    expect((await store.read('a'))?.outputs).to.deep.equal([{ ...manifest, rows: 4 }]);
  });

  it('lists jobs, the latest start first', async () => {
    for (const [id, startedAt] of [
      ['old', 1000],
      ['new', 3000],
      ['middle', 2000],
    ] as const) {
      await store.begin(start(id, { startedAt }));
    }
    expect((await store.list()).map(({ id }) => id)).to.deep.equal(['new', 'middle', 'old']);
  });

  it('removes a job that ended, not one that runs', async () => {
    const lease = await store.begin(start('a'));
    expect(await faultOf(store.remove('a'))).to.equal('PR6004');
    await store.finish(lease, done);
    expect(await store.remove('a')).to.equal(true);
    expect(await store.read('a')).to.equal(null);
    expect(await store.list()).to.deep.equal([]);
  });

  it('refuses ids with other characters', async () => {
    for (const id of ['', 'a b', '../x', 'a:b', 'ä', 'x'.repeat(129)]) {
      expect(await faultOf(store.begin(start(id))), id).to.equal('PR6006');
    }
  });

  it('gives a job to exactly one of many that want it at once', async () => {
    const others = await Promise.all([open(), open(), open()]);
    const faults = await Promise.all([store, ...others].map((one) => faultOf(one.begin(start('a')))));
    expect(faults.toSorted()).to.deep.equal(['PR6004', 'PR6004', 'PR6004', 'no fault']);
    await Promise.all(others.map((one) => one.close()));
  });
}
