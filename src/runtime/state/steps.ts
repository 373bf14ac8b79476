/** The steps of a store as functions over a record; memory and the embedded database run them inside their own kind of transaction. */
import { held, superseded } from './errors.ts';
import type { JobEnd, JobRecord, JobStart, Lease, OutputManifest } from './store.ts';

function isLive(record: JobRecord, now: number): boolean {
  return record.end === null && record.leaseUntil > now;
}

/** @throws StateError PR6004 */
export function refuseHeld(record: JobRecord | undefined, now: number): void {
  if (record !== undefined && isLive(record, now)) throw held(record.id, record.owner);
}

export function begun(start: JobStart, epoch: number, leaseUntil: number): JobRecord {
  return { ...start, epoch, leaseUntil, outputs: [], end: null };
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
