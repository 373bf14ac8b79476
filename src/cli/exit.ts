/** Exit codes are part of the language's contract; docs/cli.md lists them for users. */
export const EXIT = {
  done: 0,
  jobFailed: 1,
  usage: 2,
  scriptErrors: 3,
  gateFailed: 4,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in how a command was called: one line for standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}
