/**
 * Dates by Unicode date patterns (UTS #35): `yyyy-MM-dd`, `M/d/yyyy h:mm:ss a`. Names are English, times are UTC.
 * A pattern is read once into pieces; each piece knows how to read its part of a text and how to write it.
 */
import type { DateFields } from './iso-date.ts';
import { offsetMinutes, timeOf, wholeMilliseconds } from './iso-date.ts';

export interface DatePattern {
  readonly kind: 'date-pattern';
  /** Milliseconds from 1970 UTC; null where the text does not fit the pattern or names no day. Parts the pattern lacks are those of 1970-01-01T00:00Z. */
  readonly parse: (text: string) => number | null;
  readonly format: (time: number) => string;
}

/** Why a pattern cannot be read. */
export interface PatternProblem {
  readonly kind: 'pattern-problem';
  readonly message: string;
}

type Field =
  | 'year'
  | 'month'
  | 'day'
  | 'hour'
  | 'half-day-hour'
  | 'pm'
  | 'minute'
  | 'second'
  | 'millisecond'
  | 'offset'
  | 'weekday';

/** Fields as they are read, before they are checked against the calendar. */
type Fields = Map<Field, number>;

interface Piece {
  /** Reads its part from `at` and answers where it ends, -1 where the text does not fit. */
  readonly read: (text: string, at: number, fields: Fields) => number;
  readonly write: (date: Date) => string;
  readonly field: Field | null;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');
const WEEKDAYS = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ');

export function parseDatePattern(pattern: string): DatePattern | PatternProblem {
  const pieces: Piece[] = [];
  for (const part of split(pattern)) {
    const piece =
      part.kind === 'text' ? literal(part.text) : part.kind === 'letters' ? symbol(part.letter, part.width) : part;
    if ('message' in piece) return { kind: 'pattern-problem', message: piece.message };
    pieces.push(piece);
  }
  const fields = pieces.flatMap(({ field }) => (field === null ? [] : [field]));
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice !== undefined)
    return { kind: 'pattern-problem', message: `it gives the ${twice.replace('pm', 'half of the day')} twice` };
  if (fields.includes('half-day-hour') !== fields.includes('pm')) {
    return {
      kind: 'pattern-problem',
      message: 'h (hours 1 to 12) and a (AM or PM) need one another; H is hours 0 to 23',
    };
  }
  if (fields.length === 0)
    return { kind: 'pattern-problem', message: 'it holds no date or time letter, such as yyyy, MM, dd, HH, mm, ss' };
  return {
    kind: 'date-pattern',
    parse: (text) => parsed(pieces, text),
    format: (time) => written(pieces, time),
  };
}

function parsed(pieces: readonly Piece[], text: string): number | null {
  const fields: Fields = new Map();
  let at = 0;
  for (const piece of pieces) {
    at = piece.read(text, at, fields);
    if (at < 0) return null;
  }
  if (at !== text.length) return null;
  const time = timeOf(calendarFields(fields));
  const weekday = fields.get('weekday');
  if (time === null || weekday === undefined) return time;
  const local = new Date(time + (fields.get('offset') ?? 0) * 60_000);
  return local.getUTCDay() === weekday ? time : null;
}

function calendarFields(fields: Fields): DateFields {
  const halfDay = fields.get('half-day-hour');
  const hour = halfDay === undefined ? (fields.get('hour') ?? 0) : (halfDay % 12) + (fields.get('pm') ?? 0) * 12;
  return {
    year: fields.get('year') ?? 1970,
    month: fields.get('month') ?? 1,
    day: fields.get('day') ?? 1,
    hour,
    minute: fields.get('minute') ?? 0,
    second: fields.get('second') ?? 0,
    millisecond: fields.get('millisecond') ?? 0,
    offset: fields.get('offset') ?? 0,
  };
}

function written(pieces: readonly Piece[], time: number): string {
  const date = new Date(time);
  return pieces.map((piece) => piece.write(date)).join('');
}

// ── The parts of a pattern ──────────────────────────────────────────────────────────────────────────────────────────

type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'letters'; readonly letter: string; readonly width: number }
  | { readonly kind: 'broken'; readonly message: string };

/** Runs of one letter, quoted text (`''` is a quote), and other characters as they are. */
function split(pattern: string): readonly Part[] {
  const parts: Part[] = [];
  for (const match of pattern.matchAll(/([A-Za-z])\1*|''|'((?:[^']|'')+)'|[^A-Za-z']+|'/gu)) {
    const [whole, letter, quoted] = match;
    if (letter !== undefined) parts.push({ kind: 'letters', letter, width: whole.length });
    else if (whole === "''") parts.push({ kind: 'text', text: "'" });
    else if (quoted !== undefined) parts.push({ kind: 'text', text: quoted.replaceAll("''", "'") });
    else if (whole === "'") parts.push({ kind: 'broken', message: "a quote ' is not closed" });
    else parts.push({ kind: 'text', text: whole });
  }
  return parts;
}

function literal(text: string): Piece {
  return { read: (from, at) => (from.startsWith(text, at) ? at + text.length : -1), write: () => text, field: null };
}

function symbol(letter: string, width: number): Piece | { readonly message: string } {
  const piece = symbols.get(letter)?.(width);
  if (piece !== undefined && piece !== null) return piece;
  const written = letter.repeat(width);
  const help = lookalikes.get(letter);
  if (piece === null) return { message: `${written} is not a width that ${letter} has` };
  return {
    message: `${written} means nothing here${help === undefined ? '' : `; ${help}`}; text stands in quotes: '${written}'`,
  };
}

