/** SARIF 2.1.0 (OASIS), for code scanning: one run, its rules from the catalogue, one result a diagnostic. */
import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import { catalogue } from '../catalogue/index.ts';
import type { Diagnostic, Severity } from '../diagnostic.ts';
import type { Span } from '../span.ts';
import { inTextOrder } from './format.ts';
import type { Checked, Renderer } from './format.ts';
import { placesIn } from './place.ts';
import type { Places } from './place.ts';

interface Page {
  readonly title: string;
  readonly why: string;
  readonly severity: Severity;
  readonly example: string;
  readonly cure: string;
}

const PAGES: ReadonlyMap<string, Page> = new Map(Object.entries(catalogue));

/** A relative path as a relative URI reference; what is no path (`<stdin>`) is percent-encoded like one. */
function uriOf(file: string): string {
  if (isAbsolute(file)) return pathToFileURL(file).href;
  return file.split(/[\\/]/).map(encodeURIComponent).join('/');
}

function rule(code: string): object {
  const page = PAGES.get(code);
  if (page === undefined) return { id: code };
  return {
    id: code,
    shortDescription: { text: page.title },
    fullDescription: { text: page.why },
    help: { text: `${page.why}\n\nThis gives ${code}:\n\n${page.example}\nThis does not:\n\n${page.cure}` },
    defaultConfiguration: { level: page.severity },
  };
}

function location(span: Span, places: Places): object {
  const { file, start, end } = places.placeOf(span);
  const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
  return { physicalLocation: { artifactLocation: { uri: uriOf(file) }, region } };
}

function result(diagnostic: Diagnostic, ruleIndex: number, places: Places): object {
  const { code, severity, message, help, span, related } = diagnostic;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: { text: help === null ? message : `${message}\nhelp: ${help}` },
    locations: [location(span, places)],
    ...(related.length > 0 && {
      relatedLocations: related.map((one, id) => ({
        id,
        message: { text: one.message },
        ...location(one.span, places),
      })),
    }),
  };
}

/** The document as plain data. */
export function sarifLog(checked: readonly Checked[]): object {
  const codes = [...new Set(checked.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].toSorted();
  const results = checked.flatMap(({ sources, diagnostics }) => {
    const places = placesIn(sources);
    return inTextOrder(diagnostics).map((one) => result(one, codes.indexOf(one.code), places));
  });
  return {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver: { name: 'pyscope', rules: codes.map(rule) } }, columnKind: 'utf16CodeUnits', results }],
  };
}

export const sarif: Renderer = (checked) => `${JSON.stringify(sarifLog(checked), null, 2)}\n`;
