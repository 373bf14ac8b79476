/** Everything that can go wrong while reading, by code: `PR10xx` about a file or an option, `PR11xx` about one line. */
import { RunError } from '../errors.ts';
import type { DataPlace } from '../errors.ts';
import type { Span } from '../../diagnostics/span.ts';

export const readFaults = {
  PR1001: 'no file matches',
  PR1002: 'the file cannot be read',
  PR1003: 'the path does not fit the file set',
  PR1004: 'a reader option that cannot be used',
  PR1005: 'the file is empty, so it has no header line',
  PR1006: 'the header lacks a column',
  PR1007: 'the header has a column twice',
  PR1008: 'too many columns',
  PR1009: 'the line is too long',
  PR1010: 'the encoding is not known',
  PR1011: 'the compressed file is damaged',
  PR1012: 'the reader cannot fill the declared columns',
  PR1013: 'the header line cannot be read',
  PR1101: 'the line has too few or too many fields',
  PR1102: 'a value that does not fit its type',
  PR1103: 'text behind a closing quote',
  PR1104: 'a quote that is never closed',
  PR1105: 'bytes that are no text of the encoding',
  PR1106: 'a field that is too long',
  PR1107: 'the line is no JSON',
  PR1108: 'the line is no JSON object',
  PR1109: 'a column without a value',
} as const;

export type ReadFault = keyof typeof readFaults;

export const MAX_FIELD_BYTES = 16 * 1024 * 1024;
export const MAX_LINE_BYTES = 64 * 1024 * 1024;
export const MAX_COLUMNS = 10_000;

/** An error that ends the reading of all files. */
export function readError(
  code: ReadFault,
  message: string,
  facts: { help?: string | null; place?: DataPlace | null; span?: Span | null; cause?: unknown } = {},
): RunError {
  return new RunError(code, message, facts);
}

/** What ails a line, before anyone knows which line it is. */
export interface LineFault {
  readonly code: ReadFault;
  readonly message: string;
}

/** A text from the data as a message shows it: quoted, control characters escaped, at most 60 characters. */
export function shown(text: string): string {
  const characters = Array.from(text.slice(0, 140));
  const short = characters.length <= 60 ? text : characters.slice(0, 57).join('');
  const escaped = JSON.stringify(short).replaceAll(/[\u007f-\u009f\u2028\u2029]/gu, escapeUnit);
  return short === text ? escaped : `${escaped.slice(0, -1)}…"`;
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
