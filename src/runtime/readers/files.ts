/** Which files a FROM means, in the order they are read, with the columns that come from their paths. */
import { basename, relative } from 'node:path';
import type { InputPattern } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import type { WantedColumn } from '../operators/runner.ts';
import { fileSet } from './file-set.ts';
import { readError } from './faults.ts';
import { fileError } from './input-files.ts';
import type { InputFiles } from './input-files.ts';

export interface InputFile {
  readonly path: string;
  /** As the user knows it. */
  readonly name: string;
  readonly bytes: number;
  /** `_file`, and the columns of a file set. */
  readonly columns: ReadonlyMap<string, Value>;
}

/** The column that takes the file's name. */
export const FILE_COLUMN = '_file';

/** All files of the patterns that are kept: pattern by pattern, the matches of one in the order of their paths. No match is an error, nothing kept is none. */
export async function inputFiles(
  patterns: readonly InputPattern[],
  declared: readonly WantedColumn[],
  disk: InputFiles,
  keeps: (columns: InputFile['columns']) => boolean = () => true,
): Promise<readonly InputFile[]> {
  const found: InputFile[] = [];
  for (const pattern of patterns) found.push(...(await filesOf(pattern, declared, disk)));
  return found.filter(({ columns }) => keeps(columns));
}

async function filesOf(
  pattern: InputPattern,
  declared: readonly WantedColumn[],
  disk: InputFiles,
): Promise<readonly InputFile[]> {
  const set = fileSet(pattern, declared);
  const literal = set === null ? await sizeOf(disk, pattern.pattern, pattern.text) : null;
  if (literal !== null) return [inputFile(pattern, pattern.pattern, literal, new Map(), declared)];
  if (set === null && !/[*?[{(]/u.test(pattern.pattern)) {
    throw readError('PR1001', `there is no file ${pattern.text}`, {
      span: pattern.span,
      help: `looked for ${pattern.pattern}; paths in a script are relative to the script's own folder`,
    });
  }
  const paths = (await disk.matching(set?.glob ?? pattern.pattern)).toSorted(byCodeUnits);
  const files: InputFile[] = [];
  for (const path of paths) {
    const columns = set === null ? new Map<string, Value>() : set.columnsOf(path);
    if (columns === null) continue;
    files.push(inputFile(pattern, path, (await sizeOf(disk, path, path)) ?? 0, columns, declared));
  }
  if (files.length > 0) return files;
  throw readError('PR1001', `no file matches ${pattern.text}`, {
    span: pattern.span,
    help: `looked for ${pattern.pattern}${paths.length > 0 ? `; ${paths.length} files are near it, but their names have not all parts` : ''}`,
  });
}

function inputFile(
  pattern: InputPattern,
  path: string,
  bytes: number,
  fromPath: ReadonlyMap<string, Value>,
  declared: readonly WantedColumn[],
): InputFile {
  const columns = new Map(fromPath);
  if (declared.some(({ name }) => name === FILE_COLUMN)) columns.set(FILE_COLUMN, basename(path));
  return { path, name: nameOf(pattern, path), bytes, columns };
}

/** The path as the script's author would write it: what the pattern's text is relative to stays away. */
function nameOf(pattern: InputPattern, path: string): string {
  const text = pattern.text.replace(/^\.\//u, '');
  if (path === pattern.pattern) return pattern.text;
  const base = pattern.pattern.endsWith(text) ? pattern.pattern.slice(0, -text.length) : null;
  return base !== null && path.startsWith(base) ? path.slice(base.length) : relative(process.cwd(), path);
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

async function sizeOf(disk: InputFiles, path: string, name: string): Promise<number | null> {
  try {
    return await disk.sizeOf(path);
  } catch (error) {
    throw fileError(error, name);
  }
}
