/** Where comments go: each stands in the first gap of the layout that lies behind it in the script. */
import type { Comment } from '../ast.ts';
import { concat, hardline, type Doc } from './doc.ts';

interface Placed {
  readonly text: string;
  readonly start: number;
  /** Nothing but space before it on its line. */
  readonly first: boolean;
  /** Nothing but space behind it on its line. */
  readonly last: boolean;
}

/** The comments of one script, handed out in order while it is laid out from front to back. */
export class Comments {
  readonly #placed: readonly Placed[];
  readonly #source: string;
  #next = 0;

  constructor(comments: readonly Comment[], source: string) {
    this.#placed = comments.map(({ text, span }) => ({
      text: text.trimEnd(),
      start: span.start,
      first: source.slice(lineStart(source, span.start), span.start).trim() === '',
      last: source.slice(span.end, lineEnd(source, span.end)).trim() === '',
    }));
    this.#source = source;
  }

  #before(offset: number): readonly Placed[] {
    const from = this.#next;
    while ((this.#placed[this.#next]?.start ?? Number.POSITIVE_INFINITY) < offset) this.#next += 1;
    return this.#placed.slice(from, this.#next);
  }

  /**
   * `separator` with the comments that stand before an offset: on the line of what is before them, on lines of their
   * own, or inline, as they were written.
   */
  gap(separator: Doc, offset: number): Doc {
    const parts: Doc[] = [];
    let open = separator;
    for (const { text, first, last } of this.#before(offset)) {
      if (last) parts.push(first || open === hardline ? hardline : ' ', text);
      else parts.push(open, text);
      open = last ? hardline : ' ';
    }
    return parts.length === 0 ? separator : concat(...parts, open);
  }

  /** The comments between two statements, each with the line break before it. */
  between(offset: number, atTop: boolean): readonly Doc[] {
    const parts: Doc[] = [];
    let ended = false;
    for (const { text, first, last, start } of this.#before(offset)) {
      if (atTop && parts.length === 0) parts.push(text);
      else if (first || ended) parts.push(hardline, ...(this.apart(start) ? [hardline] : []), text);
      else parts.push(' ', text);
      ended = last;
    }
    return parts;
  }

  /** Whether an empty line stands before an offset. */
  apart(offset: number): boolean {
    let lines = 0;
    for (let at = offset - 1; at >= 0 && lines < 2; at -= 1) {
      const char = this.#source.charAt(at);
      if (char === '\n') lines += 1;
      else if (char.trim() !== '') return false;
    }
    return lines >= 2;
  }
}

export function noComments(): Comments {
  return new Comments([], '');
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end;
}
