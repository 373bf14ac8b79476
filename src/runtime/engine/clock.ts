/** The machine's clock. */
import { setTimeout } from 'node:timers/promises';
import type { Clock } from './environment.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, { signal });
  },
};
