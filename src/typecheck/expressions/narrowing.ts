/** What a condition says of nulls: the columns that cannot be null where it holds, or where it does not. */
import type { Scope } from '../scope.ts';
import type { TypedExpr } from '../typed.ts';
import { isNullable } from '../types.ts';

/** The key of a column in {@link Scope.narrowed}. */
export function columnKey(qualifier: string | null, name: string): string {
  return JSON.stringify([qualifier, name]);
}

const NONE: ReadonlySet<string> = new Set();

/** Columns (by {@link columnKey}) that are not null on the rows where the condition is `when`. */
export function narrowedBy(condition: TypedExpr, when: boolean): ReadonlySet<string> {
  switch (condition.kind) {
    case 'logical': {
      const left = narrowedBy(condition.left, when);
      const right = narrowedBy(condition.right, when);
      return (condition.operator === 'and') === when ? union(left, right) : intersection(left, right);
    }
    case 'call':
      return narrowedByCall(condition.fn, condition.args, when);
    case 'conditional':
      return narrowedByConditional(condition.test, condition.consequent, condition.alternate, when);
    case 'convert':
      return narrowedBy(condition.value, when);
    default:
      return NONE;
  }
}

/** A branch that is a constant of the other truth value says nothing, since it is not taken. */
function narrowedByConditional(
  test: TypedExpr,
  consequent: TypedExpr,
  alternate: TypedExpr,
  when: boolean,
): ReadonlySet<string> {
  const taken = union(narrowedBy(test, true), narrowedBy(consequent, when));
  const other = union(narrowedBy(test, false), narrowedBy(alternate, when));
  if (isConstant(consequent, !when)) return other;
  if (isConstant(alternate, !when)) return taken;
  return intersection(taken, other);
}

function isConstant(expr: TypedExpr, value: boolean): boolean {
  return expr.kind === 'literal' && expr.value === value;
}

/** Comparisons that are false where any side is null. */
const ORDERINGS: ReadonlySet<string> = new Set([
  'less',
  'less-or-equal',
  'greater',
  'greater-or-equal',
  'between',
  'like',
]);

function narrowedByCall(fn: string, args: readonly TypedExpr[], when: boolean): ReadonlySet<string> {
  const [first, second] = args;
  if (first === undefined) return NONE;
  if (fn === 'bool.not') return narrowedBy(first, !when);
  if (fn === 'is-null') return when ? NONE : columnsOf([first]);
  if (fn === 'is-not-null') return when ? columnsOf([first]) : NONE;
  if (ORDERINGS.has(fn)) return when ? columnsOf(args) : NONE;
  if (second === undefined || (fn !== 'equal' && fn !== 'not-equal')) return NONE;
  if ((fn === 'equal') !== when) return NONE;
  // Equal to something that is not null. NaN is equal to nothing, but it is no null either.
  return union(
    isNullable(second.type) ? NONE : columnsOf([first]),
    isNullable(first.type) ? NONE : columnsOf([second]),
  );
}

function columnsOf(exprs: readonly TypedExpr[]): ReadonlySet<string> {
  return new Set(exprs.flatMap(columnKeys));
}

function columnKeys(expr: TypedExpr): readonly string[] {
  if (expr.kind === 'convert') return columnKeys(expr.value);
  return expr.kind === 'column' ? [columnKey(expr.qualifier, expr.name)] : [];
}

/** The scope in which these columns are known not to be null. */
export function narrow(scope: Scope, keys: ReadonlySet<string>): Scope {
  return keys.size === 0 ? scope : { ...scope, narrowed: union(scope.narrowed, keys) };
}

function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (a.size === 0) return b;
  return b.size === 0 ? a : new Set([...a, ...b]);
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter((key) => b.has(key)));
}
