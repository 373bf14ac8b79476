import type { Type } from '../../../typecheck/types.ts';
import type { Columns } from '../../packed/columns.ts';
import { joined } from '../../spill/collect.ts';
import { weightOfColumns } from '../../spill/weight.ts';
import { slice } from '../../vectors.ts';

/** Rows that come group after group, read as whole groups. The last column is the group's number, which never falls. */
export class GroupReader {
  private readonly pieces: AsyncIterator<Columns>;
  private readonly types: readonly Type[];
  /** Throws where a single group takes too many bytes. */
  private readonly check: (group: Columns, bytes: number) => void;
  private waiting: Columns[] = [];
  private bytes = 0;
  private ended = false;

  constructor(pieces: AsyncIterable<Columns>, types: readonly Type[], check: (group: Columns, bytes: number) => void) {
    this.pieces = pieces[Symbol.asyncIterator]();
    this.types = types;
    this.check = check;
  }

  /** Reads at least so many bytes and at least one whole group; gives the number below which all groups are whole, null at the end. */
  async fill(bytes: number): Promise<number | null> {
    while (!this.ended && (this.bytes < bytes || this.firstNumber() === this.lastNumber())) await this.read();
    if (this.waiting.length === 0) return null;
    return this.ended ? Number.POSITIVE_INFINITY : this.lastNumber();
  }

  /** Takes the rows of the groups below the number. */
  below(limit: number): Columns {
    const all = joined(this.waiting, this.types);
    const numbers = numbersOf(all);
    let end = all.length;
    while (end > 0 && (numbers[end - 1] ?? 0) >= limit) end -= 1;
    const part = (from: number, to: number): Columns => ({
      vectors: all.vectors.map((vector) => slice(vector, from, to)),
      length: to - from,
    });
    const rest = part(end, all.length);
    this.waiting = rest.length === 0 ? [] : [rest];
    this.bytes = rest.length === 0 ? 0 : weightOfColumns(rest.vectors);
    return part(0, end);
  }

  private async read(): Promise<void> {
    const next = await this.pieces.next();
    if (next.done === true) {
      this.ended = true;
      return;
    }
    this.waiting.push(next.value);
    this.bytes += weightOfColumns(next.value.vectors);
    if (this.firstNumber() === this.lastNumber()) this.check(next.value, this.bytes);
  }

  private firstNumber(): number {
    const [first] = this.waiting;
    return first === undefined ? Number.NaN : (numbersOf(first)[0] ?? Number.NaN);
  }

  private lastNumber(): number {
    const last = this.waiting.at(-1);
    return last === undefined ? Number.NEGATIVE_INFINITY : (numbersOf(last)[last.length - 1] ?? Number.NaN);
  }
}

function numbersOf({ vectors }: Columns): Float64Array {
  const last = vectors.at(-1);
  if (last?.kind !== 'number') throw new TypeError('groups are numbered');
  return last.values;
}
