/** The store on Redis: for machines that come and go, and for several that share their jobs. Times of leases are the server's. */
import { alreadyDone, checkJobId, held, lost, noSuchJob, StateError, superseded } from '../errors.ts';
import { hasDied } from '../owner.ts';
import { latestFirst } from '../steps.ts';
import { LEASE_MILLISECONDS, UNFINISHED_MILLISECONDS } from '../store.ts';
import type { JobEnd, JobRecord, JobStart, Lease, OutputManifest, StateStore, StoreSettings } from '../store.ts';
import { parseRedisAddress } from './address.ts';
import { connect } from './connection.ts';
import type { Step } from './connection.ts';
import { redisFacts } from './facts.ts';
import { refuseUnfit } from './fitness.ts';
import { keysUnder } from './keys.ts';
import { beginJob } from './steps/begin-job.ts';
import { commitAnswers } from './steps/commit-answers.ts';
import { finishJob } from './steps/finish-job.ts';
import { readJob } from './steps/read-job.ts';
import { recordOutput } from './steps/record-output.ts';
import { removeJob } from './steps/remove-job.ts';
import { renewLease } from './steps/renew-lease.ts';
import { resumeJob } from './steps/resume-job.ts';

function unexpected(step: string): StateError {
  return new StateError('PR6007', `Redis gave an answer to ${step} that is none of its own`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The record of {@link readJob}'s answer, null when it is empty. */
function recordOf(answer: unknown): JobRecord | null {
  if (!Array.isArray(answer)) throw unexpected('readJob');
  const [start, epoch, leaseUntil, end, owner, process, ...manifests]: unknown[] = answer;
  if (typeof start !== 'string') return null;
  const begun: JobStart = JSON.parse(start);
  const ended: JobEnd | null = typeof end === 'string' ? JSON.parse(end) : null;
  const outputs: OutputManifest[] = manifests.map((manifest) => JSON.parse(String(manifest)));
  return {
    ...begun,
    owner: String(owner),
    process: String(process),
    epoch: Number(epoch),
    leaseUntil: Number(leaseUntil),
    outputs,
    end: ended,
  };
}

/** No process is called that. */
const NOBODY = '-';

/** What can go wrong with the server is in trouble.ts; `begin` and `resume` refuse one that is unfit (fitness.ts). @throws StateError */
export async function redisStore(
  address: string,
  { leaseMilliseconds = LEASE_MILLISECONDS, patience = {}, onForgotten = async () => {} }: StoreSettings = {},
): Promise<StateStore> {
  const parsed = parseRedisAddress(address);
  const keys = keysUnder(parsed.prefix);
  const connection = await connect(parsed, patience);

  const refuseUnfitServer = async (): Promise<void> => {
    const { info } = await connection.facts([]);
    refuseUnfit(redisFacts(info, []), parsed.shown);
  };
  const refuseUnowned = (answer: unknown, lease: Lease): void => {
    if (answer === 2) throw lost(lease.id, parsed.shown);
    if (answer !== 1) throw superseded(lease.id);
  };
  /** A step that takes a job: once more where its holder can be seen to have died, which the server cannot see. */
  const taking = async (
    step: Step,
    jobKeys: readonly string[],
    args: readonly (string | number)[],
  ): Promise<unknown[]> => {
    let answer = await connection.runOnce(step, jobKeys, [...args, NOBODY]);
    const holder: unknown = Array.isArray(answer) && answer[0] === 0 ? answer[2] : null;
    if (typeof holder === 'string' && hasDied(holder))
      answer = await connection.runOnce(step, jobKeys, [...args, holder]);
    if (!Array.isArray(answer)) throw unexpected('a step that takes a job');
    return answer;
  };
  const life = UNFINISHED_MILLISECONDS;
  const read = async (id: string): Promise<JobRecord | null> =>
    recordOf(await connection.run(readJob, [keys.job(id), keys.outputs(id)], []));

  return {
    location: parsed.shown,
    async begin(start) {
      const id = checkJobId(start.id);
      await refuseUnfitServer();
      const args = [id, JSON.stringify(start), start.startedAt, start.owner, leaseMilliseconds, life, start.process];
      const jobKeys = [keys.job(id), keys.outputs(id), keys.answers(id), keys.jobs, keys.epoch];
      const answer = await taking(beginJob, jobKeys, args);
      const [taken, fact]: unknown[] = answer;
      if (taken === 1 && typeof fact === 'number') return { id, epoch: fact };
      throw held(id, String(fact));
    },
    async resume(id, owner) {
      const jobKeys = [keys.job(checkJobId(id)), keys.outputs(id), keys.answers(id), keys.epoch];
      await refuseUnfitServer();
      const args = [owner.owner, leaseMilliseconds, life, owner.process];
      const answer = await taking(resumeJob, jobKeys, args);
      const [outcome, fact, ...committed]: unknown[] = answer;
      if (outcome === 0) throw held(id, String(fact));
      if (outcome === 3) throw alreadyDone(id);
      const record = outcome === 1 ? await read(id) : null;
      if (record === null) throw noSuchJob(id, parsed.shown);
      return { lease: { id, epoch: Number(fact) }, record, committed: committed.map(String) };
    },
    async commit(lease, answers) {
      const args = [lease.epoch, life, ...answers.flatMap(({ key, bytes }) => [key, asBuffer(bytes)])];
      const answer = await connection.run(commitAnswers, [keys.job(lease.id), keys.answers(lease.id)], args);
      refuseUnowned(answer, lease);
    },
    answer: (id, key) => connection.bytesAt(keys.answers(checkJobId(id)), key),
    committed: (id) => connection.fieldsOf(keys.answers(checkJobId(id))),
    async renew(lease) {
      const jobKeys = [keys.job(lease.id), keys.answers(lease.id)];
      refuseUnowned(await connection.run(renewLease, jobKeys, [lease.epoch, leaseMilliseconds, life]), lease);
    },
    async recordOutput(lease, manifest) {
      const args = [lease.epoch, manifest.path, JSON.stringify(manifest), life];
      const answer = await connection.run(recordOutput, [keys.job(lease.id), keys.outputs(lease.id)], args);
      refuseUnowned(answer, lease);
    },
    async finish(lease, end, answers) {
      const jobKeys = [keys.job(lease.id), keys.outputs(lease.id), keys.answers(lease.id)];
      const args = [lease.epoch, JSON.stringify(end), end.outcome, answers];
      const answer = await connection.run(finishJob, jobKeys, args);
      refuseUnowned(answer, lease);
    },
    async read(id) {
      return read(checkJobId(id));
    },
    async list() {
      const ids = await connection.idsByStart(keys.jobs);
      const records = await Promise.all(ids.map(read));
      // Their life was over; the index does not know.
      const forgotten = ids.filter((_, at) => records[at] === null);
      await onForgotten(forgotten);
      await connection.takeOut(keys.jobs, forgotten);
      return latestFirst(records.filter((record) => record !== null));
    },
    async remove(id) {
      const jobKeys = [keys.job(checkJobId(id)), keys.outputs(id), keys.answers(id), keys.jobs];
      const answer = await taking(removeJob, jobKeys, [id]);
      const [outcome, owner]: unknown[] = answer;
      if (outcome === 0) throw held(id, String(owner));
      return outcome === 1;
    },
    close: () => connection.close(),
  };
}
