/** The packed file of a lineage: blocks one after the other, each compressed and checked by itself, with an index in a file of its own. */
import { crc32, deflateRaw } from 'node:zlib';
import type { NodeId } from '../../planner/graph.ts';
import type { OutputFiles, OutputHandle } from '../outputs/files.ts';
import { ByteWriter } from './bytes.ts';

/**
 * - `values`: the recorded columns of rows.
 * - `parents`: for each row the row it was made from on a side, −1 for none; of a node whose rows come from one of several inputs, parent × inputs + input.
 * - `place`: file and line of source rows.
 * - `lists`: for each row the list of rows it was made from; `members`: the rows of a list, on a side; `groups`: for each input row the list it is in.
 * - `rejected`: lines that a reader could not take.
 * - `ended`: what is known of input rows that ended at the node, beside its own clause.
 * - `inputs`: what an operator was given for input rows, where that is no column of theirs; the side is the alternative.
 * - `answered`: rows that not the first alternative answered.
 * - `dead`: rows of a region that did not settle. `repairs`: the repairs of a region that acted.
 * - `written`: input rows in the order in which an output wrote them.
 */
export const BLOCKS = [
  'values',
  'parents',
  'place',
  'lists',
  'members',
  'groups',
  'rejected',
  'ended',
  'inputs',
  'answered',
  'dead',
  'repairs',
  'written',
] as const;

export type BlockKind = (typeof BLOCKS)[number];

/** `rows` are those the block is about, `others` those it names; both from the least to the largest, −1 where there are none. */
export interface BlockKey {
  readonly kind: BlockKind;
  readonly node: NodeId;
  readonly side: number;
  readonly rows: readonly [from: number, to: number];
  readonly others: readonly [from: number, to: number];
}

export interface BlockEntry extends BlockKey {
  readonly offset: number;
  /** Bytes in the file. */
  readonly length: number;
  /** Of those bytes. */
  readonly crc: number;
  /** Whether they are deflated. */
  readonly isPacked: boolean;
}

/** Bytes that may wait to be written before a job has to wait. */
const WAITING = 16 << 20;
const INDEX_BUFFER = 1 << 16;

/** Writes blocks in the order in which they are given; compresses them beside the job. */
export class BlockFile {
  private readonly files: OutputFiles;
  private readonly folder: string;
  private rows: OutputHandle | null = null;
  private index: OutputHandle | null = null;
  private readonly entries = new ByteWriter(INDEX_BUFFER);
  private queue: Promise<void> = Promise.resolve();
  private waiting = 0;
  private written = { rows: 0, index: 0 };
  private broken: unknown = null;

  constructor(files: OutputFiles, folder: string) {
    this.files = files;
    this.folder = folder;
  }

  async begin(): Promise<void> {
    await this.files.makeFolder(this.folder);
    // The record is of no interest to a repository: it ignores itself.
    const ignored = await this.files.open(`${this.folder}/ignore`, 'empty');
    try {
      await ignored.write(Buffer.from('*\n'));
    } finally {
      await ignored.close();
    }
    await this.files.rename(`${this.folder}/ignore`, `${this.folder}/.gitignore`);
    this.rows = await this.files.open(`${this.folder}/rows`, 'empty');
    this.index = await this.files.open(`${this.folder}/index`, 'empty');
  }

  /** What kept it from being written; null while all is well. */
  get trouble(): unknown {
    return this.broken;
  }

  add(key: BlockKey, bytes: Uint8Array): void {
    if (this.broken !== null) return;
    const plain = Uint8Array.from(bytes);
    this.waiting += plain.length;
    const isPacked = plain.length >= SMALL;
    const packed = deflated(plain);
    // Whoever awaits the queue learns of it.
    packed.catch(() => undefined);
    this.queue = this.queue.then(async () => {
      try {
        await this.append({ ...key, isPacked }, await packed);
      } catch (error) {
        this.broken ??= error;
      } finally {
        this.waiting -= plain.length;
      }
    });
  }

  /** Waits while too much waits to be written. */
  async room(): Promise<void> {
    if (this.waiting > WAITING) await this.queue;
  }

  /** Completes the files; gives their sizes. @throws what kept them from being written */
  async finish(): Promise<{ readonly rows: number; readonly index: number }> {
    await this.queue;
    await this.flushIndex();
    if (this.broken !== null) throw this.broken;
    await this.rows?.sync();
    await this.index?.sync();
    await this.close();
    return this.written;
  }

  async discard(): Promise<void> {
    await this.queue;
    await Promise.allSettled([this.close()]);
    for (const name of ['rows', 'index', 'ignore', '.gitignore']) await this.files.remove(`${this.folder}/${name}`);
  }

  private async close(): Promise<void> {
    const { rows, index } = this;
    this.rows = null;
    this.index = null;
    await rows?.close();
    await index?.close();
  }

  private async append(key: BlockKey & Pick<BlockEntry, 'isPacked'>, packed: Buffer): Promise<void> {
    if (this.broken !== null) return;
    await this.rows?.write(packed);
    writeEntry(this.entries, { ...key, offset: this.written.rows, length: packed.length, crc: crc32(packed) });
    this.written = { ...this.written, rows: this.written.rows + packed.length };
    if (this.entries.length >= INDEX_BUFFER) await this.flushIndex();
  }

  private async flushIndex(): Promise<void> {
    const bytes = Uint8Array.from(this.entries.bytes());
    this.entries.length = 0;
    try {
      await this.index?.write(bytes);
    } catch (error) {
      this.broken ??= error;
    }
    this.written = { ...this.written, index: this.written.index + bytes.length };
  }
}

/** Blocks of fewer bytes stay as they are: setting a compressor up costs more than it saves. */
const SMALL = 256;

function deflated(bytes: Uint8Array): Promise<Buffer> {
  if (bytes.length < SMALL) return Promise.resolve(Buffer.from(bytes));
  const chunkSize = Math.min(1 << 20, bytes.length);
  return new Promise((resolve, reject) => {
    deflateRaw(bytes, { level: 1, chunkSize }, (error, packed) => (error === null ? resolve(packed) : reject(error)));
  });
}

function writeEntry(
  out: ByteWriter,
  { kind, node, side, rows, others, offset, length, crc, isPacked }: BlockEntry,
): void {
  out.byte(BLOCKS.indexOf(kind));
  out.uint(node);
  out.uint(side);
  for (const value of [...rows, ...others]) out.int(value);
  out.uint(offset);
  out.uint(length);
  out.uint(crc);
  out.byte(isPacked ? 1 : 0);
}
