/** Delimited files that are read in parts: by one who goes from record to record, and by others who begin somewhere in the middle. */
import type { DescribedFile, PartedFile, ReadBatch, ReaderRequest } from '../operators/runner.ts';
import { openFile, Records, wantedOf } from './delimited-file.ts';
import type { ReadJob } from './delimited-file.ts';
import type { InputFile } from './files.ts';
import { isCompressed } from './input-files.ts';
import type { InputFiles } from './input-files.ts';
import { readOptions } from './options.ts';
import { RecordFile } from './record-file.ts';

interface PartsJob extends ReadJob {
  readonly request: ReaderRequest;
  readonly delimiter: string;
}

/** The files one after the other; batches are numbered through all of them. */
export async function* partedFiles(job: PartsJob, files: readonly InputFile[]): AsyncGenerator<PartedFile> {
  const numbers = { sequence: 0, before: 0 };
  for (const file of files) {
    const parted = await DelimitedFile.open(job, file, numbers);
    try {
      yield parted;
    } finally {
      await parted.close();
    }
    numbers.before += file.bytes;
  }
}

class DelimitedFile implements PartedFile {
  readonly described: DescribedFile | null;
  private readonly job: PartsJob;
  private readonly numbers: { sequence: number; before: number };
  private opened: RecordFile;
  private records: Records;
  private moved: { readonly position: number; readonly line: number } | null = null;

  private constructor(
    job: PartsJob,
    { opened, layout, records }: Awaited<ReturnType<typeof openFile>>,
    numbers: { sequence: number; before: number },
  ) {
    const { disk, request, delimiter } = job;
    const { file, turnedFrom } = opened;
    const { options, declared, wanted, written = false } = request;
    const fromAnywhere = disk.openAt !== undefined && turnedFrom === null && !isCompressed(file.path);
    this.described = fromAnywhere ? { file, layout, delimiter, options, declared, wanted, written } : null;
    this.job = job;
    this.numbers = numbers;
    this.opened = opened;
    this.records = records;
  }

  static async open(job: PartsJob, file: InputFile, numbers: DelimitedFile['numbers']): Promise<DelimitedFile> {
    return new DelimitedFile(job, await openFile(job, file, job.request.inPassing ?? null), numbers);
  }

  get position(): number {
    return this.moved?.position ?? this.opened.position;
  }

  get line(): number {
    return this.moved?.line ?? this.opened.line;
  }

  async *read(until: number): AsyncIterable<ReadBatch> {
    const { numbers } = this;
    if (this.position >= until) return;
    await this.reopened();
    for (;;) {
      const read = await this.records.next(numbers.sequence, until);
      if (read === null) return;
      numbers.sequence += 1;
      yield { ...read, bytesRead: numbers.before + read.bytesRead };
    }
  }

  seek(position: number, line: number): void {
    this.moved = { position, line };
  }

  private async reopened(): Promise<void> {
    const { moved, described, job } = this;
    if (moved === null) return;
    if (described === null) throw new RangeError(`${this.opened.file.name} is read from its beginning only`);
    const { file, layout } = described;
    const before = this.opened;
    const inPassing = job.request.inPassing ?? null;
    this.opened = await RecordFile.openAt(job.disk, file, moved.position, { wanted: Infinity, inPassing });
    this.opened.line = moved.line;
    this.records = new Records(job, this.opened, layout, 1);
    this.moved = null;
    await before.close();
  }

  close(): Promise<void> {
    return this.opened.close();
  }
}

/** A part of a file, read by one who does not know where its first record begins. */
export interface ReadPart {
  /** Where the first record begins if none goes on from before the first line end; null where then none begins in the part. */
  readonly start: number | null;
  /** The byte behind the last record, and the lines it stands behind the first one. */
  readonly end: number;
  readonly lines: number;
  next(): Promise<ReadBatch | null>;
  close(): Promise<void>;
}

/** Bytes before a part that show whether a line ends there: a CRLF. */
const LOOK_BACK = 2;

/**
 * Opens the part of a file whose records begin at `from` or behind and before `to`. A record is taken to begin behind the first line end; whether one does is
 * known to whoever has read what is before. Lines count from 1 in the part.
 */
export async function openPart(
  { file, layout, delimiter, options, declared, wanted, written }: DescribedFile,
  { from, to }: { readonly from: number; readonly to: number },
  { disk, batchRows, signal }: { disk: InputFiles; batchRows: number; signal: AbortSignal },
): Promise<ReadPart> {
  const read = readOptions(options, delimiter);
  const begin = Math.max(0, from - LOOK_BACK);
  const opened = await RecordFile.openAt(disk, file, begin, { wanted: to - begin, inPassing: 1 });
  try {
    opened.skipByte();
    await opened.skipLines(1, layout.ending, to);
    opened.line = 1;
    const job = {
      request: { declared, batchRows, inPassing: 1, written, signal },
      options: read,
      disk,
      wanted: wantedOf({ wanted, declared }),
    };
    const records = new Records(job, opened, layout, 1);
    let sequence = 0;
    return {
      start: opened.position < to && !opened.isEmpty ? opened.position : null,
      get end() {
        return opened.position;
      },
      get lines() {
        return opened.line - 1;
      },
      next: () => records.next(sequence++, to),
      close: () => opened.close(),
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}
