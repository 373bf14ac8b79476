/**
 * Cuts bytes into records and fields, without making a string or an object per row. Quoting is RFC 4180's as papaparse reads it: a field is quoted
 * where its first byte is the quote; blanks behind the closing quote do not count; anything else there is a fault of the record, which goes on to the next quote
 * that closes it.
 */
import type { LineEnding } from './line-ending.ts';
import { lastByteOf } from './line-ending.ts';
import type { MarkKernel } from './mark-kernel.ts';
import { Marks } from './marks.ts';

export interface Dialect {
  /** UTF-8 of the delimiter; empty where a record is one field. */
  readonly delimiter: Uint8Array;
  /** The quote's byte; −1 for none. */
  readonly quote: number;
  readonly ending: LineEnding;
}

/** Per field: unquoted, quoted, or quoted with doubled quotes inside. */
export const QUOTED = 1;
export const ESCAPED = 2;

/** Per record. */
export const STRAY_TEXT = 1;
export const OPEN_QUOTE = 2;

const CONTINUES = 0;
const RECORD_ENDS = 1;
const INCOMPLETE = 2;
const NO_MATCH = 3;

type Places = Pick<Splitter, 'starts' | 'ends'>;

export class Splitter {
  /** Records cut by the last call. */
  rows = 0;
  /** Where the fields of the wanted columns stand: column `slot` of row `r` at `slot × capacity + r`. Other arrays in each call. */
  starts = new Int32Array(0);
  ends = new Int32Array(0);
  /** By the same index; null where no wanted field of the batch is quoted. */
  quoting: Uint8Array | null = null;
  /** First byte of each record, and behind the last one where the next begins. */
  readonly recordStarts: Int32Array;
  /** Fields of each record. */
  readonly fieldCounts: Int32Array;
  /** 0, STRAY_TEXT or OPEN_QUOTE; null where every record is well formed. */
  problems: Uint8Array | null = null;
  /** Line ends inside the record's quoted fields; null where there are none. */
  extraLines: Int32Array | null = null;

  private readonly dialect: Dialect;
  private readonly inPassing: number | null;
  /** The arrays of the newest calls, oldest first. */
  private readonly used: Places[] = [];
  private readonly slots: number;
  private readonly slotOf: Int32Array;
  private readonly capacity: number;
  private readonly trigger: number;
  private readonly marks: Marks;
  private bytes: Buffer = Buffer.alloc(0);
  private end = 0;
  private last = false;
  private fieldStart = 0;
  private fieldEnd = 0;
  private fieldQuoting = 0;
  private at = 0;
  private mark = 0;

  /**
   * `slotOf`: the slot of each column of the file that is wanted, else −1. `inPassing`: how many of the newest calls' arrays are looked into at one time, those before may
   * be written again; null where that is not known. `kernel`: how marks are found, the quickest way where left out.
   */
  constructor(
    dialect: Dialect,
    slotOf: Int32Array,
    capacity: number,
    inPassing: number | null = null,
    kernel?: MarkKernel,
  ) {
    this.dialect = dialect;
    this.slotOf = slotOf;
    this.slots = slotOf.reduce((count, slot) => Math.max(count, slot + 1), 0);
    this.capacity = capacity;
    this.trigger = lastByteOf(dialect.ending);
    this.marks = new Marks(
      { delimiter: dialect.delimiter[0] ?? -1, lineEnd: this.trigger, quote: dialect.quote },
      kernel,
    );
    this.inPassing = inPassing;
    this.recordStarts = new Int32Array(capacity + 1);
    this.fieldCounts = new Int32Array(capacity);
  }

