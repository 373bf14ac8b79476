/** Members of datetimes: ECMAScript's UTC getters (there are no local ones, so no answer depends on the machine), parsing and formatting. */
import { DATETIME, FLOAT, INT, LONG, STRING } from '../types.ts';
import type { DatePattern } from './date-pattern.ts';
import { parseDatePattern } from './date-pattern.ts';
import type { FunctionEntry } from './entry.ts';
import { datetime, define, float, optional, param, text } from './entry.ts';
import { fail } from './failure.ts';
import { formatIsoDate, parseIsoDate } from './iso-date.ts';

const FAMILY = 'Dates';
const self = param('date', datetime);

type Getter =
  | 'getUTCFullYear'
  | 'getUTCMonth'
  | 'getUTCDate'
  | 'getUTCDay'
  | 'getUTCHours'
  | 'getUTCMinutes'
  | 'getUTCSeconds'
  | 'getUTCMilliseconds';

function getter(name: Getter, doc: string): FunctionEntry {
  return define(FAMILY, {
    id: `datetime.${name}`,
    spelling: { kind: 'method', name },
    parameters: [self],
    result: INT,
    evaluate: (time) => new Date(time)[name](),
    doc,
  });
}

const members: readonly FunctionEntry[] = [
  getter('getUTCFullYear', 'The year.'),
  getter('getUTCMonth', 'The month, from 0 (January) to 11.'),
  getter('getUTCDate', 'The day of the month, from 1.'),
  getter('getUTCDay', 'The day of the week, from 0 (Sunday) to 6.'),
  getter('getUTCHours', 'The hour, 0 to 23.'),
  getter('getUTCMinutes', 'The minute, 0 to 59.'),
  getter('getUTCSeconds', 'The second, 0 to 59.'),
  getter('getUTCMilliseconds', 'The millisecond, 0 to 999.'),
  define(FAMILY, {
    id: 'datetime.getTime',
    spelling: { kind: 'method', name: 'getTime' },
    parameters: [self],
    result: LONG,
    evaluate: (time) => time,
    doc: 'Milliseconds from 1970-01-01T00:00Z; `datetime(x)` goes back.',
  }),
  define(FAMILY, {
    id: 'datetime.toISOString',
    spelling: { kind: 'method', name: 'toISOString' },
    parameters: [self],
    result: STRING,
    evaluate: formatIsoDate,
    doc: 'As ISO 8601: `2024-12-31T23:59:59.999Z`.',
  }),
];

/** Patterns are nearly always constants; a few are kept, so that two formats in one expression do not drive each other out. */
const patterns = new Map<string, DatePattern>();
const PATTERNS_KEPT = 32;

function patternOf(text: string): DatePattern {
  const known = patterns.get(text);
  if (known !== undefined) return known;
  const pattern = parseDatePattern(text);
  if (pattern.kind === 'pattern-problem') fail('PR2005', { pattern: text, problem: pattern.message });
  if (patterns.size >= PATTERNS_KEPT) patterns.clear();
  patterns.set(text, pattern);
  return pattern;
}

/** The time a text names, by a Unicode pattern or ISO 8601; PR2004 where it names none. */
export function dateOf(text: string, format: string | undefined): number {
  const time = format === undefined ? parseIsoDate(text) : patternOf(format).parse(text);
  return time ?? fail('PR2004', { text, format: format ?? null });
}

export const datetimeFunctions: readonly FunctionEntry[] = [
  ...members,
  define(FAMILY, {
    id: 'parseDate',
    spelling: { kind: 'function', name: 'parseDate' },
    parameters: [param('text', text), optional('format', text)],
    result: DATETIME,
    evaluate: dateOf,
    doc: 'The datetime a text names, by a Unicode date pattern (`M/d/yyyy h:mm:ss a`), else by ISO 8601; in UTC. Any other text is an error.',
  }),
  define(FAMILY, {
    id: 'formatDate',
    spelling: { kind: 'function', name: 'formatDate' },
    parameters: [param('date', datetime), param('format', text)],
    result: STRING,
    evaluate: (time, format) => patternOf(format).format(time),
    doc: 'The datetime by a Unicode date pattern, in UTC, with English names.',
  }),
  define(FAMILY, {
    id: 'Date.UTC',
    spelling: { kind: 'static', namespace: 'Date', name: 'UTC' },
    parameters: [
      param('year', float),
      optional('month', float),
      optional('day', float),
      optional('hours', float),
      optional('minutes', float),
      optional('seconds', float),
      optional('milliseconds', float),
    ],
    result: FLOAT,
    evaluate: (year, month = 0, day = 1, hours = 0, minutes = 0, seconds = 0, milliseconds = 0) =>
      Date.UTC(year, month, day, hours, minutes, seconds, milliseconds),
    doc: 'Milliseconds from 1970 of a day and time in UTC, months from 0; `datetime(Date.UTC(2024, 11, 31))` makes a datetime.',
  }),
];
