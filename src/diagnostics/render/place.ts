/** Finds the lines of spans: the one place where offsets become lines and columns for printing. */
import type { Position, Source, Span } from '../span.ts';

/** A span as people read it: lines and columns from 1, columns in UTF-16 units, `end` exclusive. */
export interface Place {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

export interface Places {
  placeOf(span: Span): Place;
  /** Line `line` (from 1) without its line break. */
  lineOf(span: Span, line: number): string;
}

const NOWHERE: Source = { name: '<unknown>', text: '' };

interface Lines {
  readonly source: Source;
  readonly starts: readonly number[];
}

function linesOf(source: Source): Lines {
  const starts = [0];
  for (let at = source.text.indexOf('\n'); at !== -1; at = source.text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { source, starts };
}

/** The last line that starts at or before the offset. */
function positionIn({ source, starts }: Lines, offset: number): Position {
  const at = Math.max(0, Math.min(offset, source.text.length));
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: at - (starts[low] ?? 0) + 1 };
}

/** Looks places up in the sources of a compilation; a text is cut into lines once. */
export function placesIn(sources: readonly Source[]): Places {
  const known = new Map<number, Lines>();
  const linesFor = (index: number): Lines => {
    const lines = known.get(index) ?? linesOf(sources[index] ?? NOWHERE);
    known.set(index, lines);
    return lines;
  };
  return {
    placeOf(span) {
      const lines = linesFor(span.source);
      return {
        file: lines.source.name,
        start: positionIn(lines, span.start),
        end: positionIn(lines, Math.max(span.start, span.end)),
      };
    },
    lineOf(span, line) {
      const { source, starts } = linesFor(span.source);
      const start = starts[line - 1] ?? source.text.length;
      const next = starts[line];
      return source.text.slice(start, next === undefined ? source.text.length : next - 1).replace(/\r$/, '');
    },
  };
}
