/** The engine: a plan and a world in, a result out. */
export { run } from './run.ts';
export { DEFAULT_BATCH_ROWS, DEFAULT_QUEUE_BATCHES } from './environment.ts';
export type { Clock, RunEnvironment } from './environment.ts';
export type { Executor, StageAnswer, StageTask } from './executor.ts';
export type { Ended, NodeReport, OperatorReport, Outcome, OutputReport, RunResult } from './result.ts';
export { systemClock } from './clock.ts';
