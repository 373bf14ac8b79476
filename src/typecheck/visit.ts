/** Walks over the two trees. Both are plain data, so that one generic walk serves every kind of node. */
import type { Node } from '../parser/ast.ts';
import type { TypedColumn, TypedExpr } from './typed.ts';

/** Calls `enter` on a node of the syntax tree and on all below it, in source order of their fields. */
export function visit(node: Node, enter: (node: Node) => void): void {
  enter(node);
  for (const value of Object.values(node)) {
    if (Array.isArray(value)) {
      for (const element of value) if (isNode(element)) visit(element, enter);
    } else if (isNode(value)) visit(value, enter);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'kind' in value && 'span' in value;
}

/** The expressions directly inside an expression. */
export function operandsOf(expr: TypedExpr): readonly TypedExpr[] {
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
      return [...expr.args, ...expr.partitionBy, ...expr.orderBy.map((sort) => sort.value)];
  }
}

/** Whether the expression, or one inside it, satisfies the predicate. */
export function contains(expr: TypedExpr, predicate: (expr: TypedExpr) => boolean): boolean {
  return predicate(expr) || operandsOf(expr).some((operand) => contains(operand, predicate));
}

/** All columns that an expression names, repeated where it repeats them. */
export function columnsIn(expr: TypedExpr): readonly TypedColumn[] {
  if (expr.kind === 'column') return [expr];
  return operandsOf(expr).flatMap(columnsIn);
}

/** Whether two expressions say the same, wherever in the script they stand. */
export function sameExpr(a: TypedExpr, b: TypedExpr): boolean {
  return sameData(a, b);
}

function sameData(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((x, i) => sameData(x, b[i]));
  }
  const left = Object.entries(a).filter(([key]) => !PLACE.has(key));
  const right = new Map(Object.entries(b).filter(([key]) => !PLACE.has(key)));
  return left.length === right.size && left.every(([key, value]) => right.has(key) && sameData(value, right.get(key)));
}

/** Fields that say where an expression stands, not what it means. */
const PLACE: ReadonlySet<string> = new Set(['span', 'parameter']);
