/**
 * Dense ids for keys: equal keys get one id, ids count up in order of first appearance. Bytes of strings are hashed as they stand in the file. NaN equals NaN and −0 equals 0, as in GROUP BY.
 */
import type { TakenRows, Utf8Vector, Vector } from '../batch.ts';
import { isNullAt, lengthOf } from '../vectors.ts';
import { ByteTable } from './byte-table.ts';
import { canonicalText } from './canonical.ts';
import { Digest, digests } from './key-digest.ts';
import type { Digests } from './key-digest.ts';

/** As many ids as a table of typed arrays holds without strain. */
const MOST = 2 ** 26;

/** What an entry of a Map takes, and what a string takes beside its letters. */
const ENTRY_BYTES = 40;
const TEXT_BYTES = 24;

/** What a null key is: equal to other nulls (GROUP BY, DISTINCT, set operations), or equal to nothing (ON, where NaN is not equal to itself either, as `==` has it). */
export type NullKeys = 'equal' | 'never';

/** Which rows have a key that ON can find equal to another: one without null or NaN. */
export function matchable(keys: readonly Vector[], length: number): Uint8Array {
  const out = new Uint8Array(length).fill(1);
  for (const key of keys) {
    for (let row = 0; row < length; row += 1) {
      if (isNullAt(key, row) || (key.kind === 'number' && Number.isNaN(key.values[row]))) out[row] = 0;
    }
  }
  return out;
}

/** Ids of tuples of key columns. */
export class KeyIds {
  private readonly columns: ColumnIds[];
  private readonly pairs: PairTable[];
  private readonly nulls: NullKeys;
  private count = 0;

  /** `usesUp`: the ids that {@link assign} gives are looked at only until it is called again. */
  constructor(columns: number, nulls: NullKeys, usesUp = false) {
    this.nulls = nulls;
    this.columns = Array.from({ length: columns }, () => new ColumnIds(usesUp));
    this.pairs = Array.from({ length: Math.max(0, columns - 1) }, () => new PairTable());
  }

  /** Ids given so far. */
  get size(): number {
    return this.count;
  }

  /** About how much memory it holds. */
  get bytes(): number {
    return [...this.columns, ...this.pairs].reduce((sum, part) => sum + part.memory, 0);
  }

  /** The id of each row's key, new ones where a key is new; −1 for a null key that equals nothing. */
  assign(keys: readonly Vector[], length: number): Int32Array {
    return this.ids(keys, length, true);
  }

  /** The id of each row's key; −1 where no such key was assigned. */
  find(keys: readonly Vector[], length: number): Int32Array {
    return this.ids(keys, length, false);
  }

  private ids(keys: readonly Vector[], length: number, insert: boolean): Int32Array {
    const [first, ...rest] = this.columns;
    if (first === undefined) return this.single(length, insert);
    let ids = first.ids(keyAt(keys, 0), length, insert, this.nulls);
    rest.forEach((column, at) => {
      const next = column.ids(keyAt(keys, at + 1), length, insert, this.nulls);
      ids = this.pairs[at]?.ids(ids, next, insert) ?? ids;
    });
    if (insert) this.count = this.pairs.at(-1)?.size ?? first.size;
    return ids;
  }

  /** No key columns: all rows are one group. */
  private single(length: number, insert: boolean): Int32Array {
    if (insert && length > 0) this.count = 1;
    return new Int32Array(length).fill(this.count === 1 ? 0 : -1);
  }
}

function keyAt(keys: readonly Vector[], at: number): Vector {
  const key = keys[at];
  if (key === undefined) throw new RangeError(`key column ${at} is missing`);
  return key;
}

/** Dense ids of pairs of ids, by open addressing. */
class PairTable {
  private slots = new Int32Array(64).fill(-1);
  private lefts = new Int32Array(32);
  private rights = new Int32Array(32);
  size = 0;

  get memory(): number {
    return this.slots.byteLength * 2;
  }

