/**
 * A batch: some consecutive rows of a rowset as columns. Typed arrays for numbers, strings as views over UTF-8 bytes that are decoded only when
 * something asks, one byte a row for nulls. No object per row.
 */

/** 1 where the row is null; null where no row is. */
export type Nulls = Uint8Array | null;

/** Where numbers stand as text in the bytes that they were read from: `bytes[starts[i] … ends[i])`. */
export interface NumberTexts {
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

export interface IntVector {
  readonly kind: 'int';
  readonly values: Int32Array;
  readonly nulls: Nulls;
  /** Only for a writer to copy: left out where the numbers were made, or nobody will write them. */
  readonly texts?: NumberTexts;
}

/** long, float and datetime (milliseconds UTC). */
export interface NumberVector {
  readonly kind: 'number';
  readonly values: Float64Array;
  readonly nulls: Nulls;
  /** As of an {@link IntVector}. */
  readonly texts?: NumberTexts;
}

export interface BoolVector {
  readonly kind: 'bool';
  readonly values: Uint8Array;
  readonly nulls: Nulls;
}

/** Strings as `bytes[starts[i] … ends[i])` of well-formed UTF-8, usually a piece of the input file itself. */
export interface Utf8Vector {
  readonly kind: 'utf8';
  readonly bytes: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly nulls: Nulls;
  /** Row → decoded string, filled as rows are asked for; null until the first one is. */
  decoded: (string | undefined)[] | null;
  /** Where the rows are those of another vector, most of them many times, as behind a join: which. Null or left out elsewhere; no row is null then. */
  readonly taken?: TakenRows | null;
}

export interface TakenRows {
  readonly from: Utf8Vector;
  readonly rows: Int32Array;
}

/** Strings that an expression or an operator made. */
export interface StringVector {
  readonly kind: 'string';
  readonly values: readonly (string | null)[];
}

/** bytes, json and arrays. */
export interface ObjectVector {
  readonly kind: 'object';
  readonly values: readonly unknown[];
}

export type Vector = IntVector | NumberVector | BoolVector | Utf8Vector | StringVector | ObjectVector;

/** Where the rows of a source batch stand, so that an error can name them. */
export interface BatchSource {
  /** As the user knows it: the path. */
  readonly name: string;
  /** Line (from 1) of the source batch's row `ordinal`. */
  readonly lineOf: (ordinal: number) => number;
}

/**
 * Laws: every vector has `length` rows. A source numbers its batches 0, 1, 2 …; every row-wise step turns each batch into exactly one
 * batch of the same `sequence`, possibly empty, and keeps `ordinals` (rows' positions in the source's batch, non-decreasing; null is
 * 0, 1, 2 …). So branches of one source meet again in a UNION by (sequence, ordinal) alone, whatever the schedule.
 */
export interface Batch {
  readonly length: number;
  readonly vectors: readonly Vector[];
  readonly sequence: number;
  readonly ordinals: Int32Array | null;
  readonly source: BatchSource | null;
}
