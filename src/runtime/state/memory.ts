/** A store that lives as long as its process: for tests, and the plainest reading of the interface. */
import { checkJobId } from './errors.ts';
import { begun, ended, latestFirst, owned, refuseHeld, resumable, takenOver, withOutput } from './steps.ts';
import { LEASE_MILLISECONDS } from './store.ts';
import type { JobRecord, Lease, StateStore, StoreSettings } from './store.ts';

export function memoryStore({ leaseMilliseconds = LEASE_MILLISECONDS }: StoreSettings = {}): StateStore {
  const jobs = new Map<string, JobRecord>();
  const answers = new Map<string, Map<string, Uint8Array>>();
  let epoch = 0;
  const change = (lease: Lease, step: (record: JobRecord) => JobRecord): void => {
    jobs.set(lease.id, step(owned(jobs.get(lease.id), lease)));
  };
  return {
    location: 'memory',
    async begin(start) {
      const id = checkJobId(start.id);
      refuseHeld(jobs.get(id), Date.now());
      epoch += 1;
      jobs.set(id, begun(start, epoch, Date.now() + leaseMilliseconds));
      answers.delete(id);
      return { id, epoch };
    },
    async resume(id, owner) {
      const known = resumable(jobs.get(checkJobId(id)), id, 'memory', Date.now());
      epoch += 1;
      const record = takenOver(known, owner, epoch, Date.now() + leaseMilliseconds);
      jobs.set(id, record);
      return { lease: { id, epoch }, record, committed: [...(answers.get(id)?.keys() ?? [])] };
    },
    async commit(lease, fresh) {
      owned(jobs.get(lease.id), lease);
      const known = answers.get(lease.id) ?? new Map<string, Uint8Array>();
      for (const { key, bytes } of fresh) known.set(key, bytes.slice());
      answers.set(lease.id, known);
    },
    async answer(id, key) {
      return answers.get(id)?.get(key) ?? null;
    },
    async committed(id) {
      return [...(answers.get(id)?.keys() ?? [])];
    },
    async renew(lease) {
      change(lease, (record) => ({ ...record, leaseUntil: Date.now() + leaseMilliseconds }));
    },
    async recordOutput(lease, manifest) {
      change(lease, (record) => withOutput(record, manifest));
    },
    async finish(lease, end, kept) {
      change(lease, (record) => ended(record, end));
      if (kept === 'drop') answers.delete(lease.id);
    },
    async read(id) {
      return jobs.get(id) ?? null;
    },
    async list() {
      return latestFirst([...jobs.values()]);
    },
    async remove(id) {
      refuseHeld(jobs.get(id), Date.now());
      answers.delete(id);
      return jobs.delete(id);
    },
    async close() {},
  };
}
