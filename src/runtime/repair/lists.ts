/** Arrays of small numbers that grow. */

/** Most lists stay empty, or get all that they hold at once. */
const NO_VALUES = new Int32Array(0);
const NO_FLAGS = new Uint8Array(0);
const FEW = 16;

export class IntList {
  private values = NO_VALUES;
  length = 0;

  at(index: number): number {
    return this.values[index] ?? -1;
  }

  push(value: number): void {
    if (this.length === this.values.length) this.reserve(this.length + 1);
    this.values[this.length] = value;
    this.length += 1;
  }

  pushAll(values: Int32Array): void {
    this.reserve(this.length + values.length);
    this.values.set(values, this.length);
    this.length += values.length;
  }

  /** A view: it does not grow with the list. */
  all(): Int32Array {
    return this.values.subarray(0, this.length);
  }

  private reserve(length: number): void {
    if (length <= this.values.length) return;
    const larger = new Int32Array(Math.max(length, this.values.length * 2, FEW));
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
