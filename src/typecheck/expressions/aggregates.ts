/** Aggregates and window functions: where they may stand, what they work on, what they give. */
import type { Span } from '../../diagnostics/span.ts';
import type { Expr, Name, Window } from '../../parser/ast.ts';
import type { Scope } from '../scope.ts';
import type { AggregateName, TypedExpr, TypedSort, WindowName } from '../typed.ts';
import type { Type } from '../types.ts';
import { arrayOf, FLOAT, INT, isNullable, LONG, nonNull, nullable, typeText } from '../types.ts';
import { isAggregateName, isWindowName } from './aggregate-names.ts';
import { typeFrame } from './frames.ts';
import { asNonNull, commonType, converted, isNumeric, isOrdered, unknownAt } from './relations.ts';
import type { Typing } from './typing.ts';
import { isMistake, mistake } from './typing.ts';

/** What is written of a call: `SUM(x)`, `COUNT(*)`, `COUNT(DISTINCT x)`, `RANK() OVER (…)`. */
export interface AggregateCall {
  readonly name: Name;
  readonly star: boolean;
  readonly distinct: boolean;
  readonly arguments: readonly Expr[];
  readonly over: Window | null;
  readonly span: Span;
}

export function typeAggregate(call: AggregateCall, typing: Typing): TypedExpr {
  const { name, over, span } = call;
  if (!isWindowName(name.text)) {
    const hint = isWindowName(name.text.toUpperCase())
      ? `write ${name.text.toUpperCase()}: aggregates are in upper case`
      : 'COUNT, SUM, AVG, MIN, MAX, RANK, LAG, … can take OVER, DISTINCT and *';
    return mistake(typing, 'PS3017', name.span, {
      name: name.text,
      problem: 'is no aggregate or window function',
      hint,
    });
  }
  if (over !== null) return typeWindow(call, name.text, over, typing);
  if (!isAggregateName(name.text)) {
    const hint = `write ${name.text}(${call.arguments.length > 0 ? '…' : ''}) OVER (ORDER BY …)`;
    return mistake(typing, 'PS3017', span, {
      name: name.text,
      problem: 'is a window function, so it needs OVER',
      hint,
    });
  }
  const { aggregates } = typing.scope;
  if (!aggregates.allowed) return mistake(typing, 'PS3015', span, { name: name.text, where: aggregates.where });
  const args = argumentsOf(call, name.text, inside(typing, 'inside an aggregate'), typing);
  if (args === null) return unknownAt(span);
  const [arg = null] = args;
  const mayBeEmpty = aggregates.grouped !== true || (arg !== null && isNullable(arg.type));
  const type = aggregateType(name.text, arg, mayBeEmpty);
  return { kind: 'aggregate', fn: name.text, distinct: call.distinct, arg, type, span };
}

/** The scope of an argument: no aggregates or windows in it, and a name that is both column and alias means the column, since that is what the rows of a group have. */
function inside(typing: Typing, where: string): Typing {
  const scope: Scope = {
    ...typing.scope,
    aliasesWin: false,
    aggregates: { allowed: false, where },
    windows: { allowed: false, where },
  };
  return typing.within(scope);
}

/** The typed arguments of an aggregate (none for `*`); null where there is a mistake. */
function argumentsOf(
  call: AggregateCall,
  name: AggregateName,
  inner: Typing,
  typing: Typing,
): readonly TypedExpr[] | null {
  const { star, distinct, arguments: args, span } = call;
  const wrong = (problem: string, hint: string): null => {
    mistake(typing, 'PS3017', span, { name, problem, hint });
    return null;
  };
  if (star)
    return name === 'COUNT' && !distinct
      ? []
      : wrong('does not take *', name === 'COUNT' ? 'write COUNT(*) or COUNT(DISTINCT x)' : `write ${name}(x)`);
  const [only, second] = args;
  if (only === undefined && name === 'COUNT')
    return wrong('needs * or a value', 'write COUNT(*) for all rows, COUNT(x) for those where x is not null');
  if (only === undefined || second !== undefined) return wrong('takes one value', `write ${name}(x)`);
  const arg = inner.type(only);
  return isMistake(arg) || !aggregable(name, arg, typing) ? null : [arg];
}

function aggregable(name: AggregateName, arg: TypedExpr, typing: Typing): boolean {
  const base = nonNull(arg.type);
  const wanted = WANTED[name];
  const fits =
    wanted === null
      ? base.kind !== 'null' && base.kind !== 'regex'
      : wanted === 'numbers'
        ? isNumeric(base)
        : isOrdered(base);
  if (!fits) {
    mistake(typing, 'PS3018', arg.span, { name, found: typeText(arg.type), wanted: wanted ?? 'columns and values' });
  }
  return fits;
}

const ORDERED = 'numbers, strings and datetimes';

/** What each works on; null is anything. */
const WANTED: Readonly<Record<AggregateName, 'numbers' | typeof ORDERED | null>> = {
  COUNT: null,
  SUM: 'numbers',
  AVG: 'numbers',
  MIN: ORDERED,
  MAX: ORDERED,
  STDEV: 'numbers',
  VAR: 'numbers',
  FIRST: null,
  LAST: null,
  LIST: null,
};

/** A group without a non-null value gives null, COUNT 0. The variance of one value is null: a sample of one has none. */
function aggregateType(name: AggregateName, arg: TypedExpr | null, mayBeEmpty: boolean): Type {
  if (name === 'COUNT' || arg === null) return LONG;
  const type = valueType(name, nonNull(arg.type));
  return mayBeEmpty || name === 'STDEV' || name === 'VAR' ? nullable(type) : type;
}

