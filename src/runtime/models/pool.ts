import type { Answer, JsonObject } from './model.ts';
import type { Batching } from './batches.ts';
import { ModelError, TextsFailed, textOf } from './errors.ts';
import type { ModelFailure, ModelFault } from './errors.ts';
import type { FromWorker, LoadOrder } from './protocol.ts';
import type { Thread } from './thread.ts';
import { startThread } from './thread.ts';

/** Texts that one worker takes at one go. */
export interface Share {
  readonly texts: readonly string[];
  readonly call: JsonObject;
  readonly signal: AbortSignal | null;
  readonly timeoutMs: number | null;
}

interface Task extends Share {
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (error: ModelError) => void;
  /** How often a worker has died over it. */
  deaths: number;
}

interface Seat {
  readonly thread: Thread;
  ready: boolean;
  task: Task | null;
  timer: NodeJS.Timeout | null;
}

export interface PoolCounts {
  readonly batches: number;
  readonly busyMs: number;
}

/** A further worker pays for its start only when the model has had this much to do. */
const GROW_AFTER_MS = 200;

/**
 * The workers of one loaded model. It starts with one and grows, up to `size`, when shares wait although the model has
 * been busy for a while. When a worker dies, its share is tried once more by another, or in parts
 * (isolation.ts): a call has no effect but its answers, so nothing is lost and nothing happens twice.
 */
export class Pool {
  readonly size: number;
  readonly #order: LoadOrder;
  readonly #file: URL;
  readonly #seats = new Set<Seat>();
  readonly #waiting: Task[] = [];
  #batching: Batching;
  #counts: PoolCounts = { batches: 0, busyMs: 0 };
  #closing: Promise<void> | null = null;
  /** At most `size`; less once a further worker could not start. */
  #most: number;

  constructor(order: LoadOrder, file: URL, size: number) {
    this.size = size;
    this.#most = size;
    this.#order = order;
    this.#file = file;
    this.#batching = order.batching;
  }

  /** As the worker found it fit for the model, once there is one. */
  get batching(): Batching {
    return this.#batching;
  }

  get counts(): PoolCounts {
    return this.#counts;
  }

  /** Starts a worker; rejects with the ModelError of loading. */
  async start(): Promise<void> {
    const thread = startThread(this.#file, this.#order, {
      onMessage: (message) => this.#heard(seat, message),
      onEnd: (reason) => this.#died(seat, reason),
    });
    const seat: Seat = { thread, ready: false, task: null, timer: null };
    this.#seats.add(seat);
    try {
      const first = await thread.first;
      if (first.kind === 'unusable') throw new ModelError(this.#order.written, first.failure);
      if (first.kind === 'ready') this.#batching = first.batching;
    } catch (thrown) {
      this.#seats.delete(seat);
      if (thrown instanceof ModelError) throw thrown;
      throw this.#error(this.#closing !== null ? 'PR4012' : 'PR4007', `could not be loaded: ${textOf(thrown)}`, thrown);
    }
    seat.ready = true;
    thread.hold(false);
    this.#dispatch();
  }

  /** Answers to the texts of a share, in their order. */
  run(share: Share): Promise<readonly Answer[]> {
    return new Promise((resolve, reject) => {
      if (this.#closing !== null) {
        reject(this.#error('PR4012', 'is asked after its host was closed'));
        return;
      }
      this.#waiting.push({ ...share, resolve, reject, deaths: 0 });
      this.#dispatch();
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const seats = [...this.#seats];
    const tasks = [...seats.flatMap(release), ...this.#waiting.splice(0)];
    this.#seats.clear();
    for (const task of tasks) task.reject(this.#error('PR4012', 'was closed while it was working'));
    await Promise.all(seats.map(({ thread }) => thread.end()));
  }

  #dispatch(): void {
    for (const seat of this.#seats) {
      if (!seat.ready || seat.task !== null) continue;
      const task = this.#next();
      if (task === undefined) return;
      this.#assign(seat, task);
    }
    const starting = [...this.#seats].some((seat) => !seat.ready);
    const worthwhile = this.#seats.size === 0 || this.#counts.busyMs >= GROW_AFTER_MS;
    if (this.#waiting.length > 0 && !starting && worthwhile && this.#seats.size < this.#most) this.#grow();
  }

  #next(): Task | undefined {
    for (;;) {
      const task = this.#waiting.shift();
      if (task?.signal?.aborted !== true) return task;
      task.reject(this.#error('PR4009', 'was cancelled'));
    }
  }

  #assign(seat: Seat, task: Task): void {
    seat.task = task;
    seat.thread.hold(true);
    seat.thread.send({ kind: 'infer', texts: task.texts, call: task.call });
    if (task.timeoutMs !== null) seat.timer = setTimeout(() => this.#expired(seat, task), task.timeoutMs);
  }

  /** A further worker in the background. If it cannot start, the others go on; without others, nobody would answer. */
  #grow(): void {
    this.start().catch((thrown: unknown) => {
      this.#most = Math.max(1, this.#seats.size);
      if (this.#seats.size > 0) return;
      const error = thrown instanceof ModelError ? thrown : this.#error('PR4007', textOf(thrown), thrown);
      for (const task of this.#waiting.splice(0)) task.reject(error);
    });
  }

  #heard(seat: Seat, message: FromWorker): void {
    if (message.kind !== 'answers' && message.kind !== 'failed') return;
    const [task] = release(seat);
    seat.thread.hold(false);
    if (message.kind === 'failed') {
      task?.reject(this.#failed('PR4011', `failed: ${message.message}`));
    } else {
      const { batches, busyMs } = this.#counts;
      this.#counts = { batches: batches + message.batches, busyMs: busyMs + message.busyMs };
      if (task?.texts.length === message.answers.length) task.resolve(message.answers);
      else task?.reject(this.#failed('PR4010', `gave ${message.answers.length} answers to ${task.texts.length} texts`));
    }
    this.#dispatch();
  }

  #died(seat: Seat, reason: string): void {
    this.#seats.delete(seat);
    for (const task of release(seat)) {
      task.deaths += 1;
      // Of several texts the caller asks again in parts; that is their second chance.
      if (task.texts.length > 1) task.reject(this.#failed('PR4007', `lost a worker: ${reason}`));
      else if (task.deaths === 1) this.#waiting.unshift(task);
      else task.reject(this.#failed('PR4007', `lost two workers over the same text: ${reason}`));
    }
    this.#dispatch();
  }

  #expired(seat: Seat, task: Task): void {
    this.#seats.delete(seat);
    release(seat);
    void seat.thread.kill();
    task.reject(this.#failed('PR4008', `took longer than ${task.timeoutMs} ms over ${task.texts.length} texts`));
    this.#dispatch();
  }

  #error(code: ModelFault, what: string, cause?: unknown): ModelError {
    return new ModelError(this.#order.written, this.#failure(code, what), cause);
  }

  #failed(code: ModelFault, what: string): TextsFailed {
    return new TextsFailed(this.#order.written, this.#failure(code, what));
  }

  #failure(code: ModelFault, what: string): ModelFailure {
    return { code, message: `model '${this.#order.written}' ${what}`, tried: [], help: null };
  }
}

/** Takes a seat's task away from it: one or none. */
function release(seat: Seat): readonly Task[] {
  const { task, timer } = seat;
  if (timer !== null) clearTimeout(timer);
  seat.task = null;
  seat.timer = null;
  return task === null ? [] : [task];
}
