import type { Action, Change, ColumnRef, Expr } from '../../parser/ast.ts';
import { report, rowsetOf, type Environment } from '../environment.ts';
import { didYouMean } from '../../diagnostics/did-you-mean.ts';
import { convertTo } from '../expressions/relations.ts';
import { typeExpr } from '../expressions/type-expr.ts';
import type { Origin, RepairTarget, RowsetId, Schema, TypedAction, TypedChange, TypedExpr } from '../typed.ts';
import { FLOAT, isNullable, sameType, STRING, typeText, UNKNOWN, type Type } from '../types.ts';
import { constantCount, constantOf, scopeOf } from '../typing.ts';
import { parentsOf } from './parents.ts';
import { checkRoute } from './routes.ts';
import { crossingBetween, trace, traceBehind } from './trace.ts';

/** Where an action stands: what its expressions see, and the rows whose ancestors it repairs. */
export interface ActionPlace {
  readonly env: Environment;
  readonly input: RowsetId;
  readonly columns: Schema;
  /** What may stand before a dot in them. */
  readonly qualifiers: ReadonlySet<string>;
  readonly routedColumns: Schema;
  readonly onError: boolean;
}

/** S13: how often an action fires on one chain where no LIMIT says it. */
export const DEFAULT_LIMIT = 8;

export function checkAction(place: ActionPlace, action: Action): TypedAction {
  const { env } = place;
  const { span } = action;
  switch (action.kind) {
    case 'edit':
    case 'append': {
      const changes = checkChanges(place, action.changes, action.kind.toUpperCase());
      checkUnlimited(place, action, changes);
      return { kind: action.kind, changes, ...ladderOf(place, action), span };
    }
    case 'delete':
    case 'retry': {
      const target = checkTarget(place, action.column, action.kind.toUpperCase());
      if (action.kind === 'retry') checkConjectures(place, target);
      return { kind: action.kind, target, ...ladderOf(place, action), span };
    }
    case 'retry-times': {
      if (!place.onError) report(env, 'PS4011', span, {});
      else checkRepeated(place, span);
      const times = constantCount(env, action.times, 'TIMES', 1) ?? 1;
      const backoff = action.backoff === null ? 0 : constantDuration(env, action.backoff);
      return { kind: 'retry-times', times, backoff, otherwise: otherwiseOf(place, action), span };
    }
    case 'keep':
      if (place.onError) checkKept(place, span);
      return { kind: 'keep', span };
    case 'drop':
      return { kind: 'drop', span };
    case 'abort': {
      const scope = scopeOf(env, { columns: place.columns, qualifiers: place.qualifiers, where: 'in ABORT' });
      const message = action.message === null ? null : typeExpr(action.message, scope, STRING);
      return { kind: 'abort', message, span };
    }
    case 'route': {
      const rowset = checkRoute(env, action, place.routedColumns);
      return rowset === null ? { kind: 'drop', span } : { kind: 'route', name: action.target.text, rowset, span };
    }
  }
}

/** What reads a file or computes an expression fails in the same way again. */
function checkRepeated({ env, input }: ActionPlace, span: Action['span']): void {
  const { kind } = rowsetOf(env, input);
  if (kind === 'extract' || kind === 'select') report(env, 'PS4017', span, { step: `this ${kind.toUpperCase()}` });
}

/** A failed row is kept with nulls in place of what the operator would have produced. */
function checkKept({ env, input }: ActionPlace, span: Action['span']): void {
  const rowset = rowsetOf(env, input);
  if (rowset.kind !== 'process' && rowset.kind !== 'reduce' && rowset.kind !== 'combine') {
    report(env, 'PS4014', span, { action: 'KEEP', reason: 'the failed row has nothing to keep', cure: null });
    return;
  }
  const strict = rowset.produce.find(({ type }) => !isNullable(type) && type.kind !== 'unknown');
  if (strict === undefined) return;
  const { from, name, type } = strict;
  const reason = `the row would have no ${name}, which is ${typeText(type)}`;
  const cure = `let it be null: PRODUCE ${from === name ? from : `${from} AS ${name}`}: ${typeText(type)}?`;
  report(env, 'PS4014', span, { action: 'KEEP', reason, cure });
}

