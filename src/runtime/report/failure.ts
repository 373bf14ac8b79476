/** Makes one shape of whatever ended a run. */
import { jsonPlace } from '../../diagnostics/render/json.ts';
import type { Places } from '../../diagnostics/render/place.ts';
import type { Span } from '../../diagnostics/span.ts';
import { RunError } from '../errors.ts';
import type { DataPlace } from '../errors.ts';
import { redact } from '../state/redact.ts';
import type { ErrorReport } from './report.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  readonly span: Span | null;
  readonly data: DataPlace | null;
}

/** Something that no part of pyscope expected: it has no code of the catalogue. */
export const UNEXPECTED = 'PR0001';

function codeOf(thrown: Error): string {
  const code = 'code' in thrown ? thrown.code : null;
  return typeof code === 'string' && /^P[RS]\d{4}$/.test(code) ? code : UNEXPECTED;
}

export function failureOf(thrown: unknown): Failure {
  if (thrown instanceof RunError) {
    const { code, message, help, span, place } = thrown;
    return { code, message: redact(message), help: help === null ? null : redact(help), span, data: place };
  }
  const facts = { help: null, span: null, data: null };
  if (thrown instanceof Error) return { code: codeOf(thrown), message: redact(thrown.message), ...facts };
  return { code: UNEXPECTED, message: redact(String(thrown)), ...facts };
}

export function errorReport({ span, ...facts }: Failure, places: Places): ErrorReport {
  return { ...facts, place: span === null ? null : jsonPlace(span, places) };
}
