import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { Token } from '../../../lexer/tokens.ts';
import type { Segment } from '../segments.ts';

/** A statement that could not be read past a token. */
export interface Failure extends Segment {
  /** Index of that token; the number of tokens where one more is wanted. */
  readonly at: number;
  /** Whether a whole statement stands in front of it. */
  readonly complete: boolean;
  /** What would have been read there, in words. */
  readonly expected: string;
}

export interface Proposal {
  readonly diagnostic: Diagnostic;
  /** The statement as it was probably meant. */
  readonly tokens: readonly Token[];
  /** How many tokens further it must be readable then to be believed, where it does not become readable to its end. */
  readonly gain: number;
}

/** A kind of mistake: what it proposes for a failure; nothing where it does not recognise itself. */
export type Mistake = (failure: Failure) => readonly Proposal[];

export function proposal(diagnostic: Diagnostic, tokens: readonly Token[], gain = 1): Proposal {
  return { diagnostic, tokens, gain };
}