interface Repairing {
  readonly limit: Expr | null;
  readonly otherwise: Action | null;
  readonly span: Action['span'];
}

function ladderOf(place: ActionPlace, action: Repairing): { readonly limit: number; readonly otherwise: TypedAction } {
  const limit =
    action.limit === null ? DEFAULT_LIMIT : (constantCount(place.env, action.limit, 'LIMIT', 0) ?? DEFAULT_LIMIT);
  return { limit, otherwise: otherwiseOf(place, action) };
}

/** S13: with no ELSE the job ends. */
function otherwiseOf(place: ActionPlace, { otherwise, span }: Pick<Repairing, 'otherwise' | 'span'>): TypedAction {
  return otherwise === null ? { kind: 'abort', message: null, span } : checkAction(place, otherwise);
}

/** Milliseconds. */
function constantDuration(env: Environment, expr: Expr): number {
  const value = constantOf(env, expr, FLOAT, 'BACKOFF');
  if (typeof value !== 'number') return 0;
  if (value < 0) report(env, 'PS2043', expr.span, { what: 'BACKOFF', least: 0, found: String(value) });
  return Math.max(0, value);
}

function checkChanges(place: ActionPlace, changes: readonly Change[], repair: string): readonly TypedChange[] {
  const typed: TypedChange[] = [];
  for (const change of changes) {
    const target = checkTarget(place, change.column, repair);
    checkHandedOn(place, target, repair);
    const { columns, qualifiers } = place;
    const scope = scopeOf(place.env, { columns, qualifiers, where: `in ${repair}` });
    // An array may need its type told; what does not fit is reported below, with its origin.
    const value = typeExpr(change.value, scope, change.value.kind === 'array' ? originType(place, target) : undefined);
    if (typed.some(({ target: { name, qualifier } }) => name === target.name && qualifier === target.qualifier)) {
      report(place.env, 'PS4016', change.column.span, { repair, column: target.name });
    }
    typed.push({ target, value: fitOrigins(place, target, value) });
  }
  checkSameOrigins(place, typed, repair);
  return typed;
}

/** The column at its origins; without any the mistake is reported. */
function checkTarget({ env, input, onError, columns }: ActionPlace, column: ColumnRef, repair: string): RepairTarget {
  const name = column.name.text;
  const qualifier = column.qualifier?.text ?? null;
  const text = qualifier === null ? name : `${qualifier}.${name}`;
  const { span } = column;
  const nowhere = { qualifier, name, origins: [], ways: [] };
  const rowset = rowsetOf(env, input);
  if (onError && parentsOf(rowset).length === 0) {
    const reason = 'a row that could not be read comes from no earlier row';
    report(env, 'PS4014', span, { action: `${repair} ${text}`, reason, cure: null });
    return { ...nowhere, span };
  }
  // A failed step made no row: what it read is repaired, and RETRY of what it yields tries its next conjecture.
  const own = onError && repair === 'RETRY' && rowset.kind === 'process' ? trace(env, input, qualifier, name) : null;
  const traced =
    own?.kind === 'found'
      ? own
      : onError
        ? traceBehind(env, input, qualifier, name)
        : trace(env, input, qualifier, name);
  if (traced.kind === 'found') return { qualifier, name, origins: traced.origins, ways: traced.ways, span };
  if (traced.kind === 'ambiguous') {
    const choices = traced.sides.map((side) => `${repair} ${side}.${name}`);
    report(env, 'PS4002', span, { repair, column: name, choices });
    return { ...nowhere, span };
  }
  const known = columns.map((column) => column.name);
  if (onError && trace(env, input, qualifier, name).kind !== 'none') {
    const reason = `the row that would have had ${name} was not made`;
    const cure = `repair a column of the rows before it${known.length === 0 ? '' : `: ${known.join(', ')}`}`;
    report(env, 'PS4014', span, { action: `${repair} ${text}`, reason, cure });
    return { ...nowhere, span };
  }
  report(env, 'PS4001', span, { repair, column: text, suggestion: didYouMean(name, known), known });
  return { ...nowhere, span };
}

