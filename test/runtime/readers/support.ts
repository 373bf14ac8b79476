/** Files in memory, and what a reader makes of them as plain rows. */
import { basename } from 'node:path';
import { createReaders } from '../../../src/runtime/readers/index.ts';
import type { InputFiles } from '../../../src/runtime/readers/index.ts';
import type { RawBytes } from '../../../src/runtime/readers/input-files.ts';
import type { RejectedLine, Source, WantedColumn } from '../../../src/runtime/operators/runner.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';
import { valueAt } from '../../../src/runtime/vectors.ts';

const SPAN = { source: 0, start: 0, end: 0 };

export interface Attempt {
  readonly reader?: string;
  readonly columns: readonly (readonly [string, Type])[];
  readonly wanted?: readonly string[];
  readonly options?: Readonly<Record<string, Value>>;
  readonly batchRows?: number;
  readonly chunkBytes?: number;
  readonly pattern?: string;
}

export interface Outcome {
  readonly rows: readonly (readonly Value[])[];
  /** `file:line` of each row. */
  readonly places: readonly string[];
  readonly rejected: readonly RejectedLine[];
  readonly files: readonly string[];
}

/** A disk that holds these files under `/data`. */
export function memoryFiles(files: ReadonlyMap<string, Uint8Array>, chunkBytes = 1024 * 1024): InputFiles {
  return {
    chunkBytes,
    sizeOf: async (path) => files.get(path)?.length ?? null,
    matching: async (pattern) => [...files.keys()].filter((path) => matches(pattern, path)),
    open: async (path) => bytesFrom(Buffer.from(files.get(path) ?? ''), 0),
    openAt: async (path, from) => bytesFrom(Buffer.from(files.get(path) ?? ''), from),
  };
}

function bytesFrom(bytes: Buffer, from: number): RawBytes {
  let at = from;
  return {
    async read(target, offset, length) {
      const count = at >= bytes.length ? 0 : bytes.copy(target, offset, at, Math.min(bytes.length, at + length));
      at += count;
      return count;
    },
    taken: () => at,
    close: async () => undefined,
  };
}

function matches(pattern: string, path: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^$()|[\]\\]/gu, String.raw`\$&`)
    .replaceAll('*', '[^/]*')
    .replaceAll(/\{([^{}]*)\}/gu, (_, texts: string) => `(?:${texts.replaceAll(',', '|')})`);
  return new RegExp(`^${expression}$`, 'u').test(path);
}

export async function open(disk: InputFiles, attempt: Attempt): Promise<Source> {
  const pattern = attempt.pattern ?? '/data/in.csv';
  const declared: WantedColumn[] = attempt.columns.map(([name, type]) => ({ name, type, span: SPAN }));
  const reader = createReaders(disk).get(attempt.reader ?? 'CsvReader');
  if (reader === undefined) throw new RangeError(`no reader ${attempt.reader ?? ''}`);
  return reader({
    files: [{ pattern, text: pattern.replace('/data/', ''), span: SPAN }],
    declared,
    wanted: attempt.wanted ?? declared.map(({ name }) => name),
    options: new Map(Object.entries(attempt.options ?? {})),
    batchRows: attempt.batchRows ?? 4096,
    signal: new AbortController().signal,
  });
}

/** Reads one file's bytes (or a map of files) to the end. */
export async function readAll(
  content: string | Uint8Array | ReadonlyMap<string, Uint8Array>,
  attempt: Attempt,
): Promise<Outcome> {
  const files =
    content instanceof Map ? content : new Map([[attempt.pattern ?? '/data/in.csv', Buffer.from(content as string)]]);
  const source = await open(memoryFiles(files, attempt.chunkBytes), attempt);
  const rows: Value[][] = [];
  const places: string[] = [];
  const rejected: RejectedLine[] = [];
  for await (const read of source.batches()) {
    const { batch } = read;
    rejected.push(...read.rejected);
    for (let row = 0; row < batch.length; row++) {
      rows.push(batch.vectors.map((vector) => valueAt(vector, row)));
      const ordinal = batch.ordinals === null ? row : (batch.ordinals[row] ?? 0);
      places.push(`${basename(batch.source?.name ?? '')}:${batch.source?.lineOf(ordinal) ?? 0}`);
    }
  }
  return { rows, places, rejected, files: source.files };
}
