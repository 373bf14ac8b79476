import type { Span } from './span.ts';

export type Severity = 'error' | 'warning' | 'note';

/** A message about a place of a script. `help` says what to type instead, where that is known. */
export interface Diagnostic {
  readonly kind: 'diagnostic';
  /** `PS` and four digits; the table of all codes is the catalogue. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly help: string | null;
  readonly span: Span;
  /** Further places that explain it (`first defined here`). */
  readonly related: readonly RelatedPlace[];
}

export interface RelatedPlace {
  readonly message: string;
  readonly span: Span;
}