/** The element of an EXPLODE that is no item can be deleted with its row, but no row has it to be changed. */
function checkHandedOn({ env }: ActionPlace, { origins, name, span }: RepairTarget, repair: string): void {
  const lost = origins.some(({ rowset, column }) => {
    const origin = rowsetOf(env, rowset);
    return origin.kind === 'select' && !origin.schema.some((one) => one.name === column);
  });
  if (lost) report(env, 'PS4018', span, { repair, column: name });
}

/** The type a column has where it is computed. */
function typeAt(env: Environment, origin: Origin): Type {
  const rowset = rowsetOf(env, origin.rowset);
  if (rowset.kind === 'extract') return rowset.columns.find(({ name }) => name === origin.column)?.type ?? UNKNOWN;
  return rowset.schema.find(({ name }) => name === origin.column)?.type ?? UNKNOWN;
}

function originType({ env }: ActionPlace, target: RepairTarget): Type {
  const [first] = target.origins;
  return first === undefined ? UNKNOWN : typeAt(env, first);
}

/** The value in the type of every origin, which must agree. */
function fitOrigins({ env }: ActionPlace, target: RepairTarget, value: TypedExpr): TypedExpr {
  let fitted: TypedExpr | null = null;
  for (const origin of target.origins) {
    const wanted = typeAt(env, origin);
    const converted = convertTo(value, wanted);
    if (converted === null) {
      const where = labelOf(env, origin.rowset);
      const facts = { column: origin.column, wanted: typeText(wanted), found: typeText(value.type), where };
      report(env, 'PS4004', value.span, facts);
      return value;
    }
    if (fitted === null || sameType(converted.type, value.type)) fitted = converted;
  }
  return fitted ?? value;
}

/** S5: the columns of one repair are computed by the same steps. */
function checkSameOrigins({ env }: ActionPlace, changes: readonly TypedChange[], repair: string): void {
  const [first, ...others] = changes.filter(({ target }) => target.origins.length > 0);
  if (first === undefined) return;
  const key = ({ target }: TypedChange) =>
    [...new Set(target.origins.map(({ rowset }) => rowset))].toSorted((a, b) => a - b).join();
  for (const other of others) {
    if (key(other) === key(first)) continue;
    report(env, 'PS4003', other.target.span, { repair, first: first.target.name, other: other.target.name });
  }
}

/** RETRY needs an operator with a further conjecture at every origin. */
function checkConjectures({ env }: ActionPlace, target: RepairTarget): void {
  for (const { rowset } of target.origins) {
    const origin = rowsetOf(env, rowset);
    if (origin.kind === 'process' && origin.using.length > 1) continue;
    const operator = origin.kind === 'process' ? origin.using[0]?.signature.name : undefined;
    const computedBy = operator ?? `the ${origin.kind.toUpperCase()} that computes it`;
    report(env, 'PS4005', target.span, { column: target.name, computedBy });
    return;
  }
}

/** A repair without LIMIT runs 8 times: worth a note, and a warning where each run multiplies rows. */
function checkUnlimited(
  place: ActionPlace,
  action: Repairing & { readonly kind: 'edit' | 'append' },
  changes: readonly TypedChange[],
): void {
  if (action.limit !== null) return;
  const [target] = changes.map((change) => change.target);
  if (target === undefined || target.origins.length === 0) return;
  const through = action.kind === 'append' ? crossingBetween(place.env, place.input, target.origins) : null;
  if (through === null) report(place.env, 'PS4009', action.span, { repair: action.kind.toUpperCase() });
  else report(place.env, 'PS4010', action.span, { column: target.name, through });
}

/** How a message calls a rowset; labels are only made when a statement ends, so its own is told by kind. */
function labelOf(env: Environment, id: RowsetId): string {
  const rowset = rowsetOf(env, id);
  return rowset.label === '' ? `this ${rowset.kind.toUpperCase()}` : rowset.label;
}
