/** Errors of jobs that programs build and run. */
import type { RunError } from '../runtime/errors.ts';
import type { Report } from '../runtime/report/report.ts';
import { positionAt } from '../diagnostics/span.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Source } from '../diagnostics/span.ts';

/** A call of JobBuilder that cannot stand: it names the call. */
export class BuilderError extends Error {
  override readonly name = 'BuilderError';
}

/** A job that does not compile. The message has all errors, each with the builder's call or the line of the script it is about. */
export class CompileError extends Error {
  override readonly name = 'CompileError';
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly Source[];

  /** `callAt` names the builder's call that wrote a place of the main script; null where a person wrote it. */
  constructor(
    diagnostics: readonly Diagnostic[],
    sources: readonly Source[],
    callAt: (offset: number) => string | null = () => null,
  ) {
    super(
      diagnostics
        .filter(({ severity }) => severity === 'error')
        .map((one) => lineOf(one, sources, callAt))
        .join('\n'),
    );
    this.diagnostics = diagnostics;
    this.sources = sources;
  }
}

function lineOf(
  { code, message, help, span }: Diagnostic,
  sources: readonly Source[],
  callAt: (offset: number) => string | null,
): string {
  const source = sources[span.source] ?? { name: '', text: '' };
  const { line, column } = positionAt(source.text, span.start);
  const call = span.source === 0 ? callAt(span.start) : null;
  const text = source.text.split('\n')[line - 1]?.trim() ?? '';
  const place = call === null ? `${source.name}:${line}:${column}` : call;
  return [
    `${place}: ${code} ${message}`,
    ...(call === null ? [] : [`  in: ${text}`]),
    ...(help === null ? [] : [`  help: ${help}`]),
  ].join('\n');
}

/** A job that ran and failed: `cause` is the RunError, the message names its place in the script and in the data. */
export class JobFailed extends Error {
  override readonly name = 'JobFailed';
  /** Of the run up to there. */
  readonly report: Report;

  constructor(error: RunError, report: Report, sources: readonly Source[]) {
    super(failureText(error, sources), { cause: error });
    this.report = report;
  }
}

function failureText({ code, message, help, span, place }: RunError, sources: readonly Source[]): string {
  const lines = [`${code} ${message}`];
  const source = span === null ? undefined : sources[span.source];
  if (span !== null && source !== undefined) {
    const { line, column } = positionAt(source.text, span.start);
    lines.push(`  in the script: ${source.name}:${line}:${column}`);
  }
  if (place !== null) lines.push(`  in the data: ${place.file}${place.line === null ? '' : `:${place.line}`}`);
  if (help !== null) lines.push(`  help: ${help}`);
  return lines.join('\n');
}
