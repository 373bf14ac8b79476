/**
 * Keeps answers in a job's store while the job runs. Writing is the store's pace and not the job's: what has gathered while one step was under way goes with the next, and
 * only when much waits does a call wait for room.
 */
import type { AnswerKeeper, KeptAnswer } from './answers.ts';
import { isLoss } from './errors.ts';
import { pack, unpack } from './packed.ts';
import type { Answer, Lease, StateStore } from './store.ts';

export interface KeeperSettings {
  /** Keys of the answers that an earlier process kept. */
  readonly committed?: readonly string[];
  /** A job that ends sooner writes nothing: doing it again is as quick as reading. Default 1,000. */
  readonly patienceMilliseconds?: number;
  /** Bytes of answers that may wait to be written. Default 8 MiB. */
  readonly waitingBytes?: number;
  /** Nothing is freed while the job runs. */
  readonly keepAll?: boolean;
}

/** An {@link AnswerKeeper} with what the owner of the job needs of it. */
export interface JobKeeper extends AnswerKeeper {
  /** Lets no further call begin; resolves when those under way have ended and all that they gave is kept. */
  drain(): Promise<void>;
  /** The job cannot be kept any more: whoever keeps or begins something next is told why. */
  refuse(reason: unknown): void;
  /** How many answers are known to be in the store. */
  durable(): number;
  /** Whether something could not be kept, so that the job fails. */
  isBroken(): boolean;
  /** Answers that were read instead of asked for, and rows or groups in them. */
  readonly reused: { readonly answers: number; readonly rows: number };
}

/** @param signal the job's: whoever waits for it to stop is told by it */
export function keepAnswers(
  store: StateStore,
  lease: Lease,
  signal: AbortSignal,
  settings: KeeperSettings = {},
): JobKeeper {
  return new Keeper(store, lease, signal, settings);
}

interface Waiting extends Answer {
  /** Whether there was none in the store at its place. */
  readonly isNew: boolean;
}

function bytesOf(answers: readonly Answer[]): number {
  return answers.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
}

/** The calls of one batch have places that differ in their last part, the first row. */
function callsOf(place: string): string {
  return place.slice(0, place.lastIndexOf('/'));
}

/** Rejects when the job is stopped. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const stop = (): void => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

class Keeper implements JobKeeper {
  readonly reused = { answers: 0, rows: 0 };
  private readonly store: StateStore;
  private readonly lease: Lease;
  private readonly known: Set<string>;
  private readonly waitingBytes: number;
  private readonly signal: AbortSignal;
  private waiting: Waiting[] = [];
  /** By the beginning of their places: what is left of answers when they are freed. */
  private readonly rests = new Map<string, Waiting[]>();
  private readonly keepAll: boolean;
  private bytes = 0;
  private kept: number;
  private patient: NodeJS.Timeout | null;
  /** The step under way. */
  private writing: Promise<void> | null = null;
  private broken: { readonly reason: unknown } | null = null;
  private underWay = 0;
  /** Set when no further call may begin. */
  private ended: { readonly whenIdle: () => void } | null = null;

  constructor(
    store: StateStore,
    lease: Lease,
    signal: AbortSignal,
    { committed = [], patienceMilliseconds = 1000, waitingBytes = 8 * 1024 * 1024, keepAll = false }: KeeperSettings,
  ) {
    this.store = store;
    this.lease = lease;
    this.signal = signal;
    this.known = new Set(committed);
    this.kept = this.known.size;
    this.waitingBytes = waitingBytes;
    this.keepAll = keepAll;
    this.patient = setTimeout(() => this.begin(), patienceMilliseconds);
    this.patient.unref();
  }

  has(place: string): boolean {
    return this.known.has(place);
  }

  async read(place: string): Promise<KeptAnswer> {
    const bytes = await this.store.answer(this.lease.id, place);
    const answer = unpack(bytes ?? new Uint8Array(0), place);
    this.reused.answers += 1;
    this.reused.rows += answer.asked;
    return answer;
  }

  restOf(place: string, rest: KeptAnswer): void {
    if (this.keepAll) return;
    const places = callsOf(place);
    this.rests.set(places, [...(this.rests.get(places) ?? []), { key: place, bytes: pack(rest), isNew: false }]);
  }

  free(places: string, isKept: boolean): void {
    const rests = this.rests.get(places) ?? [];
    this.rests.delete(places);
    if (!isKept || rests.length === 0) return;
    // Behind the answers that make the values needless, in the same step or a later one.
    const freed = new Set(rests.map(({ key }) => key));
    const replaced = this.waiting.filter(({ key }) => freed.has(key));
    const never = new Set(replaced.map(({ key }) => key));
    this.waiting = [
      ...this.waiting.filter(({ key }) => !freed.has(key)),
      ...rests.map((rest) => ({ ...rest, isNew: never.has(rest.key) })),
    ];
    this.bytes += bytesOf(rests) - bytesOf(replaced);
    if (this.patient === null) this.write();
  }

  async keep(place: string, answer: KeptAnswer, soon: boolean, rest: KeptAnswer | null): Promise<void> {
    const bytes = pack(answer);
    this.waiting.push({ key: place, bytes, isNew: true });
    this.bytes += bytes.byteLength;
    if (rest !== null) this.restOf(place, rest);
    if (soon || this.bytes > this.waitingBytes) this.begin();
    else if (this.patient === null) this.write();
    this.refuseBroken();
    while (this.bytes > this.waitingBytes && this.writing !== null) await this.written();
  }

  async during<T>(call: () => Promise<T>): Promise<T> {
    if (this.ended !== null) await aborted(this.signal);
    this.refuseBroken();
    this.underWay += 1;
    try {
      return await call();
    } finally {
      this.underWay -= 1;
      if (this.underWay === 0) this.ended?.whenIdle();
    }
  }

  async flush(): Promise<void> {
    this.begin();
    while (this.writing !== null) await this.written();
    this.refuseBroken();
    await this.confirm();
  }

  refuse(reason: unknown): void {
    this.broken ??= { reason };
  }

  durable(): number {
    return this.kept;
  }

  isBroken(): boolean {
    return this.broken !== null;
  }

  /** What comes of a job is published after this: not where another owns it by now, nor where the store has lost it. */
  private async confirm(): Promise<void> {
    try {
      await this.store.renew(this.lease);
    } catch (thrown) {
      if (isLoss(thrown)) this.refuse(thrown);
    }
    this.refuseBroken();
  }

  async drain(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.ended = { whenIdle: resolve };
      if (this.underWay === 0) resolve();
    });
    await this.flush();
  }

  /** From here on all is written at once. */
  private begin(): void {
    if (this.patient !== null) clearTimeout(this.patient);
    this.patient = null;
    this.write();
  }

  private write(): void {
    if (this.writing !== null || this.waiting.length === 0 || this.broken !== null) return;
    const answers = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    this.writing = this.store
      .commit(this.lease, answers)
      .then(() => {
        this.kept += answers.filter(({ isNew }) => isNew).length;
      })
      .catch((reason: unknown) => this.refuse(reason))
      .finally(() => {
        this.writing = null;
        this.write();
      });
  }

  private async written(): Promise<void> {
    await this.writing;
    this.refuseBroken();
  }

  private refuseBroken(): void {
    if (this.broken !== null) throw this.broken.reason;
  }
}
