/** Arrays of small numbers that grow. */

/** Most lists stay empty, or get all that they hold at once. */
const NO_VALUES = new Int32Array(0);
const NO_FLAGS = new Uint8Array(0);
const FEW = 16;

/** Numbers by index; −1 where there is none. */
export class IntList {
  /** The first ones, as they were given: lists that come whole are not copied. */
  private given: Int32Array = NO_VALUES;
  private values = NO_VALUES;
  length = 0;

  at(index: number): number {
    const behind = index - this.given.length;
    return (behind < 0 ? this.given[index] : this.values[behind]) ?? -1;
  }

  push(value: number): void {
    const at = this.length - this.given.length;
    this.length += 1;
    // A list of nothing takes no room.
    if (value === -1 && this.values.length === 0) return;
    if (at >= this.values.length) this.reserve(at + 1);
    this.values[at] = value;
  }

  /** The array is not written to afterwards. */
  pushAll(values: Int32Array): void {
    if (this.length === 0) this.given = values;
    else {
      const at = this.length - this.given.length;
      this.reserve(at + values.length);
      this.values.set(values, at);
    }
    this.length += values.length;
  }

  /** As many times −1. */
  pushNone(count: number): void {
    if (this.values.length > 0) this.reserve(this.length - this.given.length + count);
    this.length += count;
  }

  /** All of them. */
  all(): Int32Array {
    if (this.length === this.given.length) return this.given;
    const out = new Int32Array(this.length).fill(-1);
    out.set(this.given);
    out.set(this.values.subarray(0, this.length - this.given.length), this.given.length);
    return out;
  }

  private reserve(length: number): void {
    if (length <= this.values.length) return;
    const before = this.values.length;
    const larger = new Int32Array(Math.max(length, before * 2, FEW)).fill(-1, before);
    larger.set(this.values);
    this.values = larger;
  }
}

/** One flag a row, false until it is set. */
export class Flags {
  private values = NO_FLAGS;
  private readonly rows = new IntList();

  has(index: number): boolean {
    return this.values[index] === 1;
  }

  set(index: number): void {
    if (index >= this.values.length) {
      const larger = new Uint8Array(Math.max(index + 1, this.values.length * 2, 256));
      larger.set(this.values);
      this.values = larger;
    }
    if (this.values[index] === 0) this.rows.push(index);
    this.values[index] = 1;
  }

  /** How many are set. */
  get count(): number {
    return this.rows.length;
  }

  /** Those that are set, in the order in which they were. */
  all(): Int32Array {
    return this.rows.all();
  }
}
