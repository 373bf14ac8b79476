/** The steps of a store as functions over a record; memory and the embedded database run them inside their own kind of transaction. */
import { alreadyDone, held, noSuchJob, superseded } from './errors.ts';
import type { Owner } from './owner.ts';
import { isLive, isUnfinished } from './store.ts';
import type { JobEnd, JobRecord, JobStart, Lease, OutputManifest } from './store.ts';

/** @throws StateError PR6004 */
export function refuseHeld(record: JobRecord | undefined, now: number): void {
  if (record !== undefined && isLive(record, now)) throw held(record.id, record.owner);
}

export function begun(start: JobStart, epoch: number, leaseUntil: number): JobRecord {
  return { ...start, epoch, leaseUntil, outputs: [], end: null };
}

/** @throws StateError PR6004, PR6009, PR6010 */
export function resumable(record: JobRecord | undefined, id: string, location: string, now: number): JobRecord {
  if (record === undefined) throw noSuchJob(id, location);
  refuseHeld(record, now);
  if (!isUnfinished(record, now)) throw alreadyDone(id);
  return record;
}

export function takenOver(record: JobRecord, owner: Owner, epoch: number, leaseUntil: number): JobRecord {
  return { ...record, ...owner, epoch, leaseUntil, outputs: [], end: null };
}

/** The record, when the lease still owns it. @throws StateError PR6005 */
export function owned(record: JobRecord | undefined, lease: Lease): JobRecord {
  if (record === undefined || record.epoch !== lease.epoch || record.end !== null) throw superseded(lease.id);
  return record;
}

export function withOutput(record: JobRecord, manifest: OutputManifest): JobRecord {
  return { ...record, outputs: [...record.outputs.filter(({ path }) => path !== manifest.path), manifest] };
}

export function ended(record: JobRecord, end: JobEnd): JobRecord {
  return { ...record, end };
}

export function latestFirst(records: readonly JobRecord[]): readonly JobRecord[] {
  return records.toSorted((a, b) => b.startedAt - a.startedAt || (a.id < b.id ? -1 : 1));
}
