/** Why a user's module does not load, in a line or two that name the place. */
import { execFile } from 'node:child_process';
import { basename, dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { textOf } from './faults.ts';

/** What importing `path` threw, for the author of the module; files are named relative to its folder. */
export async function loadMessage(thrown: unknown, path: string): Promise<string> {
  const folder = dirname(path);
  const text = plain(textOf(thrown), folder);
  if (text.startsWith('Transform failed')) return transformErrors(text);
  if (codeOf(thrown) === 'ERR_MODULE_NOT_FOUND') return notFound(text);
  const place = placeOf(thrown, folder) ?? (thrown instanceof SyntaxError ? await syntaxPlace(path) : null);
  const kind = thrown instanceof Error && thrown.name !== 'Error' ? `${thrown.name}: ` : '';
  return `${place === null ? '' : `${place}: `}${kind}${text}`;
}

/** What esbuild, with which tsx translates TypeScript, found: its lines but for the heading. */
function transformErrors(text: string): string {
  const lines = text.split('\n').slice(1);
  return lines.map((line) => line.replace(/(:\d+:\d+): ERROR: /, '$1: ')).join('\n');
}

/** Node keeps the place of a syntax error in JavaScript to itself, but prints it. */
async function syntaxPlace(path: string): Promise<string | null> {
  const printed = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--check', path], { timeout: 5000 }, (_, __, stderr) => resolve(stderr));
  });
  const [first = ''] = printed.split('\n');
  const line = first.startsWith(path) ? /^:(\d+)$/.exec(first.slice(path.length))?.[1] : undefined;
  return line === undefined ? null : `./${basename(path)}:${line}`;
}

function notFound(text: string): string {
  const relativeImport = /'\.{0,2}\//.test(text);
  return relativeImport ? text : `${text}; install it beside the script (npm install …)`;
}

/** Where our own code is: a place there says nothing to a module's author. */
const OWN = fileURLToPath(new URL('../../', import.meta.url));

/** The first place in a file of the user's on the stack. */
function placeOf(thrown: unknown, folder: string): string | null {
  const stack = thrown instanceof Error ? (thrown.stack ?? '') : '';
  const found = /(?:^|[\s(])(file:\/\/[^\s()]+?|\/[^\s():]+)(?:\?[^\s():]*)?:(\d+)(?::(\d+))?\)?$/m.exec(stack);
  const [, file, line, column] = found ?? [];
  if (file === undefined || file.includes('/node_modules/')) return null;
  const path = file.startsWith('file:') ? fileURLToPath(file) : file;
  if (path.startsWith(OWN)) return null;
  return [shortPath(path, folder), line, column].filter((part) => part !== undefined).join(':');
}

/** File URLs as paths, without tsx's own query, relative to the folder. */
function plain(text: string, folder: string): string {
  return text
    .replaceAll(/\?(?:tsx-)?namespace=[^\s'":]*/g, '')
    .replaceAll(/file:\/\/[^\s'"]+/g, (url) => shortPath(fileURLToPath(url), folder))
    .replaceAll(/(?<=['"\s])\/[^\s'"]+/g, (path) => shortPath(path, folder));
}

function shortPath(path: string, folder: string): string {
  const short = relative(folder, path);
  return path.startsWith('/') && !short.startsWith('../..') ? (short.startsWith('.') ? short : `./${short}`) : path;
}

function codeOf(thrown: unknown): unknown {
  return member(thrown, 'code');
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
