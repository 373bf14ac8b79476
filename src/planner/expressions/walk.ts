/** Rewriting typed expressions, and conditions as their conjuncts. */
import type { TypedExpr, TypedSort } from '../../typecheck/typed.ts';

/** The expression with its parts mapped. A lineage function keeps its column unless it maps to a column. */
export function mapParts(expr: TypedExpr, map: (part: TypedExpr) => TypedExpr): TypedExpr {
  switch (expr.kind) {
    case 'literal':
    case 'column':
      return expr;
    case 'call':
    case 'module-call':
      return { ...expr, args: expr.args.map(map) };
    case 'logical':
    case 'coalesce':
      return { ...expr, left: map(expr.left), right: map(expr.right) };
    case 'conditional':
      return {
        ...expr,
        test: map(expr.test),
        consequent: map(expr.consequent),
        alternate: map(expr.alternate),
      };
    case 'convert':
      return { ...expr, value: map(expr.value) };
    case 'array':
      return { ...expr, elements: expr.elements.map(map) };
    case 'lineage': {
      const column = map(expr.column);
      return column.kind === 'column' ? { ...expr, column } : expr;
    }
    case 'aggregate':
      return { ...expr, arg: expr.arg === null ? null : map(expr.arg) };
    case 'window':
      return {
        ...expr,
        args: expr.args.map(map),
        partitionBy: expr.partitionBy.map(map),
        orderBy: expr.orderBy.map((sort) => ({ ...sort, value: map(sort.value) })),
      };
  }
}

/** Replaces from the outside in: where `replace` gives an expression it stands, else the parts are looked at. */
export function rewrite(expr: TypedExpr, replace: (expr: TypedExpr) => TypedExpr | null): TypedExpr {
  return replace(expr) ?? mapParts(expr, (part) => rewrite(part, replace));
}

export function rewriteSorts(
  sorts: readonly TypedSort[],
  replace: (expr: TypedExpr) => TypedExpr | null,
): readonly TypedSort[] {
  return sorts.map((sort) => ({ ...sort, value: rewrite(sort.value, replace) }));
}

/** The conjuncts of a condition: `a && b && c` as its three parts, in order. */
export function conjunctsOf(condition: TypedExpr): readonly TypedExpr[] {
  if (condition.kind !== 'logical' || condition.operator !== 'and') return [condition];
  return [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)];
}

/** `a && b && c` of at least one part. */
export function conjunctionOf(parts: readonly [TypedExpr, ...TypedExpr[]]): TypedExpr {
  return parts.reduce((left, right) => ({
    kind: 'logical',
    operator: 'and',
    left,
    right,
    type: left.type,
    span: left.span,
  }));
}
