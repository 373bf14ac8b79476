/** Short texts for boxes and edges. */
import type { Value } from '../../typecheck/types.ts';

export function valueText(value: Value): string {
  return value instanceof Uint8Array ? `bytes(${value.length})` : JSON.stringify(value);
}

/** At most `length` characters, the last an ellipsis where some were left out. */
export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