  /** −1 where a part is −1, or the pair is new and not to be inserted. Writes into `left`. */
  ids(left: Int32Array, right: Int32Array, insert: boolean): Int32Array {
    for (let row = 0; row < left.length; row += 1) {
      const a = left[row] ?? -1;
      const b = right[row] ?? -1;
      left[row] = a < 0 || b < 0 ? -1 : this.id(a, b, insert);
    }
    return left;
  }

  private id(a: number, b: number, insert: boolean): number {
    const mask = this.slots.length - 1;
    let slot = hashOf(a, b) & mask;
    for (let id = this.slots[slot] ?? -1; id >= 0; id = this.slots[slot] ?? -1) {
      if (this.lefts[id] === a && this.rights[id] === b) return id;
      slot = (slot + 1) & mask;
    }
    if (!insert) return -1;
    if (this.size >= MOST) throw new RangeError(`more than ${MOST} distinct keys`);
    const id = this.size;
    this.slots[slot] = id;
    this.lefts[id] = a;
    this.rights[id] = b;
    this.size += 1;
    if (this.size * 2 > mask) this.grow();
    return id;
  }

  private grow(): void {
    const slots = new Int32Array(this.slots.length * 2).fill(-1);
    const mask = slots.length - 1;
    const lefts = new Int32Array(slots.length / 2);
    const rights = new Int32Array(slots.length / 2);
    lefts.set(this.lefts);
    rights.set(this.rights);
    for (let id = 0; id < this.size; id += 1) {
      let slot = hashOf(lefts[id] ?? 0, rights[id] ?? 0) & mask;
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
      slots[slot] = id;
    }
    this.slots = slots;
    this.lefts = lefts;
    this.rights = rights;
  }
}

