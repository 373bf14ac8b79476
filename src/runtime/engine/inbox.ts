/** A bounded queue between two stages. Putting waits while it is full: that is what keeps the number of batches in flight fixed. */
interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (reason: unknown) => void;
}

export class Inbox<T> {
  private readonly capacity: number;
  private readonly items: T[] = [];
  private readonly takers: Waiter<T>[] = [];
  private readonly putters: Waiter<void>[] = [];
  private broken: { readonly reason: unknown } | null = null;

  constructor(capacity: number) {
    this.capacity = capacity;
  }

  put(item: T): Promise<void> {
    if (this.broken !== null) return Promise.reject(this.broken.reason);
    const taker = this.takers.shift();
    if (taker !== undefined) {
      taker.resolve(item);
      return Promise.resolve();
    }
    this.items.push(item);
    if (this.items.length <= this.capacity) return Promise.resolve();
    return new Promise((resolve, reject) => this.putters.push({ resolve, reject }));
  }

  take(): Promise<T> {
    if (this.broken !== null) return Promise.reject(this.broken.reason);
    const item = this.items.shift();
    if (item === undefined) return new Promise((resolve, reject) => this.takers.push({ resolve, reject }));
    this.putters.shift()?.resolve();
    return Promise.resolve(item);
  }

  /** Whoever waits, or comes later, gets this reason; what is queued is forgotten. */
  break(reason: unknown): void {
    if (this.broken !== null) return;
    this.broken = { reason };
    this.items.length = 0;
    for (const waiter of [...this.takers.splice(0), ...this.putters.splice(0)]) waiter.reject(reason);
  }
}
