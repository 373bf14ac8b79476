/** ISO 8601 dates in UTC: what a `datetime` reads and writes where no format is given. */

const ISO =
  /^([+-]\d{6}|\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/u;

/** The largest time a Date can hold, in milliseconds from 1970 either way. */
const MAX_TIME = 8.64e15;

/**
 * Milliseconds from 1970 UTC of an ISO 8601 date, or date and time; null for any other text. Without an offset it is UTC.
 * Digits behind the milliseconds must be 0: a time is never rounded in silence.
 */
export function parseIsoDate(text: string): number | null {
  const match = ISO.exec(text);
  if (match === null) return null;
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '', zone = 'Z'] = match;
  if (year === '-000000') return null;
  const offset = offsetMinutes(zone);
  const millisecond = wholeMilliseconds(fraction);
  if (offset === null || millisecond === null) return null;
  return timeOf({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    millisecond,
    offset,
  });
}

/** A datetime as ISO 8601 with milliseconds and `Z`, as ECMAScript writes it. */
export function formatIsoDate(time: number): string {
  return new Date(time).toISOString();
}

export interface DateFields {
  readonly year: number;
  /** From 1. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly millisecond: number;
  /** Minutes east of UTC. */
  readonly offset: number;
}

/** The time of calendar fields; null where no such day or time exists. */
export function timeOf(fields: DateFields): number | null {
  const { year, month, day, hour, minute, second, millisecond } = fields;
  if (month < 1 || month > 12 || hour > 23 || minute > 59 || second > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return null;
  const time = date.getTime() + ((hour * 60 + minute - fields.offset) * 60 + second) * 1000 + millisecond;
  return Math.abs(time) <= MAX_TIME ? time : null;
}

/** Minutes east of UTC of `Z`, `+05:30`, `+0530` or `+05`; null where no place has such an offset. */
export function offsetMinutes(zone: string): number | null {
  if (zone === 'Z') return 0;
  const digits = zone.slice(1).replace(':', '');
  const hours = Number(digits.slice(0, 2));
  const minutes = Number(digits.slice(2) || '0');
  if (hours > 18 || minutes > 59) return null;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}

/** The milliseconds of a fraction of a second; null where it is finer. */
export function wholeMilliseconds(fraction: string): number | null {
  return /^0*$/u.test(fraction.slice(3)) ? Number(fraction.slice(0, 3).padEnd(3, '0')) : null;
}
