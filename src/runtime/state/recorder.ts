/** Keeps the record of one run, and its answers, as it goes. */
import type { Listener } from '../events.ts';
import { isLoss } from './errors.ts';
import { keepAnswers } from './keeper.ts';
import type { JobKeeper, KeeperSettings } from './keeper.ts';
import { LEASE_MILLISECONDS } from './store.ts';
import type { JobEnd, Lease, StateStore } from './store.ts';

/** A job that was taken, to begin it or to go on with it. */
export interface Taken {
  readonly lease: Lease;
  /** Keys of the answers that it has. */
  readonly committed: readonly string[];
}

export interface Recorder {
  readonly listen: Listener;
  readonly answers: JobKeeper;
  /** Records how the run ended, after all that was recorded before; never rejects. Answers of a job that is done go, unless `keep`. */
  finish(end: JobEnd, keep: boolean): Promise<void>;
}

/**
 * A record that cannot be kept is told, once, and does not stop the run, whose outputs do not depend on it; an answer that cannot be kept does.
 *
 * @param signal the job's
 * @param onTrouble is called once, with the first thing that could not be recorded
 */
export function record(
  store: StateStore,
  { lease, committed }: Taken,
  signal: AbortSignal,
  onTrouble: (thrown: unknown) => void,
  settings: Omit<KeeperSettings, 'committed'> = {},
): Recorder {
  const answers = keepAnswers(store, lease, signal, { ...settings, committed });
  let troubled = false;
  let last = Promise.resolve();
  /** One step after the other, so that nothing is recorded behind the end. */
  const then = (step: () => Promise<void>): void => {
    last = last.then(step).catch((thrown: unknown) => {
      if (!troubled) onTrouble(thrown);
      troubled = true;
    });
  };
  const renew = (): Promise<void> =>
    store.renew(lease).catch((thrown: unknown) => {
      if (!isLoss(thrown)) throw thrown;
      answers.refuse(thrown);
    });
  const renewal = setInterval(() => then(renew), LEASE_MILLISECONDS / 3);
  renewal.unref();
  return {
    answers,
    listen(event) {
      if (event.kind !== 'output-committed') return;
      const { path, rows, bytes, sha256 } = event;
      then(() => store.recordOutput(lease, { path, rows, bytes, sha256 }));
    },
    async finish(end, keep) {
      clearInterval(renewal);
      const over = end.outcome === 'done' || end.outcome === 'gate-failed';
      // What broke the job is its error, and told as that.
      if (!over && answers.isBroken()) troubled = true;
      if (!over) then(() => answers.flush());
      then(() => store.finish(lease, end, over && !keep ? 'drop' : 'keep'));
      await last;
    },
  };
}
