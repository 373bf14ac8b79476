/** Blocks of rows in one temporary file. Freed as a whole: what is read back for good goes with its file. */
import { packColumns, PackedDamage, unpackColumns } from '../packed/columns.ts';
import type { Columns } from '../packed/columns.ts';
import { spillDamaged, spillError } from './faults.ts';
import type { Type } from '../../typecheck/types.ts';
import { joined } from './collect.ts';
import type { SpillFile, SpillFiles } from './files.ts';
import { weightOfColumns } from './weight.ts';

export interface Block {
  readonly at: number;
  readonly bytes: number;
  readonly rows: number;
}

/** What an operator has written, for the report. */
export interface Spilled {
  bytes: number;
  /** Runs, partitions and lists that were begun. */
  parts: number;
}

export class Spool {
  private readonly files: SpillFiles;
  private readonly spilled: Spilled;
  private file: SpillFile | null = null;
  private end = 0;

  constructor(files: SpillFiles, spilled: Spilled) {
    this.files = files;
    this.spilled = spilled;
  }

  write(columns: Columns): Block {
    const bytes = packColumns(columns);
    try {
      this.file ??= this.files.open();
      this.file.write(bytes, this.end);
    } catch (error) {
      throw spillError(error, this.files.place, 'write');
    }
    const block = { at: this.end, bytes: bytes.length, rows: columns.length };
    this.end += bytes.length;
    this.spilled.bytes += bytes.length;
    return block;
  }

  read({ at, bytes }: Block): Columns {
    const into = new Uint8Array(bytes);
    if (!this.filled(into, at)) throw spillDamaged(this.files.place, 'it is cut short');
    try {
      return unpackColumns(into);
    } catch (error) {
      if (error instanceof PackedDamage) throw spillDamaged(this.files.place, error.message);
      throw error;
    }
  }

  close(): void {
    this.file?.close();
    this.file = null;
  }

  private filled(into: Uint8Array, at: number): boolean {
    try {
      return this.file?.read(into, at) ?? false;
    } catch (error) {
      throw spillError(error, this.files.place, 'read');
    }
  }
}

/** Rows in the order they were written. */
export class Run {
  readonly spool: Spool;
  readonly blocks: Block[] = [];

  constructor(spool: Spool) {
    this.spool = spool;
  }

  get bytes(): number {
    return this.blocks.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  get rows(): number {
    return this.blocks.reduce((sum, { rows }) => sum + rows, 0);
  }

  write(columns: Columns): void {
    if (columns.length > 0) this.blocks.push(this.spool.write(columns));
  }

  *read(): Generator<Columns> {
    for (const block of this.blocks) yield this.spool.read(block);
  }
}

/** Writes rows that come in small pieces as blocks of a good size. The pieces must look into no memory that is large beside them: it would stay till they are written. */
export class RunWriter {
  readonly run: Run;
  private readonly types: readonly Type[];
  private readonly blockBytes: number;
  private pieces: Columns[] = [];
  private bytes = 0;

  constructor(run: Run, types: readonly Type[], blockBytes: number) {
    this.run = run;
    this.types = types;
    this.blockBytes = blockBytes;
  }

  add(columns: Columns): void {
    if (columns.length === 0) return;
    this.pieces.push(columns);
    this.bytes += weightOfColumns(columns.vectors);
    if (this.bytes >= this.blockBytes) this.flush();
  }

  /** All rows are on disk then. */
  finish(): Run {
    this.flush();
    return this.run;
  }

  private flush(): void {
    if (this.pieces.length === 0) return;
    this.run.write(joined(this.pieces, this.types));
    this.pieces = [];
    this.bytes = 0;
  }
}
