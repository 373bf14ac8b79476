/** What can go wrong with what is kept on disk for want of memory, by code. */
import { RunError } from '../errors.ts';

export const spillFaults = {
  PR8001: 'the disk is full of what did not fit in memory',
  PR8002: 'what does not fit in memory cannot be kept on disk',
  PR8003: 'what was kept on disk has changed',
  PR8004: 'a single group does not fit in memory',
} as const;

export type SpillFault = keyof typeof spillFaults;

/** A failed operation on a spill file. */
export function spillError(error: unknown, place: string, doing: 'write' | 'read'): RunError {
  if (error instanceof RunError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const why = error instanceof Error ? error.message : String(error);
  const reason = full ? `the disk is full (${code})` : why;
  return new RunError(
    full ? 'PR8001' : 'PR8002',
    `what does not fit in memory cannot be ${doing === 'write' ? 'written to' : 'read from'} ${place}: ${reason}`,
    { cause: error, help: 'name a folder on a disk with room: --spill-dir; or allow more memory: --memory 4GB' },
  );
}

export function spillDamaged(place: string, reason: string): RunError {
  return new RunError('PR8003', `what was kept on disk in ${place} cannot be read back: ${reason}`, {
    help: 'something else changed the file, or the disk is faulty: run the job again, with --spill-dir on another disk',
  });
}

/** `what`: the group as messages show it. */
export function groupTooLarge(what: string, bytes: number, budget: number): RunError {
  return new RunError(
    'PR8004',
    `the group ${what} takes ${megabytes(bytes)}, and all that may be held in memory is ${megabytes(budget)}`,
    { help: 'a group is handed over as a whole: allow more memory (--memory), or group by more columns' },
  );
}

function megabytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${Math.ceil(bytes / 2 ** 10)} kB` : `${Math.ceil(bytes / 2 ** 20)} MB`;
}
