/** The packed file of a lineage, read: its index at once, blocks when they are asked for. */
import { crc32, inflateRawSync } from 'node:zlib';
import type { NodeId } from '../../planner/graph.ts';
import { BLOCKS } from './blocks.ts';
import type { BlockEntry, BlockKind } from './blocks.ts';
import { ByteReader } from './bytes.ts';
import { lineageFault } from './faults.ts';

/** The files of one job's lineage. */
export interface LineageFiles {
  /** For messages. */
  readonly folder: string;
  readonly manifest: string;
  readonly index: Buffer;
  /** Bytes of the packed rows. */
  rows(offset: number, length: number): Buffer;
}

export function damaged({ folder }: Pick<LineageFiles, 'folder'>, what: string): Error {
  return lineageFault(
    'PR7108',
    `the lineage in ${folder} cannot be read: ${what}`,
    'run the job again with --lineage; pyscope jobs rm removes a record with its lineage',
  );
}

/** Blocks that stay unpacked. */
const KEPT = 256;

/** A position in the file → what was made of the block. */
class Cache<T> {
  private readonly known = new Map<number, T>();

  get(entry: BlockEntry, make: () => T): T {
    const found = this.known.get(entry.offset);
    if (found !== undefined) return found;
    const made = make();
    if (this.known.size >= KEPT)
      for (const oldest of [...this.known.keys()].slice(0, KEPT / 2)) this.known.delete(oldest);
    this.known.set(entry.offset, made);
    return made;
  }
}

export class PackedFile {
  private readonly files: LineageFiles;
  private readonly entries = new Map<string, BlockEntry[]>();
  private readonly sides = new Map<string, Set<number>>();

  constructor(files: LineageFiles) {
    this.files = files;
    const from = new ByteReader(files.index);
    try {
      while (!from.done) this.keep(readEntry(from));
    } catch {
      throw damaged(files, 'its index is cut off');
    }
  }

  /** In the order in which they were written. */
  blocks(kind: BlockKind, node: NodeId, side = 0): readonly BlockEntry[] {
    return this.entries.get(`${kind} ${node} ${side}`) ?? [];
  }

  sidesOf(kind: BlockKind, node: NodeId): readonly number[] {
    return [...(this.sides.get(`${kind} ${node}`) ?? [])].toSorted((a, b) => a - b);
  }

  /** A reader of blocks, which keeps the last ones it read. */
  decoder<T>(decode: (from: ByteReader, entry: BlockEntry) => T): (entry: BlockEntry) => T {
    const cache = new Cache<T>();
    return (entry) =>
      cache.get(entry, () => {
        const packed = this.files.rows(entry.offset, entry.length);
        if (packed.length !== entry.length || crc32(packed) !== entry.crc) {
          throw damaged(this.files, `its bytes from ${entry.offset} on are not those that were written`);
        }
        return decode(new ByteReader(entry.isPacked ? inflateRawSync(packed) : packed), entry);
      });
  }

  private keep(entry: BlockEntry): void {
    const key = `${entry.kind} ${entry.node}`;
    const sides = this.sides.get(key) ?? new Set<number>();
    this.sides.set(key, sides.add(entry.side));
    const list = this.entries.get(`${key} ${entry.side}`) ?? [];
    this.entries.set(`${key} ${entry.side}`, list);
    list.push(entry);
  }
}

function readEntry(from: ByteReader): BlockEntry {
  const kind = BLOCKS[from.byte()];
  if (kind === undefined) throw new RangeError('an unknown kind of block');
  const node = from.uint();
  const side = from.uint();
  const rows = [from.int(), from.int()] as const;
  const others = [from.int(), from.int()] as const;
  const bytes = { offset: from.uint(), length: from.uint(), crc: from.uint(), isPacked: from.byte() === 1 };
  return { kind, node, side, rows, others, ...bytes };
}

/** The block that holds a row, where blocks hold consecutive rows in order. */
export function blockOf(blocks: readonly BlockEntry[], row: number): BlockEntry | null {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((blocks[middle]?.rows[0] ?? 0) <= row) low = middle;
    else high = middle - 1;
  }
  const block = blocks[low];
  return block !== undefined && row >= block.rows[0] && row <= block.rows[1] ? block : null;
}

export function within([from, to]: readonly [number, number], value: number): boolean {
  return value >= from && value <= to && from >= 0;
}