function hashOf(a: number, b: number): number {
  const mixed = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

/** Ids of the values of one column. */
class ColumnIds {
  private readonly numbers = new Map<number, number>();
  private readonly texts = new Map<string, number>();
  private readonly bytes = new ByteTable();
  private readonly digest = new Digest();
  private nullId = -1;
  private textBytes = 0;
  /** The vector that rows were last taken from, and the ids of its rows; −1 where they are not known. */
  private takenFrom: Utf8Vector | null = null;
  private takenIds = new Int32Array(0);
  private readonly usesUp: boolean;
  private last = new Int32Array(0);
  size = 0;

  constructor(usesUp: boolean) {
    this.usesUp = usesUp;
  }

  private answer(length: number): Int32Array {
    if (!this.usesUp) return new Int32Array(length);
    if (this.last.length < length) this.last = new Int32Array(length);
    return this.last.subarray(0, length);
  }

  get memory(): number {
    return this.bytes.memory + this.textBytes + this.size * ENTRY_BYTES;
  }

  ids(vector: Vector, length: number, insert: boolean, nulls: NullKeys): Int32Array {
    if (lengthOf(vector) < length) throw new RangeError('a key column is shorter than its batch');
    const out = insert ? this.answer(length) : new Int32Array(length);
    const taken = vector.kind === 'utf8' ? (vector.taken ?? null) : null;
    if (taken !== null) this.idsOfTaken(taken, out, insert);
    else if (vector.kind === 'utf8' && vector.nulls === null) this.idsOfBytes(vector, out, insert);
    else this.idsOfAny(vector, out, insert, nulls);
    return out;
  }

  private idsOfBytes({ bytes, starts, ends }: Utf8Vector, out: Int32Array, insert: boolean): void {
    const many = digests();
    for (let row = 0; row < out.length;) {
      const done = many?.some(bytes, starts, ends, row, out.length) ?? 0;
      if (many !== null && done > 0) {
        this.idsOfDigests(many, bytes, starts.subarray(row), ends.subarray(row), out.subarray(row, row + done), insert);
        row += done;
      } else {
        out[row] = this.idOfBytes(bytes, starts[row] ?? 0, ends[row] ?? 0, insert);
        row += 1;
      }
    }
  }

  private idsOfDigests(
    { lows, highs }: Digests,
    bytes: Uint8Array,
    starts: Int32Array,
    ends: Int32Array,
    out: Int32Array,
    insert: boolean,
  ): void {
    const table = this.bytes;
    for (let row = 0; row < out.length; row += 1) {
      const start = starts[row] ?? 0;
      const low = lows[row] ?? 0;
      const high = highs[row] ?? 0;
      const length = (ends[row] ?? 0) - start;
      const slot = table.slot(bytes, start, length, low, high);
      const known = table.idAt(slot);
      out[row] = known >= 0 || !insert ? known : table.put(slot, bytes, start, length, low, high, this.next());
    }
  }

  /** Each row that others were taken from is looked up once. */
  private idsOfTaken({ from, rows }: TakenRows, out: Int32Array, insert: boolean): void {
    if (from !== this.takenFrom) {
      this.takenFrom = from;
      this.takenIds = new Int32Array(from.starts.length).fill(-1);
    }
    const { takenIds } = this;
    const { bytes, starts, ends } = from;
    for (let at = 0; at < out.length; at += 1) {
      const row = rows[at] ?? 0;
      let id = takenIds[row] ?? -1;
      if (id < 0) {
        id = this.idOfBytes(bytes, starts[row] ?? 0, ends[row] ?? 0, insert);
        takenIds[row] = id;
      }
      out[at] = id;
    }
  }

  private idsOfAny(vector: Vector, out: Int32Array, insert: boolean, nulls: NullKeys): void {
    for (let row = 0; row < out.length; row += 1) {
      if (isNullAt(vector, row)) out[row] = nulls === 'never' ? -1 : this.idOfNull(insert);
      else if (nulls === 'never' && vector.kind === 'number' && Number.isNaN(vector.values[row])) out[row] = -1;
      else out[row] = this.idOf(vector, row, insert);
    }
  }

  private idOfNull(insert: boolean): number {
    if (this.nullId < 0 && insert) this.nullId = this.next();
    return this.nullId;
  }

  private idOf(vector: Vector, row: number, insert: boolean): number {
    switch (vector.kind) {
      case 'int':
      case 'number':
      case 'bool':
        return this.fromMap(this.numbers, vector.values[row] ?? 0, insert);
      case 'string':
        return this.idOfText(vector.values[row] ?? '', insert);
      case 'object':
        return this.fromMap(this.texts, canonicalText(vector.values[row]), insert);
      case 'utf8':
        return this.idOfBytes(vector.bytes, vector.starts[row] ?? 0, vector.ends[row] ?? 0, insert);
    }
  }

  private idOfBytes(bytes: Uint8Array, start: number, end: number, insert: boolean): number {
    const { digest } = this;
    digest.of(bytes, start, end);
    const { low, high } = digest;
    const slot = this.bytes.slot(bytes, start, end - start, low, high);
    const known = this.bytes.idAt(slot);
    if (known >= 0 || !insert) return known;
    return this.bytes.put(slot, bytes, start, end - start, low, high, this.next());
  }

  /** A text that some expression made has the id of its bytes; one with half of a surrogate pair has none, and no column of bytes holds it. */
  private idOfText(text: string, insert: boolean): number {
    const known = this.texts.get(text);
    if (known !== undefined) return known;
    const bytes = Buffer.from(text, 'utf8');
    const isWhole = bytes.toString('utf8') === text;
    if (!isWhole) return this.fromMap(this.texts, text, insert);
    const id = this.idOfBytes(bytes, 0, bytes.length, insert);
    if (id >= 0) this.keep(text, id);
    return id;
  }

  private keep(text: string, id: number): void {
    this.texts.set(text, id);
    this.textBytes += text.length + TEXT_BYTES;
  }

  private fromMap<K>(map: Map<K, number>, key: K, insert: boolean): number {
    const known = map.get(key);
    if (known !== undefined) return known;
    if (!insert) return -1;
    const id = this.next();
    map.set(key, id);
    if (typeof key === 'string') this.textBytes += key.length + TEXT_BYTES;
    return id;
  }

  private next(): number {
    if (this.size >= MOST) throw new RangeError(`more than ${MOST} distinct keys`);
    this.size += 1;
    return this.size - 1;
  }
}
