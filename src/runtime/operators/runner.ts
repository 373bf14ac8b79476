/**
 * The seam between the engine and operators: columns in, columns out. The engine knows nothing of classes, rows, generators or models; what implements these
 * (built-in operators, user classes, readers, writers) knows nothing of queues and stages.
 */
import type { Span } from '../../diagnostics/span.ts';
import type { InputPattern } from '../../typecheck/typed.ts';
import type { Type, Value } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import type { DataPlace } from '../errors.ts';
import type { FileLayout } from '../readers/delimited-file.ts';
import type { InputFile } from '../readers/files.ts';
import type { RandomNumbers } from './random.ts';

/** A row an operator could not answer, or a line a reader could not take. */
export interface RowFailure {
  /** Row of the batch handed in. */
  readonly row: number;
  /** `PRxxxx`. */
  readonly code: string;
  readonly message: string;
  readonly cause: unknown;
}

/** A repair that the body yielded for a row: to the columns that its declared inputs are bound to. */
export interface RowRepair {
  /** Row of the batch handed in. */
  readonly row: number;
  readonly kind: 'edit' | 'append' | 'delete' | 'fail';
  /** Names of inputs, with the new values for edit and append (null else). Never empty. */
  readonly changes: readonly (readonly [input: string, value: Value])[];
}

export interface ProcessorAnswer {
  /** One vector per produced column, `length` rows each. */
  readonly vectors: readonly Vector[];
  readonly length: number;
  /** For every answer row the input row it came from, non-decreasing; null where it is exactly one per input row, in order. */
  readonly parents: Int32Array | null;
  /** In row order; such rows have no answer rows. */
  readonly failures: readonly RowFailure[];
  /** In the order in which they were yielded, by row. */
  readonly repairs: readonly RowRepair[];
}

/** One worker's instance of a PROCESS operator: `open` is preCall, `close` is postCall. Calls do not overlap. */
export interface ProcessorRunner {
  open(): Promise<void>;
  /** `inputs`: one vector per declared input, `length` rows each. Row `i`'s place is asked for only when a message needs it. */
  run(inputs: readonly Vector[], length: number, placeOf: (row: number) => DataPlace | null): Promise<ProcessorAnswer>;
  close(): Promise<void>;
  /** What its body draws; left out where it draws none. */
  readonly random?: RandomNumbers;
}

/** One side of the groups that a REDUCE or COMBINE operator is called on. */
export interface GroupSide {
  /** One per declared input; null where the other side has it. */
  readonly inputs: readonly (Vector | null)[];
  /** Rows of group `g`, in its order: `rows[starts[g]]` up to, not including, `rows[starts[g + 1]]`. */
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

export interface GroupAnswer {
  /** One vector per produced column, `length` rows each. */
  readonly vectors: readonly Vector[];
  readonly length: number;
  /** For every answer row its group, in the order of the groups asked for. */
  readonly groups: Int32Array;
  /** For each side and answer row the row of that side whose columns stand beside it. */
  readonly carried: readonly Int32Array[];
  /** `row` is the group; such groups have no answer rows. */
  readonly failures: readonly RowFailure[];
  /** By row of the first side; rows of the second count on from the `rows.length` of the first. */
  readonly repairs: readonly RowRepair[];
}

/** One worker's instance of a REDUCE (one side) or COMBINE (two sides) operator. Calls do not overlap. */
export interface GroupRunner {
  open(): Promise<void>;
  /** Calls the operator on these groups, one after the other. */
  run(sides: readonly GroupSide[], groups: Int32Array): Promise<GroupAnswer>;
  close(): Promise<void>;
  readonly random?: RandomNumbers;
}

/** A column the plan wants from a reader. `_file` and file-set columns come from the path: `fromPath`. */
export interface WantedColumn {
  readonly name: string;
  readonly type: Type;
  readonly span: Span;
}

export interface ReaderRequest {
  readonly files: readonly InputPattern[];
  /** All columns the EXTRACT declares, in order: they give positions and header names. */
  readonly declared: readonly WantedColumn[];
  /** Names of the ones to deliver, in the order of the batches' vectors. */
  readonly wanted: readonly string[];
  readonly options: ReadonlyMap<string, Value>;
  /** Whether a file with these columns in its path is read; left out, all are. Asked once of each file. */
  readonly keepsFile?: ((columns: ReadonlyMap<string, Value>) => boolean) | undefined;
  /** Rows a batch should have; a hint. */
  readonly batchRows: number;
  /** How many batches, the newest ones, are looked into at one time: the memory of those before them may be used again. Null or left out: it may not. */
  readonly inPassing?: number | null;
  /** Whether rows are written as they come: their numbers may then be copied from where they stand. */
  readonly written?: boolean;
  readonly signal: AbortSignal;
}

export interface RejectedLine {
  readonly place: DataPlace;
  /** The line as it stands in the file, decoded. */
  readonly text: string;
  readonly code: string;
  readonly message: string;
  /** Sequence of the batch it stands in, and the position there (ordinal) it would have. */
  readonly sequence: number;
  readonly ordinal: number;
}

/** What a reader delivers: batches in file order, `sequence` 0, 1, 2 … */
export interface ReadBatch {
  readonly batch: Batch;
  readonly rejected: readonly RejectedLine[];
  /** Bytes of input taken so far, of all files together. */
  readonly bytesRead: number;
}

export interface Source {
  /** The files found, in the order they are read, and their bytes together; null where that cannot be known. */
  readonly files: readonly string[];
  readonly bytes: number | null;
  batches(): AsyncIterable<ReadBatch>;
  /** The same file by file, for whoever lets others read parts of them; left out where files are read from their beginnings only. */
  readonly parts?: () => AsyncIterable<PartedFile>;
}

/** What another reader needs to go on somewhere in a file. Plain data. */
export interface DescribedFile {
  readonly file: InputFile;
  readonly layout: FileLayout;
  /** Of the reader where no option says another; '' for a reader of lines. */
  readonly delimiter: string;
  readonly options: ReadonlyMap<string, Value>;
  readonly declared: readonly WantedColumn[];
  readonly wanted: readonly string[];
  readonly written: boolean;
}

/** An open file, behind what stands before its first record. It closes itself when the next one is asked for. */
export interface PartedFile {
  /** Null for one that is read from its beginning only: it is compressed, or in another encoding. */
  readonly described: DescribedFile | null;
  /** The byte of the file at which the next record begins, and its line from 1. */
  readonly position: number;
  readonly line: number;
  /** Reads on, up to the first record that begins at `until` or behind it. */
  read(until: number): AsyncIterable<ReadBatch>;
  /** Goes on at another record when it reads the next time. */
  seek(position: number, line: number): void;
}

/** Finds the files (no match is an error) and prepares the reading. */
export type Reader = (request: ReaderRequest) => Promise<Source>;

export interface SinkRequest {
  /** Where the bytes go: a temporary file; the engine renames it. */
  readonly target: ByteSink;
  readonly columns: readonly { readonly name: string; readonly type: Type }[];
  readonly options: ReadonlyMap<string, Value>;
}

export interface ByteSink {
  write(chunk: Uint8Array): Promise<void>;
}

/** Writes rows as bytes; `close` writes what is left (a footer, a buffer) and does not close the target. */
export interface Sink {
  write(vectors: readonly Vector[], length: number): Promise<void>;
  /** Takes the next rows as the bytes that another sink of this writer, with these columns, made of them; left out where others cannot. */
  pass?(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export type Writer = (request: SinkRequest) => Promise<Sink>;
