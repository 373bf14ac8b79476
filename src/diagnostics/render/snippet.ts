/** Draws the lines of a script that a span covers, with their numbers and carets below. */
import type { ChalkInstance } from 'chalk';
import type { Span } from '../span.ts';
import { escapeControls } from './escape.ts';
import type { Places } from './place.ts';
import { characters, displayWidth } from './width.ts';

const TAB = 4;
/** A span of more lines than this is shown by its first and its last line. */
const MOST_LINES = 3;

export interface SnippetStyle {
  readonly chalk: ChalkInstance;
  /** What the carets are coloured with. */
  readonly mark: ChalkInstance;
  /** Cells of a line, the gutter included. */
  readonly width: number;
  /** Digits of the widest line number of the block. */
  readonly digits: number;
}

interface Cell {
  /** UTF-16 offset in the line. */
  readonly at: number;
  readonly text: string;
  readonly width: number;
}

/** A line as it is shown: tabs are spaces, controls are their escapes. */
function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  let column = 0;
  for (const character of characters(line)) {
    const text = character.text === '\t' ? ' '.repeat(TAB - (column % TAB)) : escapeControls(character.text);
    const width = text === character.text ? character.width : displayWidth(text);
    cells.push({ at, text, width });
    at += character.text.length;
    column += width;
  }
  return cells;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}

interface Window {
  readonly cells: readonly Cell[];
  readonly before: string;
  readonly after: string;
}

/** The part of a line that fits, with the mark in it and a third of the room before it. */
function windowOf(cells: readonly Cell[], from: number, room: number): Window {
  if (widthOf(cells) <= room) return { cells, before: '', after: '' };
  const inner = Math.max(8, room - 2);
  const marked = cells.findIndex((cell) => cell.at >= from);
  let first = marked === -1 ? cells.length : marked;
  for (let used = 0; first > 0 && used < inner / 3; first -= 1) used += cells[first - 1]?.width ?? 0;
  const tail = cells.slice(first);
  while (first > 0 && widthOf(tail) < inner) {
    first -= 1;
    tail.unshift(...cells.slice(first, first + 1));
  }
  let used = 0;
  const shown: Cell[] = [];
  for (const cell of tail) {
    if (used + cell.width > inner) break;
    shown.push(cell);
    used += cell.width;
  }
  return { cells: shown, before: first > 0 ? '…' : '', after: shown.length < tail.length ? '…' : '' };
}

/** One line and its carets under the offsets `from` to `to` (exclusive); at least one caret. */
function drawLine(line: string, number: number, from: number, to: number, style: SnippetStyle): readonly string[] {
  const { chalk, digits } = style;
  const gutter = chalk.dim(`${String(number).padStart(digits)} |`);
  const blank = chalk.dim(`${' '.repeat(digits)} |`);
  const { cells, before, after } = windowOf(cellsOf(line), from, style.width - digits - 4);
  const text = before + cells.map((cell) => cell.text).join('') + after;
  const lead = before.length + widthOf(cells.filter((cell) => cell.at < from));
  const length = widthOf(cells.filter((cell) => cell.at >= from && cell.at < to));
  const carets = style.mark('^'.repeat(Math.max(1, length)));
  return [`${gutter} ${text}`.trimEnd(), `${blank} ${' '.repeat(lead)}${carets}`];
}

/** The lines of a span, each with its carets; of a long span the first and the last. */
export function snippet(span: Span, places: Places, style: SnippetStyle): readonly string[] {
  const { start, end } = places.placeOf(span);
  // Nothing to point at: an empty script, or one that could not be read.
  if (span.end === 0 && places.lineOf(span, 1) === '') return [];
  const last = end.column === 1 && end.line > start.line ? end.line - 1 : end.line;
  const drawn: string[] = [];
  for (let number = start.line; number <= last; number += 1) {
    if (last - start.line >= MOST_LINES && number > start.line && number < last) {
      if (number === start.line + 1) drawn.push(style.chalk.dim(`${' '.repeat(style.digits)} | …`));
      continue;
    }
    const line = places.lineOf(span, number);
    const indent = line.length - line.trimStart().length;
    const from = number === start.line ? start.column - 1 : indent;
    const to = number === end.line ? end.column - 1 : line.trimEnd().length;
    drawn.push(...drawLine(line, number, from, to, style));
  }
  return drawn;
}
