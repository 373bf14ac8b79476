import type { Span } from '../../diagnostics/span.ts';
import { report, type Environment } from '../environment.ts';
import { parsePathPattern } from '../path-pattern.ts';
import type { InputPattern } from '../typed.ts';
import { nonNull, typeText, type Type } from '../types.ts';

/** Types that a piece of a file's name can be read as without a format. */
const PLAIN: ReadonlySet<string> = new Set(['string', 'int', 'long', 'float', 'bool', 'unknown']);

interface Declared {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

/** The columns that the paths take from file names: each must be declared, with a type that fits. */
export function checkFileSets(
  env: Environment,
  files: readonly InputPattern[],
  declared: readonly Declared[],
): ReadonlySet<string> {
  const [first, ...others] = files.map((file) => checkPattern(env, file, declared));
  for (const [index, names] of others.entries()) {
    const missing = [...(first ?? [])].filter((name) => !names.has(name));
    const extra = [...names].filter((name) => first?.has(name) !== true);
    const file = files[index + 1];
    const name = missing[0] ?? extra[0];
    if (file === undefined || name === undefined) continue;
    const problem = `the paths of one FROM take different columns from file names: ${name} is not in all of them`;
    report(env, 'PS2028', file.span, { problem });
  }
  const place = declared.find(({ name }) => name === '_file');
  if (place !== undefined && place.type.kind !== 'string') {
    report(env, 'PS2011', place.span, { what: 'the column _file', wanted: 'string', found: typeText(place.type) });
  }
  return first ?? new Set();
}

function checkPattern(env: Environment, file: InputPattern, declared: readonly Declared[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const part of parsePathPattern(file.text)) {
    if (part.kind !== 'column') continue;
    names.add(part.name);
    const column = declared.find(({ name }) => name === part.name);
    if (column === undefined) {
      report(env, 'PS2027', file.span, { name: part.name, type: part.format === null ? 'string' : 'datetime' });
    } else {
      const problem = misfit(column, part.format);
      if (problem !== null) report(env, 'PS2028', file.span, { problem });
    }
  }
  return names;
}

function misfit({ name, type }: Declared, format: string | null): string | null {
  const { kind } = nonNull(type);
  if (format !== null) {
    return kind === 'datetime' || kind === 'unknown'
      ? null
      : `{${name}:${format}} reads a date, but ${name} is declared as ${typeText(type)}`;
  }
  if (kind === 'datetime') return `${name} is a datetime, so the path must say its format, as in {${name}:yyyy-MM-dd}`;
  return PLAIN.has(kind) ? null : `${name} cannot be read from a file’s name: it is ${typeText(type)}`;
}
