/** For people: `file:line:column: severity CODE: message`, the lines of the script with carets, related places, what to type instead. */
import type { ChalkInstance } from 'chalk';
import type { Severity } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import { escapeLines } from './escape.ts';
import { counted, countsOf, inTextOrder } from './format.ts';
import type { Checked, Look, Renderer } from './format.ts';
import { placesIn } from './place.ts';
import type { Places } from './place.ts';
import { snippet } from './snippet.ts';

/** A diagnostic, or an error of a run, which has the same parts. */
export interface Complaint {
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  /** Null for an error of a run that belongs to no place of the script. */
  readonly span: Span | null;
  readonly related: readonly { readonly message: string; readonly span: Span }[];
}

function colourOf(severity: Severity, chalk: ChalkInstance): ChalkInstance {
  switch (severity) {
    case 'error':
      return chalk.red;
    case 'warning':
      return chalk.yellow;
    case 'note':
      return chalk.cyan;
  }
}

function where(span: Span, places: Places): string {
  const { file, start } = places.placeOf(span);
  return escapeLines(`${file}:${start.line}:${start.column}`);
}

function indented(text: string, indent: string): string {
  return escapeLines(text).replaceAll('\n', `\n${indent}`);
}

function digitsOf(complaint: Complaint, places: Places): number {
  const spans = complaint.related.map((one) => one.span).concat(complaint.span ?? []);
  return Math.max(2, ...spans.map((span) => String(places.placeOf(span).end.line).length)) + 1;
}

/** One complaint as lines without a line break at the end. */
export function complaintText(complaint: Complaint, places: Places, { chalk, width }: Look): string {
  const { severity, code, message, help, span } = complaint;
  const mark = colourOf(severity, chalk);
  const digits = digitsOf(complaint, places);
  const blank = ' '.repeat(digits);
  const place = span === null ? '' : `${chalk.bold(where(span, places))}: `;
  const lines = [`${place}${mark.bold(severity)} ${chalk.bold(code)}: ${indented(message, `${blank}   `)}`];
  if (span !== null) lines.push(...snippet(span, places, { chalk, mark, width, digits }));
  for (const related of complaint.related) {
    lines.push(
      `${blank} ${chalk.cyan('-')} ${where(related.span, places)}: ${indented(related.message, `${blank}   `)}`,
    );
    lines.push(...snippet(related.span, places, { chalk, mark: chalk.cyan, width, digits }));
  }
  if (help !== null) lines.push(`${blank} ${chalk.green('= help:')} ${indented(help, `${blank}   `)}`);
  return lines.join('\n');
}

/** `2 errors and 1 warning in 3 scripts`. */
function summary(checked: readonly Checked[], chalk: ChalkInstance): string {
  const { error, warning, note } = countsOf(checked);
  const found: string[] = [];
  if (error > 0) found.push(chalk.red(counted(error, 'error')));
  if (warning > 0) found.push(chalk.yellow(counted(warning, 'warning')));
  if (note > 0) found.push(chalk.cyan(counted(note, 'note')));
  const scripts = counted(checked.length, 'script');
  if (found.length === 0) return `${chalk.green('no problems')} in ${scripts}`;
  const last = found.pop() ?? '';
  return `${found.length === 0 ? last : `${found.join(', ')} and ${last}`} in ${scripts}`;
}

export const pretty: Renderer = (checked, look) => {
  const blocks = checked.flatMap(({ sources, diagnostics }) => {
    const places = placesIn(sources);
    return inTextOrder(diagnostics).map((diagnostic) => complaintText(diagnostic, places, look));
  });
  return [...blocks, summary(checked, look.chalk)].join('\n\n') + '\n';
};
