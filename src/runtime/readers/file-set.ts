/**
 * File sets: `logs/{region}/log_{date:yyyy}{date:MM}{date:dd}.csv` finds files and fills columns from their paths. `*`, `**` and `?` may stand beside the
 * columns.
 */
import { parseDatePattern } from '../../typecheck/functions/date-pattern.ts';
import type { InputPattern } from '../../typecheck/typed.ts';
import { nonNull, typeText } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { WantedColumn } from '../operators/runner.ts';
import { fieldValue } from './field-value.ts';
import { readError, shown } from './faults.ts';

interface Piece {
  readonly column: WantedColumn;
  /** Null where the whole text is the value. */
  readonly format: string | null;
  readonly group: number;
}

export interface FileSet {
  /** What finds the candidates. */
  readonly glob: string;
  /** The columns of a path; null where it is not of the set. */
  readonly columnsOf: (path: string) => ReadonlyMap<string, Value> | null;
}

const PART = /\{([^{}:,]+)(?::([^{}]*))?\}|\{[^{}:]*,[^{}:]*\}|\*\*\/|\*\*|\*|\?/gu;

/** The file set of a pattern; null where no declared column stands in it. */
export function fileSet(pattern: InputPattern, declared: readonly WantedColumn[]): FileSet | null {
  const columns = new Map(declared.map((column) => [column.name, column]));
  const pieces: Piece[] = [];
  const groups = new Map<string, number>();
  let expression = '';
  let glob = '';
  let from = 0;
  let count = 0;
  for (const match of pattern.pattern.matchAll(PART)) {
    const [whole, name, format] = match;
    const column = name === undefined ? undefined : columns.get(name);
    const before = pattern.pattern.slice(from, match.index);
    from = match.index + whole.length;
    expression += escaped(before);
    glob += before;
    if (name === undefined) {
      expression += wildcard(whole);
      glob += whole;
    } else if (column === undefined) {
      expression += escaped(whole);
      glob += whole;
    } else {
      const known = format === undefined ? groups.get(name) : undefined;
      if (known === undefined) {
        count += 1;
        pieces.push({ column, format: format ?? null, group: count });
        if (format === undefined) groups.set(name, count);
      }
      expression += known === undefined ? `(${captured(format ?? null)})` : `\\${known}`;
      glob += '*';
    }
  }
  if (pieces.length === 0) return null;
  const whole = new RegExp(`^${expression}${escaped(pattern.pattern.slice(from))}$`, 'u');
  return {
    glob: glob + pattern.pattern.slice(from),
    columnsOf: (path) => {
      const match = whole.exec(path);
      return match === null ? null : valuesOf(pieces, match, pattern, path);
    },
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`);
}

function wildcard(written: string): string {
  switch (written) {
    case '**/':
      return '(?:[^/]+/)*';
    case '**':
      return '.*';
    case '*':
      return '[^/]*';
    case '?':
      return '[^/]';
    // {a,b}
    default:
      return `(?:${written.slice(1, -1).split(',').map(escaped).join('|')})`;
  }
}

/** Digits of a fixed width where the format says so, so that `{date:yyyy}{date:MM}` splits where it should. */
function captured(format: string | null): string {
  if (format !== null && /^(?:yyyy|yy|MM|dd|HH|hh|mm|ss|S+)$/u.test(format)) return String.raw`\d{${format.length}}`;
  return '[^/]+?';
}

function valuesOf(
  pieces: readonly Piece[],
  match: RegExpExecArray,
  pattern: InputPattern,
  path: string,
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const { column } of pieces) {
    if (values.has(column.name)) continue;
    const own = pieces.filter((piece) => piece.column === column);
    const texts = own.map((piece) => match[piece.group] ?? '');
    const formats = own.flatMap(({ format }) => (format === null ? [] : [format]));
    const value = formats.length === 0 ? plainValue(column, texts) : dateValue(column, texts, formats);
    if (value === undefined) {
      throw readError(
        'PR1003',
        `${path} gives ${texts.map(shown).join(' and ')} for the column ${column.name}, which is no ${typeText(column.type)}`,
        { span: pattern.span, help: 'give the file set a narrower pattern, or declare the column as string' },
      );
    }
    values.set(column.name, value);
  }
  return values;
}

function plainValue(column: WantedColumn, texts: readonly string[]): Value | undefined {
  return fieldValue(nonNull(column.type), texts[0] ?? '', null);
}

/** The pieces of a date, put together as one text of one pattern. */
function dateValue(column: WantedColumn, texts: readonly string[], formats: readonly string[]): Value | undefined {
  const date = parseDatePattern(formats.join("'|'"));
  if (date.kind === 'pattern-problem') {
    throw readError('PR1003', `{${column.name}:${formats.join('}{')}}: ${date.message}`, { span: column.span });
  }
  const kind = nonNull(column.type).kind;
  if (kind === 'datetime') return date.parse(texts.join('|')) ?? undefined;
  return texts.length === 1 ? plainValue(column, texts) : undefined;
}
