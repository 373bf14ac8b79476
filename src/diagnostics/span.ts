/**
 * A stretch of one source text: UTF-16 offsets, `start` inclusive, `end` exclusive.
 * `source` indexes the compilation's list of {@link Source}s, so that a span is plain data and still finds its text
 * after it has travelled through the plan to the runtime.
 */
export interface Span {
  readonly source: number;
  readonly start: number;
  readonly end: number;
}

/** A script text with the name it is shown by (a path as the user typed it, or `<builder>`). */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** A position as people count it: line and column from 1, column in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** The smallest span that holds both; both must be of one source. */
export function spanning(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end };
}

/** Line and column (both from 1) of an offset; an offset behind the end counts as the end. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.min(offset, text.length);
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1;
    lineStart = at + 1;
  }
  return { line, column: end - lineStart + 1 };
}