/** Letters that other systems' patterns use for something. */
const lookalikes: ReadonlyMap<string, string> = new Map([
  ['Y', 'the year is y'],
  ['D', 'the day of the month is d'],
  ['t', 'AM or PM is a'],
  ['f', 'fractions of a second are S'],
  ['F', 'fractions of a second are S'],
  ['T', "a T between date and time stands in quotes: 'T'"],
]);

/** Null where the letter has no such width. */
const symbols: ReadonlyMap<string, (width: number) => Piece | null> = new Map([
  ['y', year],
  ['u', year],
  ['M', month],
  ['L', month],
  ['d', (width) => digits('day', width, (date) => date.getUTCDate(), 1, 31)],
  ['E', weekday],
  ['H', (width) => digits('hour', width, (date) => date.getUTCHours(), 0, 23)],
  ['h', (width) => digits('half-day-hour', width, (date) => date.getUTCHours() % 12 || 12, 1, 12)],
  ['a', (width) => (width <= 3 ? named('pm', ['AM', 'PM'], (date) => (date.getUTCHours() < 12 ? 0 : 1), 0) : null)],
  ['m', (width) => digits('minute', width, (date) => date.getUTCMinutes(), 0, 59)],
  ['s', (width) => digits('second', width, (date) => date.getUTCSeconds(), 0, 59)],
  ['S', fraction],
  ['X', (width) => zone(width, 'Z')],
  ['x', (width) => zone(width, null)],
  ['Z', (width) => (width <= 3 ? zone(2, null) : null)],
]);

/** One letter reads one or two digits, two letters exactly two. */
function digits(field: Field, width: number, of: (date: Date) => number, low: number, high: number): Piece | null {
  if (width > 2) return null;
  return {
    field,
    read: (text, at, fields) => {
      const end = digitsEnd(text, at, 2);
      const value = Number(text.slice(at, end));
      if (end - at < width || value < low || value > high) return -1;
      fields.set(field, value);
      return end;
    },
    write: (date) => String(of(date)).padStart(width, '0'),
  };
}

/** `y` reads any number of digits, `yy` two of 1970 to 2069, `yyyy` exactly four. */
function year(width: number): Piece | null {
  if (width > 4) return null;
  return {
    field: 'year',
    read: (text, at, fields) => {
      const end = digitsEnd(text, at, width === 1 ? 6 : width);
      if (end - at < width) return -1;
      const value = Number(text.slice(at, end));
      fields.set('year', width === 2 ? value + (value < 70 ? 2000 : 1900) : value);
      return end;
    },
    write: (date) => {
      const value = date.getUTCFullYear();
      const shown = String(width === 2 ? Math.abs(value) % 100 : Math.abs(value)).padStart(width, '0');
      return value < 0 ? `-${shown}` : shown;
    },
  };
}

function month(width: number): Piece | null {
  if (width <= 2) return digits('month', width, (date) => date.getUTCMonth() + 1, 1, 12);
  if (width > 4) return null;
  return named('month', width === 3 ? MONTHS.map(short) : MONTHS, (date) => date.getUTCMonth(), 1);
}

function weekday(width: number): Piece | null {
  if (width > 4) return null;
  return named('weekday', width < 4 ? WEEKDAYS.map(short) : WEEKDAYS, (date) => date.getUTCDay(), 0);
}

function short(name: string): string {
  return name.slice(0, 3);
}

/** One of some names, whatever its case; its number is its index plus `first`. */
function named(field: Field, names: readonly string[], of: (date: Date) => number, first: number): Piece {
  return {
    field,
    read: (text, at, fields) => {
      const found = names.findIndex((name) => text.slice(at, at + name.length).toLowerCase() === name.toLowerCase());
      const name = names[found];
      if (name === undefined) return -1;
      fields.set(field, found + first);
      return at + name.length;
    },
    write: (date) => names[of(date)] ?? '',
  };
}

/** As many digits as letters; digits finer than milliseconds must be 0. */
function fraction(width: number): Piece | null {
  if (width > 9) return null;
  return {
    field: 'millisecond',
    read: (text, at, fields) => {
      const end = digitsEnd(text, at, width);
      const value = wholeMilliseconds(text.slice(at, end));
      if (end - at < width || value === null) return -1;
      fields.set('millisecond', value);
      return end;
    },
    write: (date) => String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0').slice(0, width),
  };
}

/** An offset from UTC: one letter `+05` or `+0530`, two `+0530`, three `+05:30`. Times are written in UTC, so the offset written is zero. */
function zone(width: number, zero: 'Z' | null): Piece | null {
  if (width > 3) return null;
  const form = [/^[+-]\d{2}(?:\d{2})?/u, /^[+-]\d{4}/u, /^[+-]\d{2}:\d{2}/u][width - 1];
  const written = zero ?? ['+00', '+0000', '+00:00'][width - 1] ?? '';
  return {
    field: 'offset',
    read: (text, at, fields) => {
      const here = text.slice(at, at + 6);
      const found = zero !== null && here.startsWith(zero) ? zero : form?.exec(here)?.[0];
      const minutes = found === undefined ? null : offsetMinutes(found);
      if (found === undefined || minutes === null) return -1;
      fields.set('offset', minutes);
      return at + found.length;
    },
    write: () => written,
  };
}

/** Where the digits from `at` end, after at most `most`. */
function digitsEnd(text: string, at: number, most: number): number {
  let end = at;
  while (end < text.length && end - at < most && /^[0-9]$/u.test(text.charAt(end))) end++;
  return end;
}
