/** What an expression is made of. */
import type { TypedExpr } from '../typed.ts';
import { contains } from '../visit.ts';

/** Whether the expression is, or anywhere holds, a node of this kind. */
export function holds(expr: TypedExpr, kind: TypedExpr['kind']): boolean {
  return contains(expr, (part) => part.kind === kind);
}
