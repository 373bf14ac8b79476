/** What can go wrong with the lineage of a job, by code. */
import { RunError } from '../errors.ts';

export const lineageFaults = {
  PR8001: 'no lineage was recorded for the file or job',
  PR8002: 'the file is not the one that the job wrote',
  PR8003: 'the file has no such line',
  PR8004: 'the row has no such column',
  PR8005: 'the line is no row: a header, or an empty line',
  PR8006: 'no row has the value, or several have',
  PR8007: 'the lineage could not be written',
  PR8008: 'the recorded lineage is damaged, or of another version',
  PR8009: 'lines of the file cannot be told from its bytes',
  PR8010: 'no recorded job read the file',
} as const;

export type LineageFault = keyof typeof lineageFaults;

export function lineageFault(
  code: LineageFault,
  message: string,
  help: string | null = null,
  cause?: unknown,
): RunError {
  return new RunError(code, message, { help, cause });
}
