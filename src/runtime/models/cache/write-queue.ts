/** Entries on their way to a table: written some at a time, one write after the other, when enough are there or some time has passed. */
import type { Entry } from './table.ts';

export interface WriteQueue {
  /** Waits only while more than enough for some writes is in the queue. */
  add(entries: readonly Entry[]): Promise<void>;
  /** Until all that was added is written. */
  drain(): Promise<void>;
}

/** Entries of one write: a larger one holds the event loop for longer, many small ones cost a commit each. */
const WRITTEN = 2048;
const MOST_BYTES = 16 * 1024 * 1024;
/** What a killed process may lose. */
const DELAY_MS = 250;

interface State {
  readonly waiting: Entry[];
  /** Of what waits and what is being written. */
  bytes: number;
  writing: Promise<void> | null;
  timer: NodeJS.Timeout | null;
}

/** @param write does not reject */
export function writeQueue(write: (entries: readonly Entry[]) => Promise<void>): WriteQueue {
  const state: State = { waiting: [], bytes: 0, writing: null, timer: null };

  const writeSome = async (): Promise<void> => {
    const some = state.waiting.splice(0, WRITTEN);
    await write(some);
    for (const { value } of some) state.bytes -= value.length;
    state.writing = null;
    plan();
  };
  const start = (): Promise<void> => {
    if (state.timer !== null) clearTimeout(state.timer);
    state.timer = null;
    state.writing ??= writeSome();
    return state.writing;
  };
  /** Writes now if that is worth it, else soon. */
  const plan = (): void => {
    if (state.writing !== null || state.waiting.length === 0) return;
    if (state.waiting.length >= WRITTEN) void start();
    else state.timer ??= setTimeout(() => void start(), DELAY_MS).unref();
  };
  return {
    async add(entries) {
      state.waiting.push(...entries);
      for (const { value } of entries) state.bytes += value.length;
      plan();
      while (state.bytes > MOST_BYTES) await start();
    },
    async drain() {
      while (state.waiting.length > 0 || state.writing !== null) await start();
    },
  };
}
