/** Ids of byte strings, by open addressing over their digests. */
import { WHOLE_BYTES } from './key-digest.ts';

/** Numbers per entry: id, length, low and high half of the digest. They stand together, since looking one up waits for memory more than for anything else. */
const ENTRY = 4;

export class ByteTable {
  private entries = new Int32Array(64 * ENTRY).fill(-1);
  /** Where the bytes of an entry's string stand among those kept; only strings that are not their own digest are. */
  private places = new Int32Array(64);
  private heap = new Uint8Array(1024);
  private used = 0;
  private size = 0;

  get memory(): number {
    return this.entries.byteLength + this.places.byteLength + this.heap.byteLength;
  }

  /** Where the entry of this string stands, or the free one where it would; `put` must follow at once with the same string. */
  slot(bytes: Uint8Array, start: number, length: number, low: number, high: number): number {
    const { entries } = this;
    const mask = entries.length - 1;
    for (let slot = slotOf(length, low, high) & mask; ; slot = (slot + ENTRY) & mask) {
      if ((entries[slot] ?? -1) < 0) return slot;
      if (entries[slot + 2] !== low || entries[slot + 3] !== high || entries[slot + 1] !== length) continue;
      if (length <= WHOLE_BYTES || this.isAt(slot, bytes, start, length)) return slot;
    }
  }

  private isAt(slot: number, bytes: Uint8Array, start: number, length: number): boolean {
    const { heap } = this;
    const place = this.places[slot / ENTRY] ?? 0;
    for (let at = 0; at < length; at += 1) if (bytes[start + at] !== heap[place + at]) return false;
    return true;
  }

  idAt(slot: number): number {
    return this.entries[slot] ?? -1;
  }

  /** Gives the id back. */
  put(slot: number, bytes: Uint8Array, start: number, length: number, low: number, high: number, id: number): number {
    const { entries } = this;
    entries[slot] = id;
    entries[slot + 1] = length;
    entries[slot + 2] = low;
    entries[slot + 3] = high;
    if (length > WHOLE_BYTES) this.places[slot / ENTRY] = this.keep(bytes, start, length);
    this.size += 1;
    if (this.size * 2 * ENTRY > entries.length) this.grow();
    return id;
  }

  private keep(bytes: Uint8Array, start: number, length: number): number {
    const place = this.used;
    if (place + length > this.heap.length) {
      const larger = new Uint8Array(Math.max(this.heap.length * 2, place + length));
      larger.set(this.heap);
      this.heap = larger;
    }
    this.heap.set(bytes.subarray(start, start + length), place);
    this.used += length;
    return place;
  }

  private grow(): void {
    const { entries, places } = this;
    const larger = new Int32Array(entries.length * 2).fill(-1);
    const further = new Int32Array(places.length * 2);
    const mask = larger.length - 1;
    for (let from = 0; from < entries.length; from += ENTRY) {
      if ((entries[from] ?? -1) < 0) continue;
      let slot = slotOf(entries[from + 1] ?? 0, entries[from + 2] ?? 0, entries[from + 3] ?? 0) & mask;
      while ((larger[slot] ?? -1) >= 0) slot = (slot + ENTRY) & mask;
      for (let part = 0; part < ENTRY; part += 1) larger[slot + part] = entries[from + part] ?? 0;
      further[slot / ENTRY] = places[from / ENTRY] ?? 0;
    }
    this.entries = larger;
    this.places = further;
  }
}

/** Where looking begins, beyond the table's end too; a multiple of {@link ENTRY}. */
function slotOf(length: number, low: number, high: number): number {
  let hash = Math.imul(low ^ Math.imul(high, 0x85eb_ca6b), 0x9e37_79b1) ^ length;
  hash ^= hash >>> 15;
  return Math.imul(hash, ENTRY);
}
