/** What the answers of a run depend on beside its rows, each with a text that changes with it. */
import { createHash } from 'node:crypto';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import type { Fingerprint } from './store.ts';

export function fingerprintOf(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** Not there, or not to be read: the run itself will say so. */
const ABSENT = 'absent';

/** Size and time of change: inputs may be larger than what one wants to read twice. */
export async function inputFingerprint(path: string): Promise<string> {
  return stat(path).then(
    ({ size, mtimeMs }) => `${size}-${Math.floor(mtimeMs)}`,
    () => ABSENT,
  );
}

// ── Modules ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What stands behind `from`, `import` and `require`, where it is a path. */
const RELATIVE = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/[^'"\n]*)\1/g;

const ENDINGS = ['', '.ts', '.js', '.mts', '.mjs', '.cts', '.cjs', '.json', '/index.ts', '/index.js'];

async function textOf(path: string): Promise<string | null> {
  return readFile(path, 'utf8').catch(() => null);
}

/** The file that a relative import means: TypeScript may write `.js` for a `.ts` file. */
async function imported(specifier: string, from: string): Promise<string | null> {
  const base = resolve(dirname(from), specifier);
  for (const path of [...ENDINGS.map((ending) => base + ending), base.replace(/\.([cm]?)js$/, '.$1ts')]) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (isFile) return path;
  }
  return null;
}

/**
 * The modules, and all that they import by path, and those in turn; by contents. What comes from packages, or by a path that is made at run time,
 * is not seen.
 *
 * @param base names are relative to it
 */
export async function moduleFingerprints(paths: readonly string[], base: string): Promise<readonly Fingerprint[]> {
  const found = new Map<string, Fingerprint>();
  const waiting = [...paths];
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    if (found.has(path)) continue;
    const text = await textOf(path);
    found.set(path, { path: relative(base, path), fingerprint: text === null ? ABSENT : fingerprintOf(text) });
    for (const [, , specifier = ''] of (text ?? '').matchAll(RELATIVE)) {
      const next = await imported(specifier, path);
      if (next !== null) waiting.push(next);
    }
  }
  return [...found.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1));
}

// ── Models ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const SAMPLE_BYTES = 64 * 1024;

/** Size, beginning and end of a file: weights have gigabytes, and another training changes all of them. */
async function sampled(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const buffer = Buffer.alloc(SAMPLE_BYTES);
    const first = await file.read(buffer, 0, SAMPLE_BYTES, 0);
    const hash = createHash('sha256').update(`${size} `).update(buffer.subarray(0, first.bytesRead));
    const last = await file.read(buffer, 0, SAMPLE_BYTES, Math.max(0, size - SAMPLE_BYTES));
    return hash.update(buffer.subarray(0, last.bytesRead)).digest('hex');
  } finally {
    await file.close();
  }
}

/** Of a model's folder: the names of its files, with the size, the first and the last 64 KiB of each. */
export async function modelFingerprint(folder: string): Promise<string> {
  try {
    const hash = createHash('sha256');
    const names = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
    for (const path of files.toSorted()) hash.update(`${relative(folder, path)}\0${await sampled(path)}\0`);
    return hash.digest('hex').slice(0, 32);
  } catch {
    return ABSENT;
  }
}
