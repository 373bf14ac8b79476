/** A value of a column as JSON: what JSON has no form for is written as text, and a number it cannot hold is refused. */
import type { DatePattern } from '../../typecheck/functions/date-pattern.ts';
import { formatIsoDate } from '../../typecheck/functions/iso-date.ts';
import { nonNull } from '../../typecheck/types.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import { writeError } from './faults.ts';

export function jsonText(column: string, type: Type, value: Value, dates: DatePattern | null): string {
  return JSON.stringify(jsonOf(column, nonNull(type), value, dates));
}

function jsonOf(column: string, type: Type, value: Value, dates: DatePattern | null): Value {
  if (value === null || type.kind === 'json') return value;
  if (value instanceof Uint8Array) return base64(value);
  if (typeof value === 'number') {
    if (type.kind === 'datetime') return dateText(dates)(value);
    if (Number.isFinite(value)) return value;
    throw writeError(
      'PR5004',
      `column ${column}: ${value} is no JSON number`,
      'replace it before, or write the column with CsvWriter',
    );
  }
  if (type.kind !== 'array' || !Array.isArray(value)) return value;
  const element = nonNull(type.element);
  return value.map((item: Value) => jsonOf(column, element, item, dates));
}

export function dateText(dates: DatePattern | null): (time: number) => string {
  return dates === null ? formatIsoDate : dates.format;
}

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
