/** Where the bytes stand that may end a field: delimiters, line ends and quotes of a buffer, found a window at a time as the splitter comes to them. */
import { plainKernel, vectorKernel, WINDOW } from './mark-kernel.ts';
import type { MarkKernel } from './mark-kernel.ts';

export interface MarkedBytes {
  /** First byte of the delimiter, the byte that ends lines, the quote; −1 for none. */
  readonly delimiter: number;
  readonly lineEnd: number;
  readonly quote: number;
}

export class Marks {
  /** Positions of the window's marks, in order. */
  readonly positions: Int32Array;
  /** How many there are. */
  count = 0;
  /** The mark that the splitter stands at. */
  at = 0;
  private readonly kernel: MarkKernel;
  private readonly wanted: MarkedBytes;
  private bytes: Uint8Array = new Uint8Array(0);
  /** Up to here the bytes have been looked at. */
  private seen = 0;
  private next = -1;

  constructor(wanted: MarkedBytes, kernel: MarkKernel = vectorKernel() ?? plainKernel()) {
    this.wanted = wanted;
    this.kernel = kernel;
    this.positions = kernel.positions;
  }

  /** Goes on where {@link leave} left these bytes, or begins there when it is another place. */
  begin(bytes: Uint8Array, from: number): void {
    if (bytes !== this.bytes || from !== this.next) this.restart(bytes, from);
  }

  restart(bytes: Uint8Array, from: number): void {
    this.bytes = bytes;
    this.seen = from;
    this.at = 0;
    this.count = 0;
  }

  /** The splitter has come to mark `at` of the window; `next` is where it may go on, −1 where it has read ahead of that. */
  leave(at: number, next: number): void {
    this.at = at;
    this.next = next;
  }

  /** Finds the marks of the next windows up to one that has some; false where there are none before `end`. */
  more(end: number): boolean {
    const { kernel, bytes } = this;
    const { delimiter, lineEnd, quote } = this.wanted;
    this.at = 0;
    this.count = 0;
    while (this.count === 0 && this.seen < end) {
      const from = this.seen;
      const to = Math.min(end, from + WINDOW);
      kernel.window.set(bytes.subarray(from, to));
      const first = delimiter < 0 ? lineEnd : delimiter;
      this.count = kernel.find(to - from, from, first, lineEnd, quote < 0 ? lineEnd : quote);
      this.seen = to;
    }
    return this.count > 0;
  }
}
