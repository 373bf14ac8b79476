/** What ends a run from outside: Ctrl-C, where the first stops the job cleanly and the second the process, and an operator's code that runs wild. */
import { RunError } from '../runtime/errors.ts';
import { EXIT } from './exit.ts';
import type { ExitCode } from './exit.ts';

export interface Interrupt {
  /** Signals and strays mean what they meant before. */
  release(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Aborts the controller: its reason is a RunError where the job is to fail, anything else where it was interrupted.
 *
 * @param onFirst ends what should not be cut off; the job is stopped when that has come to its end
 */
export function interruptible(controller: AbortController, onFirst: () => Promise<void>): Interrupt {
  let stopping = false;
  const leave = (code: ExitCode): never => {
    release();
    process.exit(code);
  };
  const stop = (): void => {
    if (stopping || controller.signal.aborted) leave(EXIT.interrupted);
    stopping = true;
    const abort = (): void => controller.abort(new Error('interrupted'));
    onFirst().then(abort, abort);
  };
  const stray = (thrown: unknown): void => controller.abort(strayed(thrown));
  let drained = false;
  const drain = (): void => {
    if (drained) {
      process.stderr.write(`error ${STUCK.code}: ${STUCK.message}\n`);
      leave(EXIT.jobFailed);
    }
    drained = true;
    controller.abort(STUCK);
    // The loop drains again where the abort sets nothing going.
    setImmediate(() => {});
  };
  const exit = (): void => {
    process.stderr.write('error PR3016: an operator or function ended the process; no output is written\n');
    process.exitCode = EXIT.jobFailed;
  };
  const release = (): void => {
    for (const signal of SIGNALS) process.off(signal, stop);
    process.off('uncaughtException', stray);
    process.off('beforeExit', drain);
    process.off('exit', exit);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
  process.on('uncaughtException', stray);
  process.on('beforeExit', drain);
  process.on('exit', exit);
  return { release };
}

const STUCK = new RunError('PR3015', 'the job waits for what never comes: a promise of an operator does not settle', {
  help: 'look in the operators for a promise that nothing resolves',
});

/** A failure that no call of an operator can be blamed for, because the call has ended. */
function strayed(thrown: unknown): RunError {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const frame = thrown instanceof Error ? /\n +at (?!.*node:).*$/m.exec(thrown.stack ?? '') : null;
  // A module's address has a query that keeps the loader's copies apart.
  const at =
    frame === null
      ? ''
      : `\n  ${frame[0]
          .trim()
          .replace('file://', '')
          .replace(/\?[^:)]*/, '')}`;
  const message = `work that an operator or function had begun failed, and nothing waited for it: ${text}${at}`;
  return new RunError('PR3014', message, {
    help: 'await in the body what it begins',
    cause: thrown,
  });
}
