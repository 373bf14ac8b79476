/** A text that is the same for expressions that are the same wherever they stand (spans left out), for Maps and comparing. */
import { typeText, type Value } from '../../typecheck/types.ts';
import type { TypedExpr, TypedSort } from '../../typecheck/typed.ts';

export function exprKey(expr: TypedExpr): string {
  switch (expr.kind) {
    case 'literal':
      return `${valueKey(expr.value)}:${typeText(expr.type)}`;
    case 'column':
      return columnKey(expr.qualifier, expr.name);
    case 'call':
      return `${expr.fn}${list(expr.args)}`;
    case 'module-call':
      return `${JSON.stringify([expr.module, expr.name])}${list(expr.args)}`;
    case 'logical':
      return `${expr.operator}${list([expr.left, expr.right])}`;
    case 'coalesce':
      return `??${list([expr.left, expr.right])}`;
    case 'conditional':
      return `?:${list([expr.test, expr.consequent, expr.alternate])}`;
    case 'convert':
      return `as ${typeText(expr.type)}${list([expr.value])}`;
    case 'array':
      return `array${list(expr.elements)}`;
    case 'lineage':
      return `${expr.fn}${list([expr.column])}`;
    case 'aggregate':
      return `${expr.fn}${expr.distinct ? ' distinct' : ''}${expr.arg === null ? '(*)' : list([expr.arg])}`;
    case 'window': {
      const frame = `${expr.frame.start ?? '-'}..${expr.frame.end ?? '+'}`;
      const over = `${list(expr.partitionBy)}${sortsKey(expr.orderBy)}${frame}`;
      return `over ${expr.fn}${expr.distinct ? ' distinct' : ''}${list(expr.args)}${over}`;
    }
  }
}

export function sortsKey(sorts: readonly TypedSort[]): string {
  return `[${sorts.map((sort) => `${sort.direction} ${exprKey(sort.value)}`).join(',')}]`;
}

/** A column's key among the columns of one schema. */
export function columnKey(qualifier: string | null, name: string): string {
  return qualifier === null ? JSON.stringify(name) : JSON.stringify([qualifier, name]);
}

/** Tells values apart that a script can tell apart: -0 from 0, bytes from arrays. */
export function valueKey(value: Value): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`;
  if (isArray(value)) return `[${value.map(valueKey).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${valueKey(member)}`);
  return `{${entries.join(',')}}`;
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function list(exprs: readonly TypedExpr[]): string {
  return `(${exprs.map(exprKey).join(',')})`;
}
