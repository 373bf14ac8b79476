/** The error that ended a run, drawn like a diagnostic: the line of the script, then the place in the data. */
import { complaintText } from '../../diagnostics/render/pretty.ts';
import type { Look } from '../../diagnostics/render/format.ts';
import { placesIn } from '../../diagnostics/render/place.ts';
import type { Source } from '../../diagnostics/span.ts';
import { failureOf, UNEXPECTED } from '../../runtime/report/failure.ts';
import type { DataPlace } from '../../runtime/errors.ts';

function dataText({ file, line }: DataPlace): string {
  return line === null ? `data: ${file}` : `data: ${file}:${line}`;
}

export function errorText(thrown: unknown, sources: readonly Source[], look: Look): string {
  const { code, message, help, span, data } = failureOf(thrown);
  const where = data === null || message.includes(`${data.file}:${data.line}`) ? '' : `\n${dataText(data)}`;
  const complaint = { severity: 'error', code, message: message + where, help, span, related: [] } as const;
  const stack = code === UNEXPECTED && thrown instanceof Error ? `\n${thrown.stack ?? ''}` : '';
  return `${complaintText(complaint, placesIn(sources), look)}${stack}\n`;
}
