import type { Span } from '../../diagnostics/span.ts';
import type { TypedExpr } from '../../typecheck/typed.ts';

/** An aggregate or window function reached the row-wise compiler: the planner computes those before, as columns. */
export class NotExecutableError extends Error {
  override readonly name = 'NotExecutableError';
  readonly kind: TypedExpr['kind'];
  readonly span: Span;

  constructor(kind: TypedExpr['kind'], span: Span) {
    super(`an expression of kind ${kind} is not computed row by row`);
    this.kind = kind;
    this.span = span;
  }
}
