/** What can go wrong with output files and ground truths, by code. */
import type { Span } from '../../diagnostics/span.ts';
import { RunError } from '../errors.ts';

export const outputFaults = {
  PR5101: 'the disk is full',
  PR5102: 'the output cannot be written',
  PR5103: 'a folder stands where the output should',
  PR5104: 'a value that is no file name',
  PR5201: 'the ground truth has columns that the output has not',
  PR5202: 'the ground truth cannot be compared',
} as const;

export type OutputFault = keyof typeof outputFaults;

/** A failed operation on an output, as the script calls it. */
export function outputError(error: unknown, path: string, span: Span): RunError {
  if (error instanceof RunError) return error;
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = reasons.get(code);
  const reason = known?.reason ?? (error instanceof Error ? error.message : String(error));
  return new RunError(known?.fault ?? 'PR5102', `${path} cannot be written: ${reason}`, {
    span,
    cause: error,
    help: known?.help ?? 'the job left no part of its outputs behind; files that were there before are as they were',
  });
}

interface Reason {
  readonly fault: OutputFault;
  readonly reason: string;
  readonly help: string;
}

const reasons: ReadonlyMap<string, Reason> = new Map([
  [
    'ENOSPC',
    {
      fault: 'PR5101',
      reason: 'the disk is full (ENOSPC)',
      help: 'make room, or write to another disk, and run again',
    },
  ],
  [
    'EDQUOT',
    {
      fault: 'PR5101',
      reason: 'the quota is used up (EDQUOT)',
      help: 'make room, or write to another disk, and run again',
    },
  ],
  [
    'EACCES',
    {
      fault: 'PR5102',
      reason: 'the permission is missing (EACCES)',
      help: 'the folder must be writable: a file is written beside its target and renamed',
    },
  ],
  [
    'EPERM',
    {
      fault: 'PR5102',
      reason: 'the permission is missing (EPERM)',
      help: 'the folder must be writable: a file is written beside its target and renamed',
    },
  ],
  ['EROFS', { fault: 'PR5102', reason: 'the disk is read-only (EROFS)', help: 'write to another disk' }],
  ['ENOTDIR', { fault: 'PR5102', reason: 'a file stands where a folder should (ENOTDIR)', help: 'give another path' }],
  ['EEXIST', { fault: 'PR5102', reason: 'a file stands where a folder should (EEXIST)', help: 'give another path' }],
  ['ENAMETOOLONG', { fault: 'PR5104', reason: 'the name is too long (ENAMETOOLONG)', help: 'give a shorter path' }],
  ['EMFILE', { fault: 'PR5102', reason: 'too many files are open (EMFILE)', help: 'raise the limit of open files' }],
  ['EIO', { fault: 'PR5102', reason: 'the disk failed (EIO)', help: 'check the disk' }],
]);

export function outputFault(code: OutputFault, message: string, span: Span, help: string | null = null): RunError {
  return new RunError(code, message, { span, help });
}
