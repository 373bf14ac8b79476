/** The header of one delimited file, for whoever must know its columns before reading it. */
import type { InputPattern } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import { dialectOf } from './delimited-file.ts';
import { readError } from './faults.ts';
import { inputFiles } from './files.ts';
import { readHeader } from './header.ts';
import type { InputFiles } from './input-files.ts';
import { readOptions } from './options.ts';
import { RecordFile } from './record-file.ts';

export async function headerOf(
  disk: InputFiles,
  pattern: InputPattern,
  delimiter: string,
  given: ReadonlyMap<string, Value>,
): Promise<readonly string[]> {
  const options = readOptions(given, delimiter);
  const [file] = await inputFiles([pattern], [], disk);
  if (file === undefined) throw new RangeError(`no file ${pattern.text}`);
  const opened = await RecordFile.open(disk, file, options.encoding);
  try {
    const dialect = dialectOf(options, opened.beginning);
    const header = await readHeader(opened, dialect);
    if (header !== null) return header;
    throw readError('PR1005', `${file.name} has no header line: it is empty`, { span: pattern.span });
  } finally {
    await opened.close();
  }
}
