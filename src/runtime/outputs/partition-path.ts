/** The path of a partition: `{column}` of a pattern filled with a value, in a way that no value can leave its folder and no two values share a file. */
import { RunError } from '../errors.ts';

/** Bytes of a file name that every file system takes. */
const MAX_NAME = 200;

/** What stands for null; an empty text is `_empty`. A value that looks like either has its `_` written as %5F. */
const NULL_NAME = '_null';
const EMPTY_NAME = '_empty';

/** @param texts the columns' values as the writer prints them; null for null */
export function partitionPath(pattern: string, texts: ReadonlyMap<string, string | null>): string {
  return pattern.replaceAll(/\{([^{}]+)\}/gu, (whole, name: string) => {
    const text = texts.get(name);
    return text === undefined ? whole : fileName(name, text);
  });
}

function fileName(column: string, text: string | null): string {
  if (text === null) return NULL_NAME;
  if (text === '') return EMPTY_NAME;
  const safe = text
    .replaceAll(/[%/\\:*?"<>|\p{Cc}]/gu, percent)
    .replace(/^[._]/u, percent)
    .replace(/[. ]$/u, percent);
  if (Buffer.byteLength(safe) <= MAX_NAME) return safe;
  throw new RunError(
    'PR5104',
    `column ${column}: ${JSON.stringify(text.slice(0, 60))}… is too long for the name of a file`,
    { help: 'partition by a shorter column' },
  );
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}
