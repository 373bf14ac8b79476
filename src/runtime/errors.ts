/** Errors of a run: a typed catalogue like that of diagnostics, with codes `PR` and four digits. */
import type { Span } from '../diagnostics/span.ts';

/** The place in the data: the file as the user named it, and the line (from 1) where that is known. */
export interface DataPlace {
  readonly file: string;
  readonly line: number | null;
}

/** A failure of a run that the user can act on: what, where in the script, where in the data, why, what to do. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly code: string;
  readonly help: string | null;
  readonly span: Span | null;
  readonly place: DataPlace | null;

  constructor(
    code: string,
    message: string,
    facts: {
      readonly help?: string | null;
      readonly span?: Span | null;
      readonly place?: DataPlace | null;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.code = code;
    this.help = facts.help ?? null;
    this.span = facts.span ?? null;
    this.place = facts.place ?? null;
  }
}
