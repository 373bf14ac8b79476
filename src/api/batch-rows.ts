/** How many rows the batches of a job have. */
import type { Plan } from '../planner/plan.ts';
import { DEFAULT_BATCH_ROWS } from '../runtime/engine/environment.ts';

/** @param wanted wins over `SET batch` of the script */
export function batchRowsOf({ settings }: Plan, wanted: number | null): number {
  const set = settings.get('batch');
  return wanted ?? (typeof set === 'number' ? set : DEFAULT_BATCH_ROWS);
}