  /**
   * Cuts up to `capacity` complete records of `bytes[from … end)` and answers where the first one not cut begins.
   * `last`: nothing follows these bytes, so that what stands at their end is complete.
   */
  split(bytes: Buffer, from: number, end: number, last: boolean): number {
    this.begin(bytes, end, last);
    const { capacity, slotOf, starts, ends, recordStarts, fieldCounts, trigger } = this;
    const { delimiter, quote, ending } = this.dialect;
    const columns = slotOf.length;
    const first = delimiter[0] ?? -1;
    const width = delimiter.length;
    const { marks } = this;
    const { positions } = marks;
    marks.begin(bytes, from);
    let mark = marks.at;
    let { count } = marks;
    let at = from;
    let row = 0;
    let isPlain = width === 1 && ending !== 'lines';
    records: while (row < capacity && at < end) {
      if (isPlain) {
        row = this.plainRecords(row, at, mark, count);
        at = this.at;
        mark = this.mark;
        // Behind a quote the rest of the window goes the general way.
        isPlain = mark === count;
        if (row === capacity || at >= end) break;
      }
      recordStarts[row] = at;
      let column = 0;
      for (;;) {
        let start = at;
        let stop = at;
        let quoting = 0;
        let state = CONTINUES;
        if (at < end && bytes[at] === quote) {
          state = this.quoted(at, row);
          if (state === INCOMPLETE) break records;
          start = this.fieldStart;
          stop = this.fieldEnd;
          quoting = this.fieldQuoting;
          at = this.at;
        } else {
          for (; ; at++) {
            // The next byte from here on that may end the field: a quote inside it does not.
            for (;;) {
              if (mark === count) {
                const found = marks.more(end);
                mark = 0;
                count = marks.count;
                isPlain = width === 1 && ending !== 'lines';
                if (!found) {
                  at = end;
                  break;
                }
              }
              const place = positions[mark] ?? 0;
              const byte = bytes[place];
              if (place >= at && (byte === first || byte === trigger)) {
                at = place;
                break;
              }
              mark += 1;
            }
            if (at >= end) {
              if (!last) break records;
              stop = end;
              state = RECORD_ENDS;
              break;
            }
            if (bytes[at] === first) {
              if (width > 1 && !this.delimiterAt(at)) continue;
              stop = at;
              at += width;
              break;
            }
            if (ending === 'crlf') {
              if (at === start || bytes[at - 1] !== 13) continue;
              stop = at - 1;
            } else {
              stop = ending === 'lines' && at > start && bytes[at - 1] === 13 ? at - 1 : at;
            }
            at += 1;
            state = RECORD_ENDS;
            break;
          }
        }
        if (column < columns) {
          const slot = slotOf[column] ?? -1;
          if (slot >= 0) {
            const place = slot * capacity + row;
            starts[place] = start;
            ends[place] = stop;
            if (quoting !== 0) this.markQuoted(place, quoting);
          }
        }
        column += 1;
        if (state === RECORD_ENDS) break;
      }
      fieldCounts[row] = column;
      row += 1;
      recordStarts[row] = at;
    }
    this.rows = row;
    marks.leave(mark, row === capacity ? at : -1);
    // A record that was begun and not finished may have left marks: they are its own when it is cut again.
    this.clear(row);
    return row === 0 ? from : (recordStarts[row] ?? from);
  }

  /** Cuts records from `from` on as long as they hold no quote and end in the marks at hand; sets `at` and `mark` behind them and answers the row to come. */
  private plainRecords(firstRow: number, from: number, firstMark: number, count: number): number {
    const { bytes, capacity, slotOf, starts, ends, recordStarts, fieldCounts, trigger } = this;
    const { positions } = this.marks;
    const columns = slotOf.length;
    const delimiter = this.dialect.delimiter[0] ?? -1;
    const before = this.dialect.ending === 'crlf' ? 1 : 0;
    let row = firstRow;
    let start = from;
    let column = 0;
    let next = firstMark;
    while (next < count && (positions[next] ?? 0) < from) next += 1;
    this.at = from;
    this.mark = next;
    recordStarts[row] = from;
    for (; next < count; next += 1) {
      const place = positions[next] ?? 0;
      const byte = bytes[place];
      const isEnd = byte === trigger;
      if (!isEnd && byte !== delimiter) return row;
      if (isEnd && before === 1 && (place === start || bytes[place - 1] !== 13)) return row;
      const slot = column < columns ? (slotOf[column] ?? -1) : -1;
      if (slot >= 0) {
        starts[slot * capacity + row] = start;
        ends[slot * capacity + row] = isEnd ? place - before : place;
      }
      column += 1;
      start = place + 1;
      if (!isEnd) continue;
      fieldCounts[row] = column;
      row += 1;
      recordStarts[row] = start;
      this.at = start;
      this.mark = next + 1;
      if (row === capacity) return row;
      column = 0;
    }
    // What is left of the window begins a record that the next one ends.
    return row;
  }

  /** Gives back the last records cut that begin at `limit` or behind; answers where the first one not cut begins now. */
  keepBefore(limit: number): number {
    const { recordStarts } = this;
    while (this.rows > 0 && (recordStarts[this.rows - 1] ?? 0) >= limit) this.rows -= 1;
    return recordStarts[this.rows] ?? limit;
  }

