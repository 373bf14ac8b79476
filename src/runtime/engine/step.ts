/** What one batch becomes at a row-wise node. Plain data, so that it may come from another process. */
import type { RowsetId } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import type { RunError } from '../errors.ts';
import type { RowFailure, RowRepair } from '../operators/runner.ts';
import type { Ended } from './result.ts';

export interface OperatorCalls {
  readonly operator: string;
  readonly calls: number;
  readonly rows: number;
  readonly milliseconds: number;
}

export interface StepAnswer {
  readonly batch: Batch;
  /** Input rows that have at least one row in `batch`; counted apart from what ended, so that the balance checks something. */
  readonly passed: number;
  readonly ended: readonly Ended[];
  /** Rows for a ROUTE's rowset, with its columns. */
  readonly routed: { readonly rowset: RowsetId; readonly batch: Batch } | null;
  readonly calls: OperatorCalls | null;
  /** What the lineage is recorded from; it is there anyway. */
  readonly told?: StepTold;
  /** Of a PROCESS in a region: what counts only when its rows have settled. Then `ended` and `routed` say nothing. */
  readonly unsettled?: Unsettled;
}

export interface StepTold {
  /** What an operator was given: a vector for each of its inputs; null where none is called. */
  readonly inputs: readonly Vector[] | null;
  /** Rows of the batch handed in that ON ERROR ended. */
  readonly failures: readonly RowFailure[];
}

/** Rows are those of the batch handed in. */
export interface Unsettled {
  readonly repairs: readonly RowRepair[];
  /** By row, in order. */
  readonly failures: readonly RowFailure[];
  /** A row for each failure, as the ROUTE's rowset of ON ERROR has it; null where there is none. */
  readonly routed: Batch | null;
  /** The error that ends the job on a failed row; `text` is what the script says to it. */
  readonly errorOf: (failure: RowFailure, text: string | null) => RunError;
}

/** One node, compiled. */
export interface Step {
  readonly run: (batch: Batch) => StepAnswer | Promise<StepAnswer>;
  /** Ends what `run` opened. */
  readonly close: () => Promise<void>;
}

export function passedAll(batch: Batch, rows: number): StepAnswer {
  return { batch, passed: rows, ended: [], routed: null, calls: null };
}

export const nothingToClose = async (): Promise<void> => undefined;

/** The clause that ended rows, left out where it ended none. */
export function ended(how: Ended['how'], clause: string, rows: number): readonly Ended[] {
  return rows === 0 ? [] : [{ how, clause, rows }];
}
