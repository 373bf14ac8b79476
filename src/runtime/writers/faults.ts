/** What can go wrong while rows become text, by code. */
import { RunError } from '../errors.ts';

export const writeFaults = {
  PR5001: 'an order that names a column twice or none at all',
  PR5002: 'the writer cannot take these columns',
  PR5003: 'a writer option that cannot be used',
  PR5004: 'a value that the format cannot hold',
} as const;

export type WriteFault = keyof typeof writeFaults;

export function writeError(code: WriteFault, message: string, help: string | null = null): RunError {
  return new RunError(code, message, { help });
}
