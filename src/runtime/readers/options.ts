/** The options of readers, checked: what the type checker cannot know of a value. */
import { parseDatePattern } from '../../typecheck/functions/date-pattern.ts';
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import type { Value } from '../../typecheck/types.ts';
import { isEncoding } from './encoding.ts';
import { readError, shown } from './faults.ts';

export interface ReadOptions {
  readonly header: boolean;
  /** UTF-8; empty where a line is one field. */
  readonly delimiter: Buffer;
  /** A byte; −1 for none. */
  readonly quote: number;
  /** Lines at the beginning of each file that do not count. */
  readonly skip: number;
  /** Null where the script gives none. */
  readonly encoding: string | null;
  readonly nullText: Buffer | null;
  readonly dates: DatePattern | null;
  /** The pattern of `dates` as the script gives it. */
  readonly dateFormat: string | null;
}

/** @param delimiter of the reader where no option gives another; '' for none */
export function readOptions(options: ReadonlyMap<string, Value>, delimiter: string): ReadOptions {
  const nullText = textOption(options, 'nullText');
  const mark = delimiter === '' ? -1 : quoteOf(options);
  const between = delimiter === '' ? Buffer.alloc(0) : delimiterOf(textOption(options, 'delimiter') ?? delimiter);
  if (between.includes(mark)) throw readError('PR1004', 'the quote is part of the delimiter');
  return {
    header: options.get('header') !== false,
    delimiter: between,
    quote: mark,
    skip: skipOf(options),
    encoding: encodingOf(options),
    nullText: nullText === null || nullText === '' ? null : Buffer.from(nullText, 'utf8'),
    dates: datesOf(options),
    dateFormat: textOption(options, 'datetimeFormat'),
  };
}

export function textOption(options: ReadonlyMap<string, Value>, name: string): string | null {
  const value = options.get(name);
  return typeof value === 'string' ? value : null;
}

function delimiterOf(text: string): Buffer {
  if (text === '' || /[\r\n\ufeff]/u.test(text)) {
    throw readError(
      'PR1004',
      `delimiter = ${shown(text)}: a delimiter has at least one character, none of them a line end`,
    );
  }
  return Buffer.from(text, 'utf8');
}

function quoteOf(options: ReadonlyMap<string, Value>): number {
  const given = options.get('quote');
  if (given === null || given === '') return -1;
  const text = typeof given === 'string' ? given : '"';
  const byte = text.charCodeAt(0);
  if (text.length === 1 && byte < 128 && !/[\r\n]/u.test(text)) return byte;
  throw readError('PR1004', `quote = ${shown(text)}: a quote is one ASCII character, or "" for none`);
}

function skipOf(options: ReadonlyMap<string, Value>): number {
  const skip = options.get('skip') ?? 0;
  if (typeof skip === 'number' && Number.isInteger(skip) && skip >= 0) return skip;
  throw readError('PR1004', `skip = ${JSON.stringify(skip)}: the number of lines to skip is 0 or more`);
}

function encodingOf(options: ReadonlyMap<string, Value>): string | null {
  const name = textOption(options, 'encoding');
  if (name === null || isEncoding(name)) return name;
  throw readError('PR1010', `no encoding is called ${shown(name)}`, {
    help: 'for example "utf-8", "utf-16", "latin1", "windows-1252", "shift_jis"',
  });
}

/** The pattern of `datetimeFormat`; null for ISO 8601. */
export function datesOf(options: ReadonlyMap<string, Value>): DatePattern | null {
  const format = textOption(options, 'datetimeFormat');
  if (format === null) return null;
  const dates = parseDatePattern(format);
  if (dates.kind === 'date-pattern') return dates;
  throw readError('PR1004', `datetimeFormat = ${shown(format)}: ${dates.message}`);
}
