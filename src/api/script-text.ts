/** Reading scripts and views from disk. */
import { readFile } from 'node:fs/promises';

/** A script's text, or why there is none, in words for its author. */
export type ScriptText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unreadable'; readonly cause: string };

const CAUSES: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['ENOTDIR', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'the permission to read it is missing'],
]);

/** Reads UTF-8; a byte order mark is dropped. Never rejects. */
export async function readScript(path: string): Promise<ScriptText> {
  try {
    const bytes = await readFile(path);
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    return { kind: 'unreadable', cause: causeOf(error) };
  }
}

function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return 'it is no UTF-8 text';
  return CAUSES.get(code) ?? error.message;
}
