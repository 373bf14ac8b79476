/** A store that lives as long as its process: for tests, and the plainest reading of the interface. */
import { checkJobId } from './errors.ts';
import { begun, ended, latestFirst, owned, refuseHeld, withOutput } from './steps.ts';
import { LEASE_MILLISECONDS } from './store.ts';
import type { JobRecord, Lease, StateStore, StoreSettings } from './store.ts';

export function memoryStore({ leaseMilliseconds = LEASE_MILLISECONDS }: StoreSettings = {}): StateStore {
  const jobs = new Map<string, JobRecord>();
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
      return { id, epoch };
    },
    async renew(lease) {
      change(lease, (record) => ({ ...record, leaseUntil: Date.now() + leaseMilliseconds }));
    },
    async recordOutput(lease, manifest) {
      change(lease, (record) => withOutput(record, manifest));
    },
    async finish(lease, end) {
      change(lease, (record) => ended(record, end));
    },
    async read(id) {
      return jobs.get(id) ?? null;
    },
    async list() {
      return latestFirst([...jobs.values()]);
    },
    async remove(id) {
      refuseHeld(jobs.get(id), Date.now());
      return jobs.delete(id);
    },
    async close() {},
  };
}
