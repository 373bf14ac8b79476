/** ON ERROR: what becomes of the rows on which an operator or an expression failed. */
import { ladderOf } from '../../../planner/actions.ts';
import type { Schema, TypedAction } from '../../../typecheck/typed.ts';
import type { Batch, Vector } from '../../batch.ts';
import type { RunError } from '../../errors.ts';
import type { ExpressionEnvironment } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { pickRows } from '../../relational/pick-rows.ts';
import type { RowError } from '../../row-error.ts';
import { notRun } from '../faults.ts';
import type { Ended } from '../result.ts';
import { ended } from '../step.ts';
import type { Unsettled } from '../step.ts';
import { textsFor } from './handle.ts';
import { routed } from './routing.ts';
import type { Routed, RoutedNodes } from './routing.ts';

export interface OnErrorContext {
  readonly environment: ExpressionEnvironment;
  readonly routes: RoutedNodes;
}

/** What the clause did with the rows; it throws where it ends the job. */
export interface Settled {
  readonly ended: readonly Ended[];
  readonly routed: Routed | null;
}

/** `failures` in row order, each row once. `more`: columns beside those of the input that a routed row may have. */
export type OnError = (failures: readonly RowFailure[], batch: Batch, more: ReadonlyMap<string, Vector>) => Settled;

/** @param fail the error that ends the job on a row; `text` is what the script says to it */
export function onErrorClause(
  action: TypedAction | null,
  input: Schema,
  { environment, routes }: OnErrorContext,
  fail: (failure: RowFailure, batch: Batch, text: string | null) => RunError,
): OnError {
  const last = lastOf(action);
  const abortTexts =
    last?.kind === 'abort' && last.message !== null ? textsFor(last.message, '', input, environment) : null;
  return (failures, batch, more) => {
    const [failure] = failures;
    if (failure === undefined) return { ended: [], routed: null };
    switch (last?.kind) {
      case 'keep':
        return { ended: [], routed: null };
      case 'drop':
        return { ended: ended('dropped', 'ON ERROR DROP', failures.length), routed: null };
      case 'route': {
        const rows = Int32Array.from(failures, ({ row }) => row);
        const reasons = failures.map(({ code, message }) => `${code}: ${message}`);
        return {
          ended: ended('routed', `ON ERROR ROUTE TO ${last.name}`, failures.length),
          routed: routed(routes, last.rowset, { batch, schema: input, more, rows, reasons }),
        };
      }
      default: {
        const text = abortTexts?.(pickRows(batch, Int32Array.of(failure.row)))[0];
        throw fail(failure, batch, text ?? null);
      }
    }
  };
}

/** In a region, which says itself what becomes of the failures when their rows have settled. */
export function unsettledErrors(
  action: TypedAction | null,
  input: Schema,
  routes: RoutedNodes,
  fail: (failure: RowFailure, batch: Batch, text: string | null) => RunError,
): (failures: readonly RowFailure[], batch: Batch, more: ReadonlyMap<string, Vector>) => Unsettled {
  const route = action === null ? undefined : ladderOf(action).find(({ kind }) => kind === 'route');
  return (failures, batch, more) => {
    const rows = Int32Array.from(failures, ({ row }) => row);
    const reasons = failures.map(({ code, message }) => `${code}: ${message}`);
    const aside =
      route?.kind === 'route' && failures.length > 0
        ? routed(routes, route.rowset, { batch, schema: input, more, rows, reasons })
        : null;
    return {
      repairs: [],
      failures,
      routed: aside?.batch ?? null,
      errorOf: (failure, text) => fail(failure, batch, text),
    };
  };
}

/** The action that is left when all tries are spent; repairs of ON ERROR need a way back. */
export function lastOf(action: TypedAction | null): Exclude<TypedAction, { kind: 'retry-times' }> | null {
  if (action === null) return null;
  switch (action.kind) {
    case 'retry-times':
      return lastOf(action.otherwise);
    case 'edit':
    case 'append':
    case 'delete':
    case 'retry':
      throw notRun(`ON ERROR ${action.kind.toUpperCase()}`, action.span);
    case 'drop':
    case 'keep':
    case 'abort':
    case 'route':
      return action;
  }
}

/** Failures of expressions as failures of their rows: the first of each, in row order. */
export function failuresOf(errors: readonly RowError[]): readonly RowFailure[] {
  const first = new Map<number, RowFailure>();
  for (const { row, code, message, cause } of errors) {
    if (!first.has(row)) first.set(row, { row, code, message, cause });
  }
  return inRowOrder([...first.values()]);
}

export function inRowOrder(failures: readonly RowFailure[]): readonly RowFailure[] {
  return failures.toSorted((a, b) => a.row - b.row);
}