function valueType(name: Exclude<AggregateName, 'COUNT'>, arg: Type): Type {
  switch (name) {
    case 'SUM':
      return arg.kind === 'float' ? FLOAT : LONG;
    case 'AVG':
    case 'STDEV':
    case 'VAR':
      return FLOAT;
    case 'LIST':
      return arrayOf(arg);
    case 'MIN':
    case 'MAX':
    case 'FIRST':
    case 'LAST':
      return arg;
  }
}

// ── Windows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function typeWindow(call: AggregateCall, fn: WindowName, over: Window, typing: Typing): TypedExpr {
  const { distinct, span } = call;
  const { windows } = typing.scope;
  if (!windows.allowed) return mistake(typing, 'PS3016', span, { name: fn, where: windows.where });
  const inner = typing.within({
    ...typing.scope,
    windows: { allowed: false, where: 'inside another window function' },
  });
  const partitionBy = over.partitionBy.map((part) => inner.type(part));
  const orderBy = over.orderBy.map(({ value, direction }): TypedSort => ({ value: inner.type(value), direction }));
  const frame = typeFrame(over, typing);
  const args = isAggregateName(fn)
    ? argumentsOf(call, fn, inner, typing)
    : rankingArguments(call, fn, over, inner, typing);
  if (args === null || frame === null || [...partitionBy, ...orderBy.map(({ value }) => value)].some(isMistake)) {
    return unknownAt(span);
  }
  const holdsCurrent = (frame.start === null || frame.start <= 0) && (frame.end === null || frame.end >= 0);
  const type = windowType(fn, args, holdsCurrent);
  return { kind: 'window', fn, distinct, args, partitionBy, orderBy, frame, type, span };
}

type RankingName = Exclude<WindowName, AggregateName>;

/** How many arguments each takes, and how it is written. */
const FORMS: Readonly<Record<RankingName, { readonly least: number; readonly most: number; readonly form: string }>> = {
  ROW_NUMBER: { least: 0, most: 0, form: 'ROW_NUMBER()' },
  RANK: { least: 0, most: 0, form: 'RANK()' },
  DENSE_RANK: { least: 0, most: 0, form: 'DENSE_RANK()' },
  NTILE: { least: 1, most: 1, form: 'NTILE(4)' },
  LAG: { least: 1, most: 3, form: 'LAG(x, 1, default)' },
  LEAD: { least: 1, most: 3, form: 'LEAD(x, 1, default)' },
  FIRST_VALUE: { least: 1, most: 1, form: 'FIRST_VALUE(x)' },
  LAST_VALUE: { least: 1, most: 1, form: 'LAST_VALUE(x)' },
};

function rankingArguments(
  call: AggregateCall,
  fn: RankingName,
  over: Window,
  inner: Typing,
  typing: Typing,
): readonly TypedExpr[] | null {
  const { least, most, form } = FORMS[fn];
  const wrong = (problem: string, hint: string): null => {
    mistake(typing, 'PS3017', call.span, { name: fn, problem, hint });
    return null;
  };
  const { length } = call.arguments;
  if (call.star || call.distinct || length < least || length > most)
    return wrong('is called otherwise', `write ${form} OVER (…)`);
  if (fn !== 'FIRST_VALUE' && fn !== 'LAST_VALUE' && over.frame !== null)
    return wrong('has no frame', 'leave ROWS … out');
  if ((fn === 'RANK' || fn === 'DENSE_RANK') && over.orderBy.length === 0)
    return wrong('needs an order', `write ${fn}() OVER (ORDER BY x)`);
  const args = call.arguments.map((arg) => inner.type(arg));
  if (args.some(isMistake)) return null;
  const count = fn === 'NTILE' ? args[0] : args[1];
  if (count !== undefined && !isCount(count, fn === 'NTILE' ? 1 : 0))
    return wrong('counts in whole numbers', `write ${form} with a constant`);
  return withDefault(fn, args, typing);
}

function isCount(arg: TypedExpr, least: number): boolean {
  return arg.kind === 'literal' && arg.type.kind === 'int' && typeof arg.value === 'number' && arg.value >= least;
}

/** LAG and LEAD's default gets the type of what they look up. */
function withDefault(fn: RankingName, args: readonly TypedExpr[], typing: Typing): readonly TypedExpr[] | null {
  const [value, offset, fallback] = args;
  if (value === undefined || offset === undefined || fallback === undefined) return args;
  const type = commonType(value.type, fallback.type);
  if (type === null) {
    mistake(typing, 'PS3012', fallback.span, { what: fn, first: typeText(fallback.type), other: typeText(value.type) });
    return null;
  }
  return [withBase(value, type), offset, withBase(fallback, type)];
}

/** In the base of a type; whether it may be null stays. */
function withBase(expr: TypedExpr, type: Type): TypedExpr {
  return converted(expr, isNullable(expr.type) ? nullable(nonNull(type)) : nonNull(type));
}

function windowType(fn: WindowName, args: readonly TypedExpr[], holdsCurrent: boolean): Type {
  const [value, , fallback] = args;
  if (isAggregateName(fn)) {
    return aggregateType(fn, value ?? null, !holdsCurrent || (value !== undefined && isNullable(value.type)));
  }
  switch (fn) {
    case 'ROW_NUMBER':
    case 'RANK':
    case 'DENSE_RANK':
      return LONG;
    case 'NTILE':
      return INT;
    case 'FIRST_VALUE':
    case 'LAST_VALUE':
      return value === undefined ? INT : holdsCurrent ? value.type : nullable(value.type);
    case 'LAG':
    case 'LEAD': {
      if (value === undefined) return INT;
      return fallback !== undefined && !isNullable(fallback.type) ? value.type : nullable(asNonNull(value).type);
    }
  }
}
