/** Finds the scripts a command was given: paths, globs, folders (all scripts in them), `-` for standard input. */
import { stat } from 'node:fs/promises';
import { UsageError } from './exit.ts';

/** A script on disk by its path, or standard input. */
export type ScriptArgument = { readonly kind: 'file'; readonly path: string } | { readonly kind: 'stdin' };

export const STDIN_NAME = '<stdin>';

async function kindOf(path: string): Promise<'file' | 'folder' | 'none'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch {
    return 'none';
  }
}

async function matching(pattern: string): Promise<readonly string[]> {
  const { glob } = await import('tinyglobby');
  const found = await glob(pattern, { ignore: ['**/node_modules/**'], expandDirectories: false });
  return found.toSorted();
}

async function expand(argument: string): Promise<readonly string[]> {
  const kind = await kindOf(argument);
  if (kind === 'file') return [argument];
  const pattern = kind === 'folder' ? `${argument.replace(/[\\/]+$/, '')}/**/*.scope` : argument;
  if (kind === 'none' && !/[*?{[]/.test(argument)) return [argument];
  const found = await matching(pattern);
  if (found.length > 0) return found;
  throw new UsageError(kind === 'folder' ? `there is no .scope file in ${argument}` : `no file matches ${argument}`);
}

/** In the order given, each once. A path that does not exist is kept: the compiler says so with a diagnostic. @throws UsageError */
export async function findScripts(argumentsGiven: readonly string[]): Promise<readonly ScriptArgument[]> {
  const paths = new Set<string>();
  for (const argument of argumentsGiven) {
    if (argument === '-') paths.add('-');
    else for (const path of await expand(argument)) paths.add(path);
  }
  return [...paths].map((path) => (path === '-' ? { kind: 'stdin' } : { kind: 'file', path }));
}

export async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return new TextDecoder().decode(Buffer.concat(chunks));
}
