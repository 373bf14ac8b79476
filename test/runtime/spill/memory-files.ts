/** Spill files in memory, whose n-th operation can be made to fail. */
import type { SpillFile, SpillFiles } from '../../../src/runtime/spill/files.ts';

export class MemorySpill implements SpillFiles {
  readonly place = '/spill';
  /** Operations so far. */
  operations = 0;
  /** Files that are open. */
  open_ = 0;
  private readonly fault: { readonly at: number; readonly code: string } | null;
  private readonly damage: boolean;

  /** `damage`: what is read back has a wrong bit. */
  constructor(fault: { readonly at: number; readonly code: string } | null = null, damage = false) {
    this.fault = fault;
    this.damage = damage;
  }

  open(): SpillFile {
    this.operation('open');
    this.open_ += 1;
    let content = Buffer.alloc(0);
    return {
      write: (bytes, at) => {
        this.operation('write');
        if (at !== content.length) throw new Error('written elsewhere than at the end');
        content = Buffer.concat([content, bytes]);
      },
      read: (into, at) => {
        this.operation('read');
        if (at + into.length > content.length) return false;
        into.set(content.subarray(at, at + into.length));
        if (this.damage) into[into.length >> 1] = (into[into.length >> 1] ?? 0) ^ 4;
        return true;
      },
      close: () => {
        this.open_ -= 1;
      },
    };
  }

  close(): void {}

  private operation(what: string): void {
    this.operations += 1;
    if (this.fault?.at !== this.operations) return;
    throw Object.assign(new Error(`${this.fault.code}: ${what}`), { code: this.fault.code });
  }
}
