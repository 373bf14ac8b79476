/** Typing of expressions at their places in statements: which names they see, what type the place needs. */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Span } from '../diagnostics/span.ts';
import type { Expr } from '../parser/ast.ts';
import { report, type Environment } from './environment.ts';
import { constantValue } from './expressions/constants.ts';
import { convertTo } from './expressions/relations.ts';
import { columnKey, narrowedBy } from './expressions/narrowing.ts';
import { typeCondition as typeBool, typeExpr } from './expressions/type-expr.ts';
import type { Scope } from './scope.ts';
import type { Column, Schema, TypedExpr } from './typed.ts';
import { INT, nonNull, STRING, typeText, type Type, type Value } from './types.ts';

export interface Visible {
  readonly columns: readonly Column[];
  readonly qualifiers?: ReadonlySet<string>;
  /** How messages call the place: `in WHERE`. */
  readonly where: string;
  readonly aliases?: ReadonlyMap<string, TypedExpr>;
  readonly aliasesWin?: boolean;
  /** Aggregates may stand here; `grouped` where a GROUP BY stands, so that no group is empty. */
  readonly aggregates?: 'whole' | 'grouped';
  readonly windows?: boolean;
  readonly narrowed?: ReadonlySet<string>;
}

const NOTHING: ReadonlySet<string> = new Set();
const NO_ALIASES: ReadonlyMap<string, TypedExpr> = new Map();

export function scopeOf(env: Environment, visible: Visible): Scope {
  const { where } = visible;
  return {
    columns: visible.columns,
    qualifiers: visible.qualifiers ?? NOTHING,
    parameters: env.parameters,
    functions: env.functions,
    aliases: visible.aliases ?? NO_ALIASES,
    aliasesWin: visible.aliasesWin ?? false,
    aggregates: aggregatesOf(visible),
    windows: visible.windows === true ? { allowed: true } : { allowed: false, where },
    narrowed: visible.narrowed ?? NOTHING,
    report: (diagnostic) => env.compilation.diagnostics.push(diagnostic),
  };
}

function aggregatesOf({ aggregates, where }: Visible): Scope['aggregates'] {
  return aggregates === undefined ? { allowed: false, where } : { allowed: true, grouped: aggregates === 'grouped' };
}

/** Converts where that loses nothing; reports where it cannot. */
export function fit(env: Environment, value: TypedExpr, type: Type, what: string, span: Span): TypedExpr {
  const converted = convertTo(value, type);
  if (converted !== null) return converted;
  report(env, 'PS2011', span, { what, wanted: typeText(type), found: typeText(value.type) });
  return value;
}

export function typeCondition(env: Environment, expr: Expr, visible: Visible, what: string): TypedExpr {
  return typeBool(expr, scopeOf(env, visible), what);
}

/** The value of an expression that must be known before the job runs; undefined where it is not, which is reported. */
export function constantOf(env: Environment, expr: Expr, type: Type | null, what: string): Value | undefined {
  const scope = constantScope(env, expr, what);
  const before = env.compilation.diagnostics.length;
  // Only an array may need its type told; a misfit is said with what the constant is for.
  const told = typeExpr(expr, scope, expr.kind === 'array' ? (type ?? undefined) : undefined);
  const typed = type === null || told.type.kind === 'unknown' ? told : fit(env, told, type, what, expr.span);
  if (env.compilation.diagnostics.length > before || typed.type.kind === 'unknown') return undefined;
  const value = constantValue(typed);
  if (value === undefined) report(env, 'PS2026', expr.span, { what });
  return value;
}

/** No columns are visible where a constant is needed, whether or not the name is one elsewhere. */
function constantScope(env: Environment, expr: Expr, what: string): Scope {
  const scope = scopeOf(env, { columns: [], where: `in ${what}` });
  const told = (found: Diagnostic) => {
    if (found.code === 'PS2003') report(env, 'PS2026', expr.span, { what });
    else scope.report(found);
  };
  return { ...scope, report: told };
}

/** A constant text, such as a path; null where there is none, which is reported. */
export function constantText(env: Environment, expr: Expr, what: string): string | null {
  const value = constantOf(env, expr, STRING, what);
  return typeof value === 'string' ? value : null;
}

/** A constant whole number of at least `least`; null where there is none, which is reported. */
export function constantCount(env: Environment, expr: Expr, what: string, least: number): number | null {
  const value = constantOf(env, expr, INT, what);
  if (value === undefined) return null;
  if (typeof value === 'number' && value >= least) return value;
  report(env, 'PS2043', expr.span, { what, least, found: JSON.stringify(value) });
  return null;
}

/** The columns with those that a condition shows not to be null narrowed to their plain type. */
export function narrowColumns(columns: Schema, condition: TypedExpr, holds: boolean): Schema {
  const keys = narrowedBy(condition, holds);
  if (keys.size === 0) return columns;
  return columns.map((column) =>
    keys.has(columnKey(column.qualifier, column.name)) ? { ...column, type: nonNull(column.type) } : column,
  );
}
