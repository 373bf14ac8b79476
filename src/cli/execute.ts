/** The one call from the command line into the runtime. */
import type { Listener } from '../runtime/events.ts';
import type { Planned } from './planned.ts';

export interface Execution {
  readonly job: string;
  readonly listener: Listener;
  readonly signal: AbortSignal;
  readonly allowRemote: boolean;
  /** Null: as the engine likes it. */
  readonly batchRows: number | null;
}

/** What ended the run, null when it came to its end. */
export async function execute(_planned: Planned, _execution: Execution): Promise<unknown> {
  return new Error('not wired yet');
}
