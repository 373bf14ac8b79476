import { workerOf } from '../worker-file.ts';
import type { FromWorker, ToWorker, WorkerOrder } from './protocol.ts';

/** A worker thread as pool.ts sees it. */
export interface Thread {
  /** Settles with its first message: `ready` or `unusable`. Rejects when the thread ends before. */
  readonly first: Promise<FromWorker>;
  send(message: ToWorker): void;
  /** Keeps the process alive while there is work, and only then. */
  hold(held: boolean): void;
  /** Lets the thread release the model and leave; ends it when it has not left soon. */
  end(): Promise<void>;
  /** Ends the thread now, whatever it is doing. */
  kill(): Promise<unknown>;
}

export interface ThreadEvents {
  readonly onMessage: (message: FromWorker) => void;
  /** The thread is gone, for this reason, without having been killed. */
  readonly onEnd: (reason: string) => void;
}

/** The worker's own file beside this one: `worker.js` of a build, `worker.ts` in the source tree. */
export const WORKER = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url);

/** How long a thread may take to leave. */
const PATIENCE_MS = 1000;

/** Starts a thread on an order. */
export function startThread(file: URL, order: WorkerOrder, events: ThreadEvents): Thread {
  const worker = workerOf(file, order);
  let [killed, reason] = [false, 'it ended'];
  const gone = new Promise<void>((resolve) => {
    worker.once('exit', () => resolve());
  });
  const first = new Promise<FromWorker>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the worker ended with code ${code} while loading`)));
  });
  worker.on('message', events.onMessage);
  worker.on('error', (error) => {
    reason = error.message;
  });
  worker.once('exit', (code) => {
    if (!killed) events.onEnd(code === 0 ? reason : `${reason} (exit code ${code})`);
  });
  return {
    first,
    send: (message) => worker.postMessage(message, []),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: async () => {
      killed = true;
      worker.postMessage({ kind: 'close' } satisfies ToWorker, []);
      const late = setTimeout(() => void worker.terminate(), PATIENCE_MS);
      await gone;
      clearTimeout(late);
    },
    kill: () => {
      killed = true;
      return worker.terminate();
    },
  };
}
