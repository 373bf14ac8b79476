/** What ends a job in the engine itself, and how what was thrown elsewhere becomes an error that names its place. */
import type { Span } from '../../diagnostics/span.ts';
import type { Batch } from '../batch.ts';
import { RunError } from '../errors.ts';
import type { DataPlace } from '../errors.ts';
import { RowError } from '../row-error.ts';

export const engineFaults = {
  PR7001: 'an ABORT of the script',
  PR7002: 'a part of the language that this version does not run',
  PR7003: 'repairs that copy the copies of a row without end',
  PR7004: 'a thread that reads a part of a file is gone',
  PR9001: 'the balance of a node is violated: a defect of pyscope',
  PR9002: 'an unexpected error: a defect of pyscope, or of the machine',
} as const;

export type EngineFault = keyof typeof engineFaults;

/** The place in the data of a row of a batch; null where it was made from many. */
export function placeOf({ source, ordinals }: Batch, row: number): DataPlace | null {
  if (source === null) return null;
  const ordinal = ordinals === null ? row : (ordinals[row] ?? 0);
  return { file: source.name, line: source.lineOf(ordinal) };
}

/** An expression's failure on a row of this batch. */
export function rowFailed(error: RowError, batch: Batch): RunError {
  return new RunError(error.code, error.message, {
    span: error.span,
    place: placeOf(batch, error.row),
    cause: error,
  });
}

/** Runs an expression over a batch; its RowError names the row's place. */
export function evaluating<R>(batch: Batch, evaluate: (batch: Batch) => R): R {
  try {
    return evaluate(batch);
  } catch (error) {
    throw error instanceof RowError ? rowFailed(error, batch) : error;
  }
}

/** Whatever was thrown, as an error of the run. `span`: the node that was at work. */
export function asRunError(error: unknown, span: Span | null): RunError {
  if (error instanceof RunError) {
    if (error.span !== null || span === null) return error;
    const { code, message, help, place } = error;
    return new RunError(code, message, { help, span, place, cause: error });
  }
  const message = error instanceof Error ? error.message : String(error);
  return new RunError('PR9002', `unexpected: ${message}`, {
    span,
    cause: error,
    help: 'please report this, with the script',
  });
}

export function notRun(what: string, span: Span): RunError {
  return new RunError('PR7002', `${what} does not run yet in this version`, { span });
}
