/** `file.row(…)`: an extractor's values, checked against the columns that the job wants. */
import type { Value } from '../../typecheck/types.ts';
import type { Layout } from './cursor.ts';
import { ExtractedRow } from './extractor.ts';
import type { InputFile } from './extractor.ts';
import { misfit } from './fit.ts';

/** Columns that the path gives win over what the extractor says. Names that nothing wants are left out. */
export function rowMaker(
  operator: string,
  { columns, fits }: Layout,
  fromPath: ReadonlyMap<string, Value>,
): InputFile['row'] {
  return (given, line) => {
    const values: Value[] = [];
    for (const [at, { name, type }] of columns.entries()) {
      const value: unknown = fromPath.has(name) ? fromPath.get(name) : valueOf(given, name);
      const fitted = fits[at]?.(value);
      if (fitted === undefined) {
        const message = value === undefined ? 'the row has no value for it' : misfit(value, type);
        return rejectedRow(`${operator}, column '${name}': ${message}`, given, line);
      }
      values.push(fitted);
    }
    return new ExtractedRow(values, line ?? null, null);
  };
}

function rejectedRow(message: string, given: object, line: number | undefined): ExtractedRow {
  return new ExtractedRow([], line ?? null, { text: jsonText(given), message });
}

function valueOf(given: object, name: string): unknown {
  if (given instanceof Map) return given.get(name);
  return Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
}

/** The row as a text for the rowset of rejected rows; a value that JSON does not know (a bigint, a circle) makes it just the names. */
function jsonText(given: object): string {
  const entries: readonly (readonly [unknown, unknown])[] = given instanceof Map ? [...given] : Object.entries(given);
  try {
    return `{${entries.map(([name, value]) => `${JSON.stringify(String(name))}:${JSON.stringify(value)}`).join(',')}}`;
  } catch {
    return entries.map(([name]) => String(name)).join(',');
  }
}
