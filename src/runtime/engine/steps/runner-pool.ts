/** The workers of one operator call: each opened when it is first needed, none used twice at a time. */
import type { ProcessorRunner } from '../../operators/runner.ts';

export class RunnerPool {
  private readonly make: (worker: number) => ProcessorRunner;
  private readonly size: number;
  private readonly opened: ProcessorRunner[] = [];
  private readonly idle: ProcessorRunner[] = [];
  private readonly waiting: ((runner: ProcessorRunner) => void)[] = [];
  private made = 0;

  constructor(make: (worker: number) => ProcessorRunner, size: number) {
    this.make = make;
    this.size = size;
  }

  async use<R>(work: (runner: ProcessorRunner) => Promise<R>): Promise<R> {
    const runner = await this.acquire();
    try {
      return await work(runner);
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.idle.push(runner);
      else next(runner);
    }
  }

  /** Ends every worker that was opened, even when ending one fails; then the first failure is thrown. */
  async close(): Promise<void> {
    const ends = await Promise.allSettled(this.opened.splice(0).map((runner) => runner.close()));
    this.idle.length = 0;
    for (const end of ends) if (end.status === 'rejected') throw end.reason;
  }

  private async acquire(): Promise<ProcessorRunner> {
    const idle = this.idle.pop();
    if (idle !== undefined) return idle;
    if (this.made >= this.size) return new Promise((resolve) => this.waiting.push(resolve));
    const runner = this.make(this.made);
    this.made += 1;
    await runner.open();
    this.opened.push(runner);
    return runner;
  }
}
