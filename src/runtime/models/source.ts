import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import type { ModelSource } from './model.ts';

/** What a hub name looks like: an owner and a name (`Xenova/opus-mt-de-en`), or a name alone. */
const HUB_NAME = /^[\w.-]+(?:\/[\w.-]+)?$/;

/**
 * Reads the model text of a script. A text that starts with `./`, `../` or `/`, one that cannot be a hub name, and one
 * that names a folder beside the script are folders; all else is a hub name.
 *
 * @param base absolute folder that relative paths start from: the script's
 */
export function modelSource(written: string, base: string): ModelSource {
  const folder = resolve(base, written);
  const path = /^\.{1,2}(?:[/\\]|$)/.test(written) || isAbsolute(written) || !HUB_NAME.test(written);
  return path || existsSync(folder) ? { kind: 'folder', written, folder } : { kind: 'hub', written, name: written };
}
