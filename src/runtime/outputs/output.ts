/** An OUTPUT while the job runs: one file, or one for each value of the columns in its path. */
import type { OutputNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import type { Sink, Writer } from '../operators/runner.ts';
import { datesOf } from '../readers/options.ts';
import { gather } from '../vectors.ts';
import { cellsOf } from '../writers/cells.ts';
import { outputError, outputFault } from './faults.ts';
import type { OutputFiles } from './files.ts';
import { OutputFile } from './output-file.ts';
import { partitionPath } from './partition-path.ts';

/** Files of one output that may be open at once. */
const OPEN_FILES = 64;

/** A file with the writer that fills it. */
interface Part {
  readonly path: string;
  /** As the script would write it. */
  readonly shown: string;
  readonly file: OutputFile;
  readonly sink: Sink;
  /** From 0, in the order in which they were begun. */
  readonly number: number;
  rows: number;
}

export interface FinishedPart {
  readonly shown: string;
  readonly file: OutputFile;
  readonly rows: number;
}

/** Rows of a batch that one file got; null for all. */
export interface WrittenRows {
  readonly part: number;
  readonly rows: Int32Array | null;
}

export interface OutputContext {
  readonly files: OutputFiles;
  readonly job: string;
  readonly writer: Writer;
  readonly input: Schema;
}

export class Output {
  readonly node: OutputNode;
  private readonly context: OutputContext;
  /** In the order in which their values first came. */
  private readonly parts = new Map<string, Part>();
  private readonly begun: OutputFile[] = [];
  private readonly recent = new Set<Part>();

  constructor(node: OutputNode, context: OutputContext) {
    this.node = node;
    this.context = context;
  }

  /** Makes sure that the output can be written before anything is computed. */
  async begin(): Promise<void> {
    if (this.node.partitionBy.length === 0)
      await this.guarded(async () => this.part(this.node.path, this.node.pathText));
  }

  /** Tells which rows went to which of its files, by the order in which the files were begun. */
  write(batch: Batch): Promise<readonly WrittenRows[]> {
    return this.guarded(async () => {
      if (this.node.partitionBy.length === 0) {
        await this.put(await this.part(this.node.path, this.node.pathText), batch.vectors, batch.length);
        return [{ part: 0, rows: null }];
      }
      const written: WrittenRows[] = [];
      for (const { path, shown, rows } of this.partitions(batch)) {
        const vectors = batch.vectors.map((vector) => gather(vector, rows));
        const part = await this.part(path, shown);
        await this.put(part, vectors, rows.length);
        written.push({ part: part.number, rows });
      }
      return written;
    });
  }

  /** Writes rows that a worker has put into the writer's form; only of an output that is one file. */
  pass(bytes: Uint8Array, rows: number): Promise<void> {
    return this.guarded(async () => {
      const part = await this.part(this.node.path, this.node.pathText);
      if (part.sink.pass === undefined) throw new RangeError(`${this.node.writer.signature.name} takes rows only`);
      await part.sink.pass(bytes);
      part.rows += rows;
    });
  }

  /** Writes all that is left; the files are complete, under their temporary names. */
  finish(): Promise<readonly FinishedPart[]> {
    return this.guarded(async () => {
      for (const { sink, file } of this.parts.values()) {
        await sink.close();
        await file.finish();
      }
      return [...this.parts.values()].map(({ shown, file, rows }) => ({ shown, file: file, rows }));
    });
  }

  /** Takes away every temporary file, as far as that can be done. */
  async discard(): Promise<void> {
    await Promise.allSettled(this.begun.map((file) => file.discard()));
  }

  private async put(part: Part, vectors: readonly Vector[], rows: number): Promise<void> {
    await part.sink.write(vectors, rows);
    part.rows += rows;
    await this.limitOpen(part);
  }

  /** Only so many partitions keep their file open; the others open theirs again when they have more to write. */
  private async limitOpen(part: Part): Promise<void> {
    if (this.node.partitionBy.length === 0) return;
    this.recent.delete(part);
    if (part.file.isOpen) this.recent.add(part);
    for (const oldest of this.recent) {
      if (this.recent.size <= OPEN_FILES) return;
      this.recent.delete(oldest);
      await oldest.file.pause();
    }
  }

  private async part(path: string, shown: string): Promise<Part> {
    const known = this.parts.get(path);
    if (known !== undefined) return known;
    const { files, job, writer, input } = this.context;
    if (await files.isFolder(path)) throw outputFault('PR5103', `${shown} is a folder`, this.node.span);
    const file = new OutputFile(files, path, job);
    this.begun.push(file);
    await file.begin();
    const sink = await writer({
      target: file,
      columns: input.map(({ name, type }) => ({ name, type })),
      options: new Map(this.node.writer.options),
    });
    const part: Part = { path, shown, file, sink, number: this.parts.size, rows: 0 };
    this.parts.set(path, part);
    return part;
  }

  private partitions(batch: Batch): readonly { path: string; shown: string; rows: Int32Array }[] {
    const texts = this.node.partitionBy.map((name) => this.textsOf(name, batch));
    const rowsOf = new Map<string, { shown: string; rows: number[] }>();
    for (let row = 0; row < batch.length; row++) {
      const values = new Map(this.node.partitionBy.map((name, at) => [name, texts[at]?.(row) ?? null]));
      const path = partitionPath(this.node.path, values);
      const group = rowsOf.get(path);
      if (group === undefined) rowsOf.set(path, { shown: partitionPath(this.node.pathText, values), rows: [row] });
      else group.rows.push(row);
    }
    return [...rowsOf].map(([path, { shown, rows }]) => ({ path, shown, rows: Int32Array.from(rows) }));
  }

  private textsOf(name: string, batch: Batch): (row: number) => string | null {
    const { input } = this.context;
    const at = input.findIndex((column) => column.name === name);
    const column = input[at];
    const vector = batch.vectors[at];
    if (column === undefined || vector === undefined) throw new RangeError(`no column ${name} to partition by`);
    const dates = datesOf(new Map(this.node.writer.options));
    const { bytes, starts, ends, nulls } = cellsOf(vector, { name, type: column.type, from: at }, dates);
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return (row) => (nulls?.[row] === 1 ? null : buffer.toString('utf8', starts[row], ends[row]));
  }

  private async guarded<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      throw outputError(error, this.node.pathText, this.node.span);
    }
  }
}
