/** What an operator that may need more memory than there is gets: its claim on the memory, files for the rest, and a way to let others run meanwhile. */
import type { SpillFiles } from './files.ts';
import type { Claim, Memory } from './memory.ts';
import type { Type } from '../../typecheck/types.ts';
import { Run, RunWriter, Spool } from './spool.ts';
import type { Spilled } from './spool.ts';

/** Parts that rows are cut into at once, a power of two. */
const PARTS = 32;
/** Runs that are merged at once. */
const FAN_IN = 64;
const MOST_BLOCK_BYTES = 512 * 1024;
const LEAST_BLOCK_BYTES = 2048;

export class Room {
  readonly claim: Claim;
  readonly spilled: Spilled = { bytes: 0, parts: 0 };
  /** Lets signals and timers have their turn; rejects where the job is to stop. */
  readonly breathe: () => Promise<void>;
  private readonly files: SpillFiles;
  private readonly spools = new Set<Spool>();

  constructor(memory: Memory, files: SpillFiles, breathe: () => Promise<void>) {
    this.claim = memory.claim();
    this.files = files;
    this.breathe = breathe;
  }

  get parts(): number {
    return PARTS;
  }

  get fanIn(): number {
    return FAN_IN;
  }

  /** What a block of rows may take: all blocks that are open at once are a part of the share. */
  get blockBytes(): number {
    const fitting = Math.floor(this.claim.share / (4 * PARTS));
    return Math.max(LEAST_BLOCK_BYTES, Math.min(MOST_BLOCK_BYTES, fitting));
  }

  spool(): Spool {
    const spool = new Spool(this.files, this.spilled);
    this.spools.add(spool);
    return spool;
  }

  /** A list of rows with these types of columns. */
  writer(types: readonly Type[], spool: Spool): RunWriter {
    this.spilled.parts += 1;
    return new RunWriter(new Run(spool), types, this.blockBytes);
  }

  /** Frees all files that are still open. */
  close(): void {
    for (const spool of this.spools) spool.close();
    this.spools.clear();
    this.claim.set(0);
  }
}
