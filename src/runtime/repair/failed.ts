/** Expressions that fail inside a region: the row goes no further at that step, and ends the job if it settles (S10). */
import type { NodeId } from '../../planner/graph.ts';
import type { Batch, Vector } from '../batch.ts';
import { RunError } from '../errors.ts';
import type { Evaluate } from '../relational/index.ts';
import { RowError } from '../row-error.ts';
import type { Member } from './members.ts';
import type { Ending } from './run.ts';

export interface Evaluated {
  readonly vectors: readonly Vector[];
  /** By place in the batch, the first failure of each. */
  readonly failed: ReadonlyMap<number, RowError>;
}

/** Some expressions over a batch. Where one fails its value is null or 0, and means nothing. */
export function evaluated(expressions: readonly Evaluate[], batch: Batch): Evaluated {
  const errors: RowError[] = [];
  const vectors = expressions.map((evaluate) => evaluate(batch, errors));
  return { vectors, failed: failuresByRow(errors) };
}

export const NONE_FAILED: Evaluated['failed'] = new Map();

/** The first failure of each row. */
export function failuresByRow(errors: readonly RowError[]): Evaluated['failed'] {
  if (errors.length === 0) return NONE_FAILED;
  return new Map(errors.toReversed().map((error) => [error.row, error] as const));
}

/** What a step says of a row on which it failed. */
export function failedEnding(error: RowError | RunError, clause: NodeId, member: Member, row: number): Ending {
  const { code, message, span } = error;
  const ends = error instanceof RunError ? error : new RunError(code, message, { span, cause: error });
  const at = span ?? member.node.span;
  const rung = { kind: 'abort', message: null, span: at } as const;
  return { kind: 'abort', clause, member, row, reason: `${code}: ${message}`, rung, depth: 0, error: ends };
}

/** An error of the data, as expressions and aggregates throw it; anything else is a defect, and thrown on. */
export function dataError(error: unknown): RowError | RunError {
  if (error instanceof RowError || (error instanceof RunError && error.code.startsWith('PR2'))) return error;
  throw error;
}
