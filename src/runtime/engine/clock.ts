/** The machine's clock. */
import { setTimeout } from 'node:timers/promises';
import type { Clock } from './environment.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  // What `performance` needs takes two milliseconds to load.
  elapsed: () => {
    const [seconds, nanoseconds] = process.hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
  sleep: async (milliseconds, signal) => {
    await setTimeout(milliseconds, undefined, { signal });
  },
};
