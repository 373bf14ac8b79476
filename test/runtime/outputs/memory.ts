/** Output files in memory, whose n-th operation can be made to fail. */
import { dirname } from 'node:path';
import type { OutputFiles } from '../../../src/runtime/outputs/files.ts';

export interface Fault {
  /** The operation that fails, from 1. */
  readonly at: number;
  /** `ENOSPC`, `EIO`, `EACCES` … */
  readonly code: string;
  /** All that come behind it fail, too. */
  readonly lasting?: boolean;
}

export class MemoryOutputs implements OutputFiles {
  /** By path, final and temporary names alike. */
  readonly files = new Map<string, Buffer>();
  /** Every operation so far: `write /out/a.csv`. */
  readonly operations: string[] = [];
  open_ = 0;
  mostOpen = 0;
  /** Set once the fault has happened. */
  failed = false;
  private readonly fault: Fault | null;

  constructor(fault: Fault | null = null) {
    this.fault = fault;
  }

  text(path: string): string | undefined {
    return this.files.get(path)?.toString('utf8');
  }

  async makeFolder(path: string): Promise<void> {
    this.operation(`makeFolder ${path}`);
  }

  async isFolder(path: string): Promise<boolean> {
    return [...this.files.keys()].some((file) => dirname(file) === path);
  }

  async open(path: string, mode: 'empty' | 'append'): ReturnType<OutputFiles['open']> {
    this.operation(`open ${path}`);
    if (mode === 'empty' || !this.files.has(path)) this.files.set(path, Buffer.alloc(0));
    this.open_ += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open_);
    return {
      write: async (bytes) => {
        const before = this.files.get(path) ?? Buffer.alloc(0);
        const written = Buffer.from(bytes);
        try {
          this.operation(`write ${path}`);
        } catch (error) {
          // A disk that fills up has taken a part.
          this.files.set(path, Buffer.concat([before, written.subarray(0, written.length / 2)]));
          throw error;
        }
        this.files.set(path, Buffer.concat([before, written]));
      },
      sync: async () => this.operation(`sync ${path}`),
      close: async () => {
        this.open_ -= 1;
        this.operation(`close ${path}`);
      },
    };
  }

  async rename(from: string, to: string): Promise<void> {
    this.operation(`rename ${to}`);
    const bytes = this.files.get(from);
    if (bytes === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
    this.files.delete(from);
    this.files.set(to, bytes);
  }

  async keepAs(path: string, aside: string): Promise<boolean> {
    this.operation(`keepAs ${path}`);
    const bytes = this.files.get(path);
    if (bytes !== undefined && !this.files.has(aside)) this.files.set(aside, bytes);
    return bytes !== undefined;
  }

  /** Cleaning up does not fail: what it would leave behind is not under a final name. */
  async remove(path: string): Promise<void> {
    this.files.delete(path);
  }

  async syncFolder(path: string): Promise<void> {
    this.operation(`syncFolder ${path}`);
  }

  private operation(name: string): void {
    this.operations.push(name);
    if (this.fault === null || this.operations.length < this.fault.at) return;
    if (this.operations.length > this.fault.at && this.fault.lasting !== true) return;
    this.failed = true;
    throw Object.assign(new Error(`${this.fault.code}: made to fail`), { code: this.fault.code });
  }
}