  private begin(bytes: Buffer, end: number, last: boolean): void {
    this.bytes = bytes;
    this.end = end;
    this.last = last;
    const { starts, ends } = this.places();
    this.starts = starts;
    this.ends = ends;
    this.quoting = null;
    this.problems = null;
    this.extraLines = null;
  }

  /** What a record has too few fields for stays as it is: such a record is rejected. */
  private places(): Places {
    const { used, inPassing } = this;
    const again = inPassing !== null && used.length > inPassing ? used.shift() : undefined;
    const size = this.slots * this.capacity;
    const places = again ?? { starts: new Int32Array(size), ends: new Int32Array(size) };
    if (inPassing !== null) used.push(places);
    return places;
  }

  private clear(row: number): void {
    if (row >= this.capacity) return;
    if (this.problems !== null) this.problems[row] = 0;
    if (this.extraLines !== null) this.extraLines[row] = 0;
  }

  private markQuoted(place: number, quoting: number): void {
    (this.quoting ??= new Uint8Array(this.slots * this.capacity))[place] = quoting;
  }

  private markProblem(row: number, problem: number): void {
    (this.problems ??= new Uint8Array(this.capacity))[row] = problem;
  }

  /** Reads the quoted field at `open`: sets `field…` and `at`, and answers how it ends. */
  private quoted(open: number, row: number): number {
    const { bytes, end, last } = this;
    const { quote } = this.dialect;
    this.fieldStart = open + 1;
    this.fieldQuoting = QUOTED;
    let from = open + 1;
    for (;;) {
      const close = bytes.indexOf(quote, from);
      if (close < 0 || close >= end) {
        if (!last) return INCOMPLETE;
        this.markProblem(row, OPEN_QUOTE);
        return this.close(end, end, row, RECORD_ENDS);
      }
      if (close === end - 1) return last ? this.close(close, end, row, RECORD_ENDS) : INCOMPLETE;
      if (bytes[close + 1] === quote) {
        this.fieldQuoting = ESCAPED;
        from = close + 2;
        continue;
      }
      const state = this.behindQuote(close + 1);
      if (state === INCOMPLETE) return INCOMPLETE;
      if (state !== NO_MATCH) return this.close(close, this.at, row, state);
      this.markProblem(row, STRAY_TEXT);
      from = close + 2;
    }
  }

  private close(fieldEnd: number, at: number, row: number, state: number): number {
    this.fieldEnd = fieldEnd;
    this.at = at;
    const lines = this.linesIn(this.fieldStart, fieldEnd);
    if (lines > 0) {
      const extra = (this.extraLines ??= new Int32Array(this.capacity));
      extra[row] = (extra[row] ?? 0) + lines;
    }
    return state;
  }

  /** What stands behind a closing quote, blanks left out; sets `at` behind a delimiter or line end. */
  private behindQuote(from: number): number {
    const { bytes, end, last, trigger } = this;
    const { delimiter, ending } = this.dialect;
    for (let at = from; at < end;) {
      if (!last && end - at < Math.max(delimiter.length, 3)) return INCOMPLETE;
      if (delimiter.length > 0 && this.delimiterAt(at)) {
        this.at = at + delimiter.length;
        return CONTINUES;
      }
      const two = ending === 'crlf';
      if (two ? bytes[at] === 13 && at + 1 < end && bytes[at + 1] === 10 : bytes[at] === trigger) {
        this.at = at + (two ? 2 : 1);
        return RECORD_ENDS;
      }
      const blank = blankAt(bytes, at, end);
      if (blank === 0) return NO_MATCH;
      at += blank;
    }
    return last ? NO_MATCH : INCOMPLETE;
  }

  private delimiterAt(at: number): boolean {
    const { delimiter } = this.dialect;
    if (at + delimiter.length > this.end) return false;
    for (let i = 0; i < delimiter.length; i++) if (this.bytes[at + i] !== delimiter[i]) return false;
    return true;
  }

  private linesIn(start: number, end: number): number {
    let lines = 0;
    for (let at = start; at < end; at++) if (this.bytes[at] === this.trigger) lines += 1;
    return lines;
  }
}

/** Bytes of the white space (ECMAScript's: what trim removes) at a place; 0 for anything else. */
function blankAt(bytes: Buffer, at: number, end: number): number {
  const byte = bytes[at] ?? 0;
  if (byte === 32 || (byte >= 9 && byte <= 13)) return 1;
  if (byte < 0xc2) return 0;
  for (const length of [2, 3]) {
    if (at + length > end) return 0;
    const text = bytes.toString('utf8', at, at + length);
    if (text.length === 1 && text.trim() === '') return length;
  }
  return 0;
}
