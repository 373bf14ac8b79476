/** What an expression is made of. */
import type { TypedExpr } from '../typed.ts';

/** The direct parts, in the order written. */
export function partsOf(expr: TypedExpr): readonly TypedExpr[] {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return [];
    case 'call':
    case 'module-call':
      return expr.args;
    case 'logical':
    case 'coalesce':
      return [expr.left, expr.right];
    case 'conditional':
      return [expr.test, expr.consequent, expr.alternate];
    case 'convert':
      return [expr.value];
    case 'array':
      return expr.elements;
    case 'lineage':
      return [expr.column];
    case 'aggregate':
      return expr.arg === null ? [] : [expr.arg];
    case 'window':
      return [...expr.args, ...expr.partitionBy, ...expr.orderBy.map(({ value }) => value)];
  }
}

/** Whether the expression is, or anywhere holds, a node of this kind. */
export function holds(expr: TypedExpr, kind: TypedExpr['kind']): boolean {
  return expr.kind === kind || partsOf(expr).some((part) => holds(part, kind));
}
