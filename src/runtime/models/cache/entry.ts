/**
 * An entry as text: `SECONDS.CHECKSUM.["MODEL","TEXT",ANSWER]`. SECONDS (since 1970) is when it was last used and stands outside of the checksum (CRC-32 of what
 * follows it), so that an entry is touched without being read. The text is in it, so that `pyscope cache verify` can ask the model again.
 */
import { crc32 } from 'node:zlib';
import type { Json } from '../model.ts';

export interface Kept {
  readonly model: string;
  readonly text: string;
  readonly answer: Json;
}

export function writeEntry({ model, text, answer }: Kept, seconds: number): string {
  const body = JSON.stringify([model, text, answer]);
  return `${seconds}.${checksum(body)}.${body}`;
}

/** `answer` of another text or model (a collision of keys) is undefined; null where the entry is damaged. */
export function readAnswer(value: string, model: string, text: string): { readonly answer?: Json } | null {
  const body = bodyOf(value);
  if (body === null) return null;
  const head = `${JSON.stringify([model, text]).slice(0, -1)},`;
  if (!body.startsWith(head)) return {};
  const answer: Json = JSON.parse(body.slice(head.length, -1));
  return { answer };
}

/** All of an entry; null where it is damaged. */
export function readEntry(value: string): Kept | null {
  const body = bodyOf(value);
  if (body === null) return null;
  const [model, text, answer]: [string, string, Json] = JSON.parse(body);
  return { model, text, answer };
}

/** When it was last used; 0 where that cannot be read, so that it goes first. */
export function secondsOf(value: string): number {
  const seconds = Number.parseInt(value, 10);
  return Number.isNaN(seconds) ? 0 : seconds;
}

export function touched(value: string, seconds: number): string {
  return `${seconds}${value.slice(Math.max(0, value.indexOf('.')))}`;
}

/** Whose it is, without reading all of it; null where that cannot be told. */
export function modelOf(value: string): string | null {
  return /^\d+\.[0-9a-f]{8}\.\["([0-9a-f]+)",/.exec(value)?.[1] ?? null;
}

/** What the checksum is of; null where it does not match. */
function bodyOf(value: string): string | null {
  const dot = value.indexOf('.');
  const body = value.slice(dot + 10);
  return dot > 0 && value[dot + 9] === '.' && value.slice(dot + 1, dot + 9) === checksum(body) ? body : null;
}

function checksum(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
