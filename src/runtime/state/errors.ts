/** What can go wrong with the job store, by code. */
import { RunError } from '../errors.ts';
import { redact } from './redact.ts';

export const stateFaults = {
  PR6001: 'the job store cannot be opened',
  PR6002: 'the job store cannot be reached',
  PR6003: 'the job store refused the user or password',
  PR6004: 'another process runs the job',
  PR6005: 'the job was taken over by another process',
  PR6006: 'a job id with other characters than A-Z a-z 0-9 _ -',
  PR6007: 'the job store failed',
  PR6008: 'the job store was written by another version',
  PR6009: 'there is no such job to go on with',
  PR6010: 'the job is done: there is nothing to go on with',
  PR6011: 'what the job depends on has changed since',
  PR6012: 'an answer that was committed cannot be read',
  PR6013: 'the job store may throw state away',
  PR6014: 'the server of the job store is too old',
  PR6015: 'the job store takes no writes',
  PR6016: 'no TLS connection to the job store',
  PR6017: 'the job store is out of memory',
  PR6018: 'the job is gone from the job store',
  PR6019: 'the job store did not answer for too long',
  PR6020: 'there is no such host for the job store',
  PR6021: 'the job store wants a password',
  PR6022: 'the job store cannot write to its disk',
  PR6023: 'the object store failed',
  PR6024: 'a big value is gone from the object store',
  PR6025: 'a big value has changed in the object store',
  PR6026: 'the object store refused the key',
  PR6027: 'there is no such bucket',
  PR6028: 'no place for big values',
} as const;

export type StateFault = keyof typeof stateFaults;

export class StateError extends RunError {
  readonly fault: StateFault;

  constructor(fault: StateFault, message: string, help: string | null = null, cause?: unknown) {
    super(fault, redact(message), { help: help === null ? null : redact(help), cause });
    this.fault = fault;
  }
}

export function held(id: string, owner: string): StateError {
  return new StateError(
    'PR6004',
    `job ${id} is being run by ${owner}`,
    'wait until it ends, or run under another id; a job whose process died is free again half a minute later',
  );
}

export function superseded(id: string): StateError {
  return new StateError(
    'PR6005',
    `job ${id} was taken over by another process, or removed; nothing more is recorded for this run`,
  );
}

export function lost(id: string, location: string): StateError {
  return new StateError(
    'PR6018',
    `job ${id} is gone from ${location}: its keys were removed or flushed, or the server was started anew without its data`,
    'let Redis keep its data (appendonly yes in redis.conf) and run the script anew; outputs are as they were before this run',
  );
}

/** Whether the run is not, or cannot know to be, the owner of its job any more: nothing may be published for it. */
export function isLoss(thrown: unknown): boolean {
  return thrown instanceof StateError && ['PR6005', 'PR6018', 'PR6019'].includes(thrown.fault);
}

export function noSuchJob(id: string, location: string): StateError {
  return new StateError(
    'PR6009',
    `there is no job ${id} in ${location} to go on with`,
    'pyscope jobs ls lists the runs; --script or --state says where they are recorded',
  );
}

export function alreadyDone(id: string): StateError {
  return new StateError(
    'PR6010',
    `job ${id} is done: there is nothing to go on with`,
    'run the script without --resume to run it anew',
  );
}

export function damaged(key: string, why: string): StateError {
  return new StateError(
    'PR6012',
    `the committed answer ${key} cannot be read: ${why}`,
    'run the script without --resume: it starts anew and leaves this run as it is',
  );
}

const ANEW = 'or run the script without --resume: it starts anew and leaves this run as it is';

export function missingObject(key: string, location: string): StateError {
  return new StateError(
    'PR6024',
    `the value of the committed answer ${key} is not in ${location}`,
    `go on where it was kept: a folder is of one machine, --objects s3://bucket of all; ${ANEW}`,
  );
}

export function changedObject(key: string, location: string): StateError {
  return new StateError(
    'PR6025',
    `the value of the committed answer ${key} in ${location} is not the one that was written: its length or check sum is another`,
    `put it back from a copy, ${ANEW}`,
  );
}

/** @throws StateError PR6006 */
export function checkJobId(id: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(id)) return id;
  throw new StateError(
    'PR6006',
    `${JSON.stringify(id)} cannot be the id of a job`,
    'an id has 1 to 128 letters, digits, _ and - only',
  );
}
