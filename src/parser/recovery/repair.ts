/**
 * Recovery by repair: a reading that fails is shown to the known mistakes (mistakes/), each of which may propose other
 * tokens in the place of those written. A proposal counts when the statement then reads further than before; its
 * message is kept and the reading goes on. So one mistake gives one message, and what stands behind it is still checked.
 */
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../../diagnostics/diagnostic.ts';
import type { Token } from '../../lexer/tokens.ts';
import { spanOf } from '../../lexer/tokenize.ts';
import type { Attempt } from '../grammar/statements.ts';
import { describe } from './describe.ts';
import { mistakes } from './mistakes/index.ts';
import { blind, startsStatement, tokenAt, type Segment } from './segments.ts';

/** So many mistakes of one statement are told apart; behind them it is given up. */
const MAX_REPAIRS = 20;

/** What a failing reading costs beside its tokens, in tokens: Chevrotain notes the stack of rules for each. */
const COST_OF_A_READING = 50;

/**
 * How many tokens the repairs of one script may read again, in all. A script that is one long mistake is then reported
 * without them, in time that stays linear.
 */
export class Effort {
  #left = 200_000;

  /** Whether so many tokens may still be read again; takes them. */
  spend(tokens: number): boolean {
    this.#left -= tokens + COST_OF_A_READING;
    return this.#left >= 0;
  }
}

export interface Repaired<N> {
  readonly attempt: Attempt<N>;
  /** The segment as it was read in the end. */
  readonly segment: Segment;
  /** One for each repair, and the remarks of the reading. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Read<N> = (tokens: readonly Token[]) => Attempt<N>;

/** Goes on from a first reading of a segment, with repairs where it fails. */
export function repair<N>(segment: Segment, first: Attempt<N>, effort: Effort, read: Read<N>): Repaired<N> {
  const found: Diagnostic[] = [];
  let current = segment;
  let attempt = first;
  while (!isDone(current, attempt) && found.length < MAX_REPAIRS) {
    const next = firstThatHelps(current, attempt, effort, read);
    if (next === null) break;
    found.push(next.found);
    current = { ...current, tokens: next.tokens };
    attempt = next.attempt;
  }
  return { attempt, segment: current, diagnostics: [...found, ...attempt.remarks] };
}

/** What to say of the place where a reading ended before its time; nothing where the lexer has said it. */
export function failure<N>(segment: Segment, { at, expected, depthExceeded }: Attempt<N>): readonly Diagnostic[] {
  if (expected === null || segment.tokens.length === 0 || blind(segment, at)) return [];
  if (depthExceeded !== null) {
    const { token, limit } = depthExceeded;
    return [diagnostic('PS1121', spanOf(token, segment.sourceId), { limit })];
  }
  const token = tokenAt(segment, at);
  return [diagnostic('PS1101', spanOf(token, segment.sourceId), { found: describe(token), expected })];
}

/** Nothing is left to read, or what is left is not this statement's, or no message is wanted for it. */
export function isDone<N>(segment: Segment, { node, at, depthExceeded }: Attempt<N>): boolean {
  if (depthExceeded !== null || segment.tokens.length === 0 || blind(segment, at)) return true;
  return node !== null && (at === segment.tokens.length || startsStatement(segment, at));
}

interface Helped<N> {
  readonly tokens: readonly Token[];
  readonly attempt: Attempt<N>;
  readonly found: Diagnostic;
}

function firstThatHelps<N>(segment: Segment, failed: Attempt<N>, effort: Effort, read: Read<N>): Helped<N> | null {
  const { at, node, expected } = failed;
  const left = segment.tokens.length - at;
  for (const mistake of mistakes) {
    for (const { diagnostic, tokens, gain } of mistake({
      ...segment,
      at,
      complete: node !== null,
      expected: expected ?? '',
    })) {
      if (!effort.spend(tokens.length)) return null;
      const attempt = read(tokens);
      const helps = isDone({ ...segment, tokens }, attempt) || tokens.length - attempt.at <= left - gain;
      if (helps) return { tokens, attempt, found: diagnostic };
    }
  }
  return null;
}
