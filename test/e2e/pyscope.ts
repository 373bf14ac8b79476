/** The command line as a process, as users have it: bin/pyscope over the built package. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const BIN = fileURLToPath(new URL('../../bin/pyscope', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface Setting {
  readonly folder?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Called with the process when standard error first holds the text. */
  readonly when?: { readonly err: string; readonly act: (kill: (signal: NodeJS.Signals) => void) => void };
}

const OURS: ReadonlySet<string> = new Set(['NO_COLOR', 'FORCE_COLOR', 'REDIS_URL']);

/** The environment of the tests without what would change colours or stores. */
function environment(extra: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !OURS.has(name))), ...extra };
}

export async function run(program: string, args: readonly string[], setting: Setting = {}): Promise<Ended> {
  const child = spawn(program, [...args], { cwd: setting.folder, env: environment(setting.env ?? {}) });
  let out = '';
  let err = '';
  let told = false;
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => {
    err += String(chunk);
    if (setting.when === undefined || told || !err.includes(setting.when.err)) return;
    told = true;
    setting.when.act((signal) => child.kill(signal));
  });
  // A program that ends before it has read its input breaks this pipe; that is its right.
  child.stdin.on('error', () => {});
  child.stdin.end(setting.stdin ?? '');
  await once(child, 'close');
  return { code: child.exitCode, out, err };
}

export async function pyscope(args: readonly string[], setting: Setting = {}): Promise<Ended> {
  return run(process.execPath, [BIN, ...args], setting);
}

/** A folder with files, by name and text; the returned function removes it. */
export async function folderWith(
  files: Readonly<Record<string, string>>,
): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'pyscope-e2e-'));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
