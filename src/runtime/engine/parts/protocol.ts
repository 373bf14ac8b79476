/** What a run and a thread that reads parts of files tell each other. */
import type { Part, PartAnswer, PartsJob } from './task.ts';

/** A job comes once, before its first part. */
export type ToPartThread =
  | { readonly kind: 'job'; readonly job: PartsJob }
  | { readonly kind: 'part'; readonly task: number; readonly job: number; readonly part: Part };

export interface FromPartThread {
  readonly task: number;
  readonly answer: PartAnswer;
}
