/** Clauses that are all there, but not in their order. */
import type { TokenType } from 'chevrotain';
import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import * as T from '../../../lexer/tokens.ts';
import type { Token } from '../../../lexer/tokens.ts';
import { spanOf } from '../../../lexer/tokenize.ts';
import { proposal, type Mistake, type Proposal } from './mistake.ts';

const ORDERS: ReadonlyMap<TokenType, readonly TokenType[]> = new Map([
  [T.Extract, [T.From, T.Using, T.Having]],
  [T.Select, [T.From, T.Where, T.Group, T.Having, T.Order]],
  [T.Process, [T.Using, T.Produce, T.Where, T.Having]],
  [T.Reduce, [T.On, T.Presort, T.Using, T.Produce, T.Having]],
  [T.Combine, [T.With, T.On, T.Using, T.Produce, T.Having]],
  [T.Output, [T.To, T.Using, T.Order, T.Expect]],
]);

interface Stretch {
  readonly keyword: Token;
  readonly start: number;
  readonly end: number;
  readonly rank: number;
}

/** Proposes each clause that stands behind one of a later rank in front of that one. */
export const clausesAreInOrder: Mistake = ({ tokens, at, sourceId }): readonly Proposal[] => {
  const verb = tokens.findLastIndex((token, index) => index < at && ORDERS.has(token.tokenType));
  const stretches = clausesBehind(tokens, verb);
  return stretches.flatMap((late, index): readonly Proposal[] => {
    const early = stretches.slice(0, index).find(({ rank }) => rank > late.rank);
    if (early === undefined) return [];
    const facts = { late: clauseName(late.keyword), early: clauseName(early.keyword) };
    const related = [{ message: `${facts.early} stands here`, span: spanOf(early.keyword, sourceId) }];
    const found = diagnostic('PS1115', spanOf(late.keyword, sourceId), facts, related);
    return [proposal(found, moved(tokens, late, early.start))];
  });
};

function clauseName({ image, tokenType }: Token): string {
  return tokenType === T.Group || tokenType === T.Order ? `${image} BY` : image;
}

/** The clauses of a verb at its own level of brackets. */
function clausesBehind(tokens: readonly Token[], verb: number): readonly Stretch[] {
  const order = ORDERS.get(tokens[verb]?.tokenType ?? T.Semicolon) ?? [];
  const stretches: Stretch[] = [];
  let depth = 0;
  for (let at = verb + 1; at < tokens.length && depth >= 0; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (token.tokenType === T.OpenParen || token.tokenType === T.OpenBracket) depth += 1;
    if (token.tokenType === T.CloseParen || token.tokenType === T.CloseBracket) depth -= 1;
    const rank = order.indexOf(token.tokenType);
    if (depth !== 0 || (rank === -1 && !ENDS.includes(token.tokenType))) continue;
    closeLast(stretches, at);
    if (rank === -1) return stretches;
    stretches.push({ keyword: token, start: at, end: tokens.length, rank });
  }
  return stretches;
}

/** What ends the verb itself. */
const ENDS: readonly TokenType[] = [T.Union, T.Except, T.Intersect, T.Assert, T.When, T.Hint];

function closeLast(stretches: Stretch[], end: number): void {
  const last = stretches.pop();
  if (last !== undefined) stretches.push({ ...last, end });
}

function moved(tokens: readonly Token[], { start, end }: Stretch, to: number): Token[] {
  return [...tokens.slice(0, to), ...tokens.slice(start, end), ...tokens.slice(to, start), ...tokens.slice(end)];
}
