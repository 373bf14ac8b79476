/** What calls of operators came to, and who keeps it. */
import type { Vector } from '../batch.ts';
import type { RowFailure, RowRepair } from '../operators/runner.ts';

/** What a call of an operator came to: on rows (PROCESS) or on groups (REDUCE, COMBINE). */
export interface KeptAnswer {
  /** Of what was asked, so that an answer is never taken for another question. */
  readonly digest: number;
  /** Rows or groups asked for. */
  readonly asked: number;
  readonly milliseconds: number;
  /** Random numbers that the operator had drawn when it had answered. */
  readonly drawn: number;
  readonly vectors: readonly Vector[];
  readonly length: number;
  /** The row or group that each answer row is for; null where it is one for each row, in order. */
  readonly origins: Int32Array | null;
  /** Of groups: for each side and answer row the row of that side that stands beside it. */
  readonly carried: readonly Int32Array[];
  readonly failures: readonly Omit<RowFailure, 'cause'>[];
  readonly repairs: readonly RowRepair[];
}

/** Answers of costly calls, by their place in the job. All may reject with what is wrong with the store. */
export interface AnswerKeeper {
  /** Whether an answer was kept at this place, by this run or one before it. */
  has(place: string): boolean;
  read(place: string): Promise<KeptAnswer>;
  /** Keeps an answer, sooner or later; resolves when there is room for more. `soon`: also if the job has only just begun. */
  keep(place: string, answer: KeptAnswer, soon: boolean): Promise<void>;
  /** Makes a call and keeps what it came to, unless the job is to stop: then it rejects when that happens. */
  during<T>(call: () => Promise<T>): Promise<T>;
  /** Resolves when all that was kept is durable and the job is still this run's: what comes of it may be published. */
  flush(): Promise<void>;
}
