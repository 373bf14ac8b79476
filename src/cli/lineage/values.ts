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

/** Cells that two texts keep of what they begin with alike. */
const KEPT = 8;

/** A value before and after, each in `room` cells: of long texts the common beginning is left out, so that what differs is seen. */
export function changeText(before: Value, after: Value, type: string, room: number): string {
  const [first, second] =
    typeof before === 'string' && typeof after === 'string' ? tails(before, after, room) : [before, after];
  return `${valueText(first, type, room)} → ${valueText(second, type, room)}`;
}

function tails(before: string, after: string, room: number): readonly [string, string] {
  const [left, right] = [Array.from(before), Array.from(after)];
  const differ = left.findIndex((letter, at) => letter !== right[at]);
  const alike = differ === -1 ? left.length : differ;
  if (Math.max(left.length, right.length) <= room - 2 || alike <= KEPT + 1) return [before, after];
  const from = alike - KEPT;
  return [`…${left.slice(from).join('')}`, `…${right.slice(from).join('')}`];
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
