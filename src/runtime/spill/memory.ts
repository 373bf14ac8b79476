/**
 * Who holds how much memory. What counts is what operators say they hold, bytes of vectors and tables, not the process's size: so that what spills is a matter of
 * the data and the budget alone, never of the moment.
 */
import { availableMemory, heapLimit } from './machine.ts';

export class Memory {
  readonly budget: number;
  /** Operators of the plan that may hold much at once. */
  private readonly holders: number;
  private total = 0;

  constructor(budget: number, holders: number) {
    this.budget = budget;
    this.holders = Math.max(1, holders);
  }

  /** What every holder may hold whatever the others do. */
  get share(): number {
    return this.holders === 1 ? this.budget : this.budget / (2 * this.holders);
  }

  claim(): Claim {
    return new Claim(this);
  }

  /** One half of the budget is the shares', the other goes to whoever asks first: so all together never hold more than the budget. */
  isOver(own: number): boolean {
    return own > this.share && this.total > this.budget / (this.holders === 1 ? 1 : 2);
  }

  change(bytes: number): void {
    this.total += bytes;
  }
}

/** What one operator holds. */
export class Claim {
  private readonly memory: Memory;
  private held = 0;

  constructor(memory: Memory) {
    this.memory = memory;
  }

  get budget(): number {
    return this.memory.budget;
  }

  /** What it may always hold. */
  get share(): number {
    return this.memory.share;
  }

  /** Says what it holds now; true where that is too much, and something must go to disk. */
  set(bytes: number): boolean {
    this.memory.change(bytes - this.held);
    this.held = bytes;
    return this.memory.isOver(bytes);
  }
}

/** Where nobody says how much: a quarter of the machine's memory (or the container's), and no more than half of what the JavaScript heap may grow to. */
export function defaultBudget(): number {
  return Math.floor(Math.min(availableMemory() / 4, heapLimit() / 2));
}
