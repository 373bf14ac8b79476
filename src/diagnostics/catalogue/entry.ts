import type { Severity } from '../diagnostic.ts';

/**
 * One kind of diagnostic: its code is the key it stands under in a family (`PS2003`), `P` the facts it needs.
 * `example` and `cure` are scripts (or lines of one) for `pyscope check --explain CODE` and docs/diagnostics.md: the
 * example gives this diagnostic, the cure does not.
 */
export interface Entry<P extends object> {
  /** What is wrong, as a noun phrase: the heading of its page. */
  readonly title: string;
  readonly severity: Severity;
  readonly message: (facts: P) => string;
  /** What to type instead; null where nothing certain can be said. */
  readonly help?: (facts: P) => string | null;
  /** Why the language has this rule, in a sentence or two. */
  readonly why: string;
  readonly example: string;
  readonly cure: string;
}

/** Keeps the fact type of each entry while a family stands as one object literal. */
export function entry<P extends object>(definition: Entry<P>): Entry<P> {
  return definition;
}

export type Family = Readonly<Record<`PS${number}`, Entry<never>>>;
