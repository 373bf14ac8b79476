/** The store on Redis: for machines that come and go, and for several that share their jobs. Times of leases are the server's. */
import { checkJobId, held, StateError, superseded } from '../errors.ts';
import { latestFirst } from '../steps.ts';
import { LEASE_MILLISECONDS } from '../store.ts';
import type { JobEnd, JobRecord, JobStart, Lease, OutputManifest, StateStore, StoreSettings } from '../store.ts';
import { parseRedisAddress } from './address.ts';
import { connect } from './connection.ts';
import { keysUnder } from './keys.ts';
import { beginJob } from './steps/begin-job.ts';
import { finishJob } from './steps/finish-job.ts';
import { readJob } from './steps/read-job.ts';
import { recordOutput } from './steps/record-output.ts';
import { removeJob } from './steps/remove-job.ts';
import { renewLease } from './steps/renew-lease.ts';

function unexpected(step: string): StateError {
  return new StateError('PR6007', `Redis gave an answer to ${step} that is none of its own`);
}

/** The record of {@link readJob}'s answer, null when it is empty. */
function recordOf(answer: unknown): JobRecord | null {
  if (!Array.isArray(answer)) throw unexpected('readJob');
  const [start, epoch, leaseUntil, end, ...manifests]: unknown[] = answer;
  if (typeof start !== 'string') return null;
  const begun: JobStart = JSON.parse(start);
  const ended: JobEnd | null = typeof end === 'string' ? JSON.parse(end) : null;
  const outputs: OutputManifest[] = manifests.map((manifest) => JSON.parse(String(manifest)));
  return { ...begun, epoch: Number(epoch), leaseUntil: Number(leaseUntil), outputs, end: ended };
}

/** @throws StateError PR6001, PR6002, PR6003 */
export async function redisStore(
  address: string,
  { leaseMilliseconds = LEASE_MILLISECONDS }: StoreSettings = {},
): Promise<StateStore> {
  const parsed = parseRedisAddress(address);
  const keys = keysUnder(parsed.prefix);
  const connection = await connect(parsed);

  const refuseSuperseded = (answer: unknown, lease: Lease): void => {
    if (answer !== 1) throw superseded(lease.id);
  };
  const read = async (id: string): Promise<JobRecord | null> =>
    recordOf(await connection.run(readJob, [keys.job(id), keys.outputs(id)], []));

  return {
    location: parsed.shown,
    async begin(start) {
      const id = checkJobId(start.id);
      const args = [id, JSON.stringify(start), start.startedAt, start.owner, leaseMilliseconds];
      const answer = await connection.run(beginJob, [keys.job(id), keys.outputs(id), keys.jobs, keys.epoch], args);
      if (!Array.isArray(answer)) throw unexpected('beginJob');
      const [taken, fact]: unknown[] = answer;
      if (taken === 1 && typeof fact === 'number') return { id, epoch: fact };
      throw held(id, String(fact));
    },
    async renew(lease) {
      refuseSuperseded(await connection.run(renewLease, [keys.job(lease.id)], [lease.epoch, leaseMilliseconds]), lease);
    },
    async recordOutput(lease, manifest) {
      const args = [lease.epoch, manifest.path, JSON.stringify(manifest)];
      const answer = await connection.run(recordOutput, [keys.job(lease.id), keys.outputs(lease.id)], args);
      refuseSuperseded(answer, lease);
    },
    async finish(lease, end) {
      const answer = await connection.run(finishJob, [keys.job(lease.id)], [lease.epoch, JSON.stringify(end)]);
      refuseSuperseded(answer, lease);
    },
    async read(id) {
      return read(checkJobId(id));
    },
    async list() {
      const records = await Promise.all((await connection.idsByStart(keys.jobs)).map(read));
      return latestFirst(records.filter((record) => record !== null));
    },
    async remove(id) {
      const jobKeys = [keys.job(checkJobId(id)), keys.outputs(id), keys.jobs];
      const answer = await connection.run(removeJob, jobKeys, [id]);
      if (!Array.isArray(answer)) throw unexpected('removeJob');
      const [outcome, owner]: unknown[] = answer;
      if (outcome === 0) throw held(id, String(owner));
      return outcome === 1;
    },
    close: () => connection.close(),
  };
}
