/** For programs: one document, described in docs/cli.md. Its `version` changes when a field changes its meaning or goes. */
import type { Severity } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import { countsOf, inTextOrder } from './format.ts';
import type { Checked, Renderer } from './format.ts';
import { placesIn } from './place.ts';
import type { Place, Places } from './place.ts';

/** A place with offsets beside lines; columns and offsets are UTF-16 units. */
export interface JsonPlace extends Place {
  readonly startOffset: number;
  readonly endOffset: number;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  readonly place: JsonPlace;
  readonly related: readonly { readonly message: string; readonly place: JsonPlace }[];
}

export interface JsonDiagnostics {
  readonly version: 1;
  readonly scripts: readonly string[];
  readonly errors: number;
  readonly warnings: number;
  readonly notes: number;
  readonly diagnostics: readonly JsonDiagnostic[];
}

export function jsonPlace(span: Span, places: Places): JsonPlace {
  return { ...places.placeOf(span), startOffset: span.start, endOffset: span.end };
}

function jsonOf({ sources, diagnostics }: Checked): readonly JsonDiagnostic[] {
  const places = placesIn(sources);
  return inTextOrder(diagnostics).map(({ code, severity, message, help, span, related }) => ({
    code,
    severity,
    message,
    help,
    place: jsonPlace(span, places),
    related: related.map((one) => ({ message: one.message, place: jsonPlace(one.span, places) })),
  }));
}

export function diagnosticsAsJson(checked: readonly Checked[]): JsonDiagnostics {
  const { error, warning, note } = countsOf(checked);
  return {
    version: 1,
    scripts: checked.map(({ sources }) => sources[0]?.name ?? ''),
    errors: error,
    warnings: warning,
    notes: note,
    diagnostics: checked.flatMap(jsonOf),
  };
}

export const json: Renderer = (checked) => `${JSON.stringify(diagnosticsAsJson(checked), null, 2)}\n`;
