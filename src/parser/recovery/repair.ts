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

export interface Repaired<N> {
  readonly attempt: Attempt<N>;
  /** The segment as it was read in the end. */
  readonly segment: Segment;
  /** One for each repair, and the remarks of the reading. */
  readonly diagnostics: readonly Diagnostic[];
}

export type Read<N> = (tokens: readonly Token[]) => Attempt<N>;

/** Reads a segment, with repairs where it fails. */
export function repair<N>(segment: Segment, read: Read<N>): Repaired<N> {
  const found: Diagnostic[] = [];
  let current = segment;
  let attempt = read(current.tokens);
  while (!isDone(current, attempt) && found.length < MAX_REPAIRS) {
    const next = firstThatHelps(current, attempt, read);
    if (next === null) break;
    found.push(...next.found);
    current = next.segment;
    attempt = next.attempt;
    if (next.givesUp) return { attempt: { ...attempt, expected: null }, segment: current, diagnostics: found };
  }
  return { attempt, segment: current, diagnostics: [...found, ...attempt.remarks] };
}

/** What to say of the place where a reading ended before its time; nothing where a message stands already. */
export function failure<N>(segment: Segment, { at, expected, depthExceeded }: Attempt<N>): readonly Diagnostic[] {
  if (expected === null || blind(segment, at)) return [];
  if (depthExceeded !== null) {
    const { token, limit } = depthExceeded;
    return [diagnostic('PS1121', spanOf(token, segment.sourceId), { limit })];
  }
  const token = tokenAt(segment, at);
  return [diagnostic('PS1101', spanOf(token, segment.sourceId), { found: describe(token), expected })];
}

function isDone<N>(segment: Segment, { node, at, depthExceeded }: Attempt<N>): boolean {
  if (depthExceeded !== null || blind(segment, at)) return true;
  return node !== null && (at === segment.tokens.length || startsStatement(segment, at));
}

interface Helped<N> {
  readonly segment: Segment;
  readonly attempt: Attempt<N>;
  readonly found: readonly Diagnostic[];
  readonly givesUp: boolean;
}

function firstThatHelps<N>(segment: Segment, attempt: Attempt<N>, read: Read<N>): Helped<N> | null {
  const left = segment.tokens.length - attempt.at;
  for (const mistake of mistakes) {
    for (const proposal of mistake({ ...segment, at: attempt.at, complete: attempt.node !== null })) {
      const found = [proposal.diagnostic];
      if (proposal.tokens === null) return { segment, attempt, found, givesUp: true };
      const next = read(proposal.tokens);
      const done = next.node !== null && next.at === proposal.tokens.length;
      if (!done && proposal.tokens.length - next.at >= left) continue;
      return { segment: { ...segment, tokens: proposal.tokens }, attempt: next, found, givesUp: false };
    }
  }
  return null;
}
