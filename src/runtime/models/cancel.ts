import { ModelError } from './errors.ts';

/** The error of a call that nobody waits for any more. */
export function refused(written: string, code: 'PR4009' | 'PR4012', what: string): ModelError {
  return new ModelError(written, { code, message: `model '${written}' ${what}`, tried: [], help: null });
}

/** Waits, but not longer than the caller wants to; the work itself goes on for whoever else waits for it. */
export async function orCancelled<T>(work: Promise<T>, written: string, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return work;
  const done = new AbortController();
  const cancelled = new Promise<never>((_, reject) => {
    const cancel = (): void => reject(refused(written, 'PR4009', 'was cancelled'));
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true, signal: done.signal });
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    done.abort();
  }
}
