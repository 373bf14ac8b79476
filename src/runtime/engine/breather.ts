import { setImmediate as immediate } from 'node:timers/promises';
import type { Compiler } from './compile.ts';

/** Long work that never waits for anything: now and then signals and timers get their turn, and a job that is to stop does. */
export function breather({ environment, signal }: Pick<Compiler, 'environment' | 'signal'>): () => Promise<void> {
  let since = environment.clock.elapsed();
  return async () => {
    if (environment.clock.elapsed() - since < BREATH_MILLISECONDS) return;
    await immediate();
    signal.throwIfAborted();
    since = environment.clock.elapsed();
  };
}

const BREATH_MILLISECONDS = 50;
