/** Values of rows as a story shows them: on one line, strings in quotes, cut where there is no room. */
import { escapeControls } from '../../diagnostics/render/escape.ts';
import { fit } from '../../diagnostics/render/width.ts';
import type { NamedValue } from '../../runtime/lineage/story.ts';
import { formatIsoDate } from '../../typecheck/functions/iso-date.ts';
import type { Value } from '../../typecheck/types.ts';

/** Cells of a value at most, where several stand on a line. */
export const SHORT = 60;

/** As a user may type it behind `--row column=`. */
export function plainText(value: Value, type: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return type.startsWith('datetime') ? formatIsoDate(value) : String(value);
  if (value instanceof Uint8Array) return `bytes(${value.length})`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function valueText(value: Value, type: string, room = SHORT): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : plainText(value, type);
  return fit(escapeControls(text), room);
}

/** `language = "en", score = 0.93` */
export function valuesText(values: readonly NamedValue[], room = SHORT): string {
  return values.map(({ name, type, value }) => `${escapeControls(name)} = ${valueText(value, type, room)}`).join(', ');
}

/** Anything a value can be, for JSON. */
export function jsonValue(value: Value, type: string): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return String(value);
    return type.startsWith('datetime') ? formatIsoDate(value) : value;
  }
  return value;
}
