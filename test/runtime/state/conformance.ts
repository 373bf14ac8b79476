/** What every job store does; each implementation's test calls it. */
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from 'chai';
import { StateError } from '../../../src/runtime/state/errors.ts';
import { hasDied, thisOwner } from '../../../src/runtime/state/owner.ts';
import { stateOf } from '../../../src/runtime/state/store.ts';
import type { JobEnd, JobStart, OutputManifest, StateStore } from '../../../src/runtime/state/store.ts';

export const LEASE = 150;

/** This process, which lives. */
export const me = { ...thisOwner(), owner: 'here, process 1' };
/** One that was and is no more: the process it names began at another time. */
export const dead = { owner: 'here, process 2', process: me.process.replace(/ \d+$/, ' 1') };

export function start(id: string, facts: Partial<JobStart> = {}): JobStart {
  return {
    id,
    script: 'job.scope',
    scriptPath: '/home/me/job.scope',
    planFingerprint: 'f00d',
    parameters: [{ name: '__proto__', value: '"x"' }],
    inputs: [{ path: 'reviews.txt', fingerprint: '12:34' }],
    scripts: [{ path: 'job.scope', fingerprint: 'ab' }],
    modules: [{ path: 'operators.ts', fingerprint: 'cd' }],
    models: [],
    options: { batchRows: 4096 },
    startedAt: 1_700_000_000_000,
    ...me,
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
    await store.finish(lease, done, 'drop');
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
    expect(await faultOf(store.finish(first, done, 'drop'))).to.equal('PR6005');
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
    await store.finish(first, done, 'drop');
    await store.begin(start('a'));
    expect(await store.read('a')).to.deep.include({ outputs: [], end: null });
    expect(await faultOf(store.finish(first, done, 'drop'))).to.equal('PR6005');
  });

  it('takes nothing more of a job that has ended', async () => {
    const lease = await store.begin(start('a'));
    await store.finish(lease, done, 'keep');
    expect(await faultOf(store.commit(lease, [{ key: '1/0/0', bytes: Buffer.from('late') }]))).to.equal('PR6005');
    expect(await faultOf(store.recordOutput(lease, manifest))).to.equal('PR6005');
    expect(await store.committed('a')).to.deep.equal([]);
  });

  it('never gives an epoch twice, not even after a removal', async () => {
    const first = await store.begin(start('a'));
    await store.finish(first, done, 'drop');
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
    await store.finish(lease, done, 'drop');
    expect(await store.remove('a')).to.equal(true);
    expect(await store.read('a')).to.equal(null);
    expect(await store.list()).to.deep.equal([]);
  });

  const answers = [
    { key: '3/0/0', bytes: Uint8Array.from({ length: 300 }, (_, at) => at % 256) },
    { key: '3/1/0', bytes: new Uint8Array(0) },
    { key: '12/0/ä', bytes: Buffer.from('two') },
  ];
  const failed: JobEnd = { ...done, outcome: 'failed' };

  /** Every answer of a job. */
  async function answersOf(id: string): Promise<Readonly<Record<string, string>>> {
    const keys = (await store.committed(id)).toSorted();
    const bytes = await Promise.all(keys.map((key) => store.answer(id, key)));
    return Object.fromEntries(keys.map((key, at) => [key, Buffer.from(bytes[at] ?? []).toString('hex')]));
  }
  const all = Object.fromEntries(answers.map(({ key, bytes }) => [key, Buffer.from(bytes).toString('hex')]));

  it('keeps answers byte by byte, those of one job apart from those of another', async () => {
    const [a, b] = [await store.begin(start('a')), await store.begin(start('a-b'))];
    await store.commit(a, answers.slice(0, 2));
    await store.commit(a, answers.slice(2));
    await store.commit(b, [{ key: '3/0/0', bytes: Buffer.from('b') }]);
    expect(await answersOf('a')).to.deep.equal(all);
    expect(await answersOf('a-b')).to.deep.equal({ '3/0/0': Buffer.from('b').toString('hex') });
    expect(await store.answer('a', 'other')).to.equal(null);
    expect(await store.answer('nobody', '3/0/0')).to.equal(null);
  });

  const successor = { ...me, owner: 'successor' };

  it('takes a job at once from a process that can be seen to have died', async function () {
    if (!hasDied(dead.process)) this.skip();
    await store.begin(start('a', dead));
    await store.commit(await store.begin(start('a', dead)), answers);
    expect(stateOf((await store.read('a')) ?? expect.fail('it is there'), Date.now())).to.equal('died');
    const { lease, committed } = await store.resume('a', successor);
    expect(committed).to.have.length(3);
    expect(await faultOf(store.remove('a'))).to.equal('PR6004');
    await store.finish(lease, failed, 'keep');
    await store.begin(start('b', dead));
    expect(await store.remove('b')).to.equal(true);
  });

  it('gives the answers of a job whose process died to the next owner, and refuses the first from then on', async () => {
    const first = await store.begin(start('a'));
    await store.commit(first, answers);
    await store.recordOutput(first, manifest);
    expect(await faultOf(store.resume('a', successor))).to.equal('PR6004');
    await pause(LEASE + 50);
    const { lease, record, committed } = await store.resume('a', successor);
    expect(committed.toSorted()).to.deep.equal(answers.map(({ key }) => key).toSorted());
    expect(record).to.deep.include({ ...start('a'), ...successor, outputs: [], end: null, epoch: lease.epoch });
    expect(await faultOf(store.commit(first, [{ key: '3/0/0', bytes: Buffer.from('late') }]))).to.equal('PR6005');
    await store.commit(lease, [{ key: '9/0/0', bytes: Buffer.from('new') }]);
    expect(await answersOf('a')).to.deep.equal({ ...all, '9/0/0': Buffer.from('new').toString('hex') });
    expect(await store.read('a')).to.deep.include({ owner: 'successor', outputs: [], end: null });
  });

  it('goes on with a job that failed, not with one that is done', async () => {
    const first = await store.begin(start('a'));
    await store.commit(first, answers);
    await store.finish(first, failed, 'keep');
    const { lease, committed } = await store.resume('a', me);
    expect(committed).to.have.length(3);
    expect(await store.read('a')).to.deep.include({ end: null });
    await store.finish(lease, done, 'drop');
    expect(await faultOf(store.resume('a', me))).to.equal('PR6010');
    expect(await faultOf(store.resume('b', me))).to.equal('PR6009');
  });

  it('drops the answers of a job that is done, unless they are to be kept', async () => {
    for (const kept of ['drop', 'keep'] as const) {
      const lease = await store.begin(start(kept));
      await store.commit(lease, answers);
      await store.finish(lease, done, kept);
      expect(await answersOf(kept)).to.deep.equal(kept === 'keep' ? all : {});
    }
  });

  it('forgets the answers of a job that is removed or begins again', async () => {
    const first = await store.begin(start('a'));
    await store.commit(first, answers);
    await store.finish(first, failed, 'keep');
    await store.begin(start('a'));
    expect(await answersOf('a')).to.deep.equal({});
    const other = await store.begin(start('b'));
    await store.commit(other, answers);
    await store.finish(other, failed, 'keep');
    await store.remove('b');
    expect(await answersOf('b')).to.deep.equal({});
  });

  it('puts an answer in the place of the one under its key', async () => {
    const lease = await store.begin(start('a'));
    await store.commit(lease, [{ key: 'k', bytes: Buffer.from('old') }]);
    await store.commit(lease, [{ key: 'k', bytes: Buffer.from('new') }]);
    expect(await answersOf('a')).to.deep.equal({ k: Buffer.from('new').toString('hex') });
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
