import type { Column, TypedExpr } from '../typed.ts';
import { columnsIn } from '../visit.ts';

export interface JoinCondition {
  readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
  readonly on: TypedExpr | null;
}

/** Splits ON into equalities between the sides and the rest, so that a join can hash its keys. */
export function splitKeys(condition: TypedExpr, left: readonly Column[], right: readonly Column[]): JoinCondition {
  const keys: { left: TypedExpr; right: TypedExpr }[] = [];
  let on: TypedExpr | null = null;
  for (const part of conjuncts(condition)) {
    const key = equality(part, left, right);
    if (key !== null) keys.push(key);
    else
      on =
        on === null
          ? part
          : { kind: 'logical', operator: 'and', left: on, right: part, type: part.type, span: condition.span };
  }
  return { keys, on };
}

function conjuncts(condition: TypedExpr): readonly TypedExpr[] {
  if (condition.kind !== 'logical' || condition.operator !== 'and') return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

function equality(part: TypedExpr, left: readonly Column[], right: readonly Column[]) {
  if (part.kind !== 'call' || part.fn !== 'equal') return null;
  const [a, b] = part.args;
  if (a === undefined || b === undefined) return null;
  if (comesFrom(a, left) && comesFrom(b, right)) return { left: a, right: b };
  if (comesFrom(b, left) && comesFrom(a, right)) return { left: b, right: a };
  return null;
}

/** Whether an expression names columns, and only of these. */
function comesFrom(expr: TypedExpr, columns: readonly Column[]): boolean {
  const named = columnsIn(expr);
  return (
    named.length > 0 &&
    named.every(({ qualifier, name }) => columns.some((c) => c.qualifier === qualifier && c.name === name))
  );
}
