/** The oracle's expressions: a walk over the typed tree, row by row. Only the function table is shared with the compiler. */
import { entryOf } from './functions.ts';
import type { TypedAggregate, TypedExpr, TypedSort, TypedWindow } from '../../src/typecheck/typed.ts';
import { EvaluationFailure } from '../../src/typecheck/functions/failure.ts';
import type { Value } from '../../src/typecheck/types.ts';

/** What an expression sees: the row's columns, the members of its group, its lineage, and values computed before (aliases). */
export interface Env {
  readonly column: (qualifier: string | null, name: string) => Value;
  readonly members: readonly Env[] | null;
  readonly lineage: (fn: 'attempts' | 'original', qualifier: string | null, name: string) => Value;
  /** The value of an expression that a SELECT item already computed (and a repair may have changed since). */
  readonly known: (expr: TypedExpr) => Value | undefined;
  /** A window function over the rows of the statement. */
  readonly window?: (window: TypedWindow) => Value;
}

export function evaluate(expr: TypedExpr, env: Env): Value {
  const known = env.known(expr);
  if (known !== undefined) return known;
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'column':
      return env.column(expr.qualifier, expr.name);
    case 'convert':
      return evaluate(expr.value, env);
    case 'array':
      return expr.elements.map((element) => evaluate(element, env));
    case 'logical':
      return expr.operator === 'and'
        ? evaluate(expr.left, env) === true && evaluate(expr.right, env) === true
        : evaluate(expr.left, env) === true || evaluate(expr.right, env) === true;
    case 'coalesce':
      return evaluate(expr.left, env) ?? evaluate(expr.right, env);
    case 'conditional':
      return evaluate(evaluate(expr.test, env) === true ? expr.consequent : expr.alternate, env);
    case 'lineage':
      return env.lineage(expr.fn, expr.column.qualifier, expr.column.name);
    case 'call': {
      const args = expr.args.map((arg) => evaluate(arg, env));
      return entryOf(expr.fn)(args);
    }
    case 'aggregate':
      return aggregateOf(expr, env.members ?? []);
    case 'window':
      if (env.window === undefined) throw new Error('a window function without rows');
      return env.window(expr);
    case 'module-call':
      throw new Error(`the oracle knows no ${expr.kind}`);
  }
}

export function holds(condition: TypedExpr, env: Env): boolean {
  return evaluate(condition, env) === true;
}

export function aggregateOf(
  { fn, distinct, arg }: Pick<TypedAggregate, 'fn' | 'distinct' | 'arg'>,
  members: readonly Env[],
): Value {
  if (arg === null) return members.length;
  const all = members.map((member) => evaluate(arg, member)).filter((value) => value !== null);
  const values = distinct ? all.filter((value, at) => all.indexOf(value) === at) : all;
  if (fn === 'COUNT') return values.length;
  if (values.length === 0) return null;
  if (fn === 'LIST') return values;
  const numbers = values.map(Number);
  switch (fn) {
    case 'SUM':
      return safe(numbers.reduce((sum, x) => sum + x, 0));
    case 'AVG':
      return numbers.reduce((sum, x) => sum + x, 0) / numbers.length;
    case 'MIN':
      return values.reduce((least, value) => (less(value, least) ? value : least));
    case 'MAX':
      return values.reduce((most, value) => (less(most, value) ? value : most));
    case 'FIRST':
      return values[0] ?? null;
    case 'LAST':
      return values.at(-1) ?? null;
    case 'VAR':
      return variance(numbers);
    case 'STDEV': {
      const square = variance(numbers);
      return square === null ? null : Math.sqrt(square);
    }
  }
}

/** Of longs; no test adds up floats that are this large. */
function safe(sum: number): number {
  if (Math.abs(sum) > Number.MAX_SAFE_INTEGER) throw new EvaluationFailure('PR2002', 'a sum does not fit');
  return sum;
}

/** Of a sample. Tests use numbers whose squares and their sums are exact, so that only the quotient rounds. */
function variance(numbers: readonly number[]): number | null {
  const n = numbers.length;
  if (n < 2) return null;
  const sum = numbers.reduce((total, x) => total + x, 0);
  const squares = numbers.reduce((total, x) => total + x * x, 0);
  return (n * squares - sum * sum) / (n * (n - 1));
}

/** ORDER BY: nulls first under ASC. */
export function compareBy(by: readonly TypedSort[], a: Env, b: Env): number {
  for (const { value, direction } of by) {
    const [x, y] = [evaluate(value, a), evaluate(value, b)];
    const order = x === y ? 0 : x === null ? -1 : y === null ? 1 : less(x, y) ? -1 : 1;
    if (order !== 0) return direction === 'asc' ? order : -order;
  }
  return 0;
}

export function less(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b;
  if (typeof a === 'string' && typeof b === 'string') return a < b;
  if (typeof a === 'boolean' && typeof b === 'boolean') return !a && b;
  throw new Error('the oracle compares numbers and strings');
}
