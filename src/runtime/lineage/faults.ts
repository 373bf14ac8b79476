/** What can go wrong with the lineage of a job, by code. */
import { RunError } from '../errors.ts';

export const lineageFaults = {
  PR7101: 'no lineage was recorded for the file or job',
  PR7102: 'the file is not the one that the job wrote',
  PR7103: 'the file has no such line',
  PR7104: 'the row has no such column',
  PR7105: 'the line is no row: a header, or an empty line',
  PR7106: 'no row has the value, or several have',
  PR7107: 'the lineage could not be written',
  PR7108: 'the recorded lineage is damaged, or of another version',
  PR7109: 'lines of the file cannot be told from its bytes',
  PR7110: 'no recorded job read the file',
  PR7111: 'no recorded job wrote the file',
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
