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
  /** Which of the vectors hold nothing any more: what the values went into is kept. */
  readonly freed?: readonly number[];
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
  /**
   * Keeps an answer, sooner or later; resolves when there is room for more. `soon`: also if the job has only just begun.
   *
   * @param rest what is left of it once its values are needed no more; null where all of it is needed until the end
   */
  keep(place: string, answer: KeptAnswer, soon: boolean, rest: KeptAnswer | null): Promise<void>;
  /** The same of an answer that was read. */
  restOf(place: string, rest: KeptAnswer): void;
  /**
   * What became of the answers whose places begin with this text is kept, so that of those the rest is enough; where `isKept` is false it is not, and all of them is needed.
   * No process that resumes the job ever sees the rest alone.
   */
  free(places: string, isKept: boolean): void;
  /** Makes a call and keeps what it came to, unless the job is to stop: then it rejects when that happens. */
  during<T>(call: () => Promise<T>): Promise<T>;
  /** Resolves when all that was kept is durable and the job is still this run's: what comes of it may be published. */
  flush(): Promise<void>;
}
