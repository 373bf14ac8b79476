/** Ctrl-C: the first stops the job cleanly, the second the process. */
import { EXIT } from './exit.ts';

export interface Interrupt {
  readonly signal: AbortSignal;
  /** The signals mean what they meant before. */
  release(): void;
}

export function interruptible(onFirst: () => void): Interrupt {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    onFirst();
    controller.abort(new Error('interrupted'));
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop);
      process.off('SIGTERM', stop);
    },
  };
}
