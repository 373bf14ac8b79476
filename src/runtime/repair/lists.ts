/** Arrays of small numbers that grow. */

export class IntList {
  private values = new Int32Array(256);
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

  private reserve(length: number): void {
    if (length <= this.values.length) return;
    const larger = new Int32Array(Math.max(length, this.values.length * 2));
    larger.set(this.values);
    this.values = larger;
  }
}

/** One flag a row, false until it is set. */
export class Flags {
  private values = new Uint8Array(256);
  /** How many are set. */
  count = 0;

  has(index: number): boolean {
    return this.values[index] === 1;
  }

  set(index: number): void {
    if (index >= this.values.length) {
      const larger = new Uint8Array(Math.max(index + 1, this.values.length * 2));
      larger.set(this.values);
      this.values = larger;
    }
    if (this.values[index] === 0) this.count += 1;
    this.values[index] = 1;
  }
}
