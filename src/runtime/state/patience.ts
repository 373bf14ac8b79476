/** Waiting for a server that is away: calls are made again until it answers, the user is told once, and it has an end. */
import { StateError } from './errors.ts';
import type { Patience } from './store.ts';

/** How long a server may be away by default. */
export const OUTAGE_MILLISECONDS = 300_000;
/** Where nobody says how long to wait. */
export const SHORTLY: Patience = { milliseconds: 5000 };
/** A shorter silence is not told. */
const TOLD_AFTER = 2000;
const AGAIN_AFTER = 200;
const LOOKED_AFTER = 250;
/** A job that is to stop waits no longer. */
const STOPPING_MILLISECONDS = 5000;

/** Makes a call until it is answered. It must do no harm when it is made twice. */
export type Patiently = <T>(call: () => Promise<T>) => Promise<T>;

/** Whether waiting can help: the server cannot be reached, by whichever way that shows. */
export function isOutage({ fault }: StateError): boolean {
  return fault === 'PR6002' || fault === 'PR6016' || fault === 'PR6020';
}

function seconds(milliseconds: number): string {
  const whole = Math.round(milliseconds / 1000);
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min`;
}

function awayTooLong(who: string, waited: number, cause: StateError | null): StateError {
  const why = cause?.message.replace(`cannot reach ${who}: `, '');
  return new StateError(
    'PR6019',
    `${who} did not answer for ${seconds(waited)}${why === undefined ? '' : `: ${why}`}`,
    'start it again, then go on with --resume: what was kept is not asked for again',
    cause ?? undefined,
  );
}

/**
 * @param who the server with its address, for messages: `Redis at redis://127.0.0.1:6379`
 * @param explained what the client threw, as an error of the store
 */
export function patiently(
  who: string,
  { milliseconds = OUTAGE_MILLISECONDS, say, signal }: Patience,
  explained: (thrown: unknown) => StateError,
): Patiently {
  /** When the first call of those that wait went without an answer. Calls that come after too long a silence do not wait anew. */
  let since: number | null = null;
  let told = false;
  const waited = (): number => (since === null ? 0 : performance.now() - since);
  const most = (): number => (signal?.aborted === true ? Math.min(STOPPING_MILLISECONDS, milliseconds) : milliseconds);
  const answered = (): void => {
    if (told) say?.(`${who} answers again, after ${seconds(waited())}; the job goes on`);
    [since, told] = [null, false];
  };
  const tell = (): void => {
    if (told || waited() < TOLD_AFTER) return;
    told = true;
    say?.(`${who} does not answer; waiting (since ${seconds(waited())}), for ${seconds(most())} at most`);
  };

  return <T>(call: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const began = performance.now();
      let cause: StateError | null = null;
      let again: NodeJS.Timeout | undefined;
      const over = (): void => {
        clearInterval(watch);
        clearTimeout(again);
      };
      const giveUp = (reason: StateError): void => {
        over();
        reject(reason);
      };
      const look = (): void => {
        if (performance.now() - began >= TOLD_AFTER) since ??= began;
        if (waited() >= most()) giveUp(awayTooLong(who, waited(), cause));
        else tell();
      };
      const watch = setInterval(look, LOOKED_AFTER);
      const attempt = (): void => {
        call().then(
          (value) => {
            over();
            answered();
            resolve(value);
          },
          (thrown: unknown) => {
            const error = explained(thrown);
            if (!isOutage(error)) {
              giveUp(error);
              return;
            }
            cause = error;
            since ??= performance.now();
            look();
            if (waited() < most()) again = setTimeout(attempt, AGAIN_AFTER);
          },
        );
      };
      attempt();
    });
}
