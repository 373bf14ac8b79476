/** Workflow commands of GitHub Actions: annotations on the lines of a pull request. */
import type { Diagnostic, Severity } from '../diagnostic.ts';
import { escapeLines } from './escape.ts';
import { inTextOrder } from './format.ts';
import type { Renderer } from './format.ts';
import { placesIn } from './place.ts';
import type { Places } from './place.ts';

const COMMAND: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', note: 'notice' };

function data(text: string): string {
  return escapeLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

function annotation({ code, severity, message, help, span }: Diagnostic, places: Places): string {
  const { file, start, end } = places.placeOf(span);
  // GitHub takes columns only where the annotation stays on one line; its end column is the last one marked.
  const columns =
    start.line === end.line ? `,col=${start.column},endColumn=${Math.max(start.column, end.column - 1)}` : '';
  const at = `file=${property(file)},line=${start.line},endLine=${end.line}${columns},title=${property(code)}`;
  return `::${COMMAND[severity]} ${at}::${data(help === null ? message : `${message}\nhelp: ${help}`)}\n`;
}

export const github: Renderer = (checked) =>
  checked
    .flatMap(({ sources, diagnostics }) => {
      const places = placesIn(sources);
      return inTextOrder(diagnostics).map((diagnostic) => annotation(diagnostic, places));
    })
    .join('');
