import type { Span } from '../diagnostics/span.ts';

/**
 * An expression failed on one row: division by zero, overflow, a text that is no number, an imported function that threw.
 * `row` indexes the batch the expression ran over; whoever knows the batch names the source line, whoever knows the script the place of `span`.
 */
export class RowError extends Error {
  override readonly name = 'RowError';
  /** `PR2` and three digits. */
  readonly code: string;
  readonly row: number;
  readonly span: Span;

  constructor(code: string, message: string, row: number, span: Span, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.row = row;
    this.span = span;
  }
}
