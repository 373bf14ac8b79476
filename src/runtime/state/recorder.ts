/** Keeps the record of one run as it goes. What cannot be recorded is told, once; it does not stop the run, whose outputs do not depend on it. */
import type { Listener } from '../events.ts';
import { LEASE_MILLISECONDS } from './store.ts';
import type { JobEnd, JobStart, StateStore } from './store.ts';

export interface Recorder {
  readonly listen: Listener;
  /** Records how the run ended, after all that was recorded before; never rejects. */
  finish(end: JobEnd): Promise<void>;
}

/**
 * @param onTrouble is called once, with the first thing that could not be recorded
 * @throws StateError when the job cannot be begun
 */
export async function record(
  store: StateStore,
  start: JobStart,
  onTrouble: (thrown: unknown) => void,
): Promise<Recorder> {
  const lease = await store.begin(start);
  let troubled = false;
  let last = Promise.resolve();
  /** One step after the other, so that nothing is recorded behind the end. */
  const then = (step: () => Promise<void>): void => {
    last = last.then(step).catch((thrown: unknown) => {
      if (!troubled) onTrouble(thrown);
      troubled = true;
    });
  };
  const renewal = setInterval(() => then(() => store.renew(lease)), LEASE_MILLISECONDS / 3);
  renewal.unref();
  return {
    listen(event) {
      if (event.kind !== 'output-committed') return;
      const { path, rows, bytes, sha256 } = event;
      then(() => store.recordOutput(lease, { path, rows, bytes, sha256 }));
    },
    async finish(end) {
      clearInterval(renewal);
      then(() => store.finish(lease, end, 'drop'));
      await last;
    },
  };
}
