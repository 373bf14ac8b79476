import type { ChalkInstance } from 'chalk';
import type { Diagnostic, Severity } from '../diagnostic.ts';
import type { Source } from '../span.ts';

/** The diagnostics of one compilation with the texts that their spans index. */
export interface Checked {
  readonly sources: readonly Source[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Look {
  readonly chalk: ChalkInstance;
  /** Cells of a line. */
  readonly width: number;
}

/** Turns what was found in some scripts into one text that ends with a line break, or is empty. */
export type Renderer = (checked: readonly Checked[], look: Look) => string;

export type Counts = Readonly<Record<Severity, number>>;

export function countsOf(checked: readonly Checked[]): Counts {
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { diagnostics } of checked) for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}

/** In the order of the text, the scripts one after the other; what is found at one place keeps the order it was found in. */
export function inTextOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.source - b.span.source || a.span.start - b.span.start);
}

/** `1 error`, `2 rows`, `0 files`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `1,234,567`, without the locale data that takes some ten milliseconds to load. */
function grouped(count: number): string {
  return `${count}`.replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
