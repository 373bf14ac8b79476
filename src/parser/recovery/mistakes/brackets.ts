import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import * as T from '../../../lexer/tokens.ts';
import type { Token } from '../../../lexer/tokens.ts';
import { spanOf } from '../../../lexer/tokenize.ts';
import { proposal, type Mistake, type Proposal } from './mistake.ts';
import { inserted, placeBefore, unwritten, without } from './tokens.ts';

const CLOSERS = new Map([
  [T.OpenParen, T.CloseParen],
  [T.OpenBracket, T.CloseBracket],
  [T.OpenBrace, T.CloseBrace],
]);
const CLOSING = new Set(CLOSERS.values());
const TEXTS = new Map([
  [T.CloseParen, ')'],
  [T.CloseBracket, ']'],
  [T.CloseBrace, '}'],
]);

/** The brackets that are open before an index, the innermost last. */
function openBefore(tokens: readonly Token[], end: number): readonly Token[] {
  const open: Token[] = [];
  for (const token of tokens.slice(0, end)) {
    if (CLOSERS.has(token.tokenType)) open.push(token);
    else if (CLOSING.has(token.tokenType)) open.pop();
  }
  return open;
}

/** So many forgotten brackets are put in at once. */
const MOST = 8;

/** The message stands where the closing brackets are missing and points at the opening ones. */
export const bracketsAreClosed: Mistake = ({ tokens, at, sourceId }): readonly Proposal[] => {
  const open = openBefore(tokens, at).toReversed().slice(0, MOST);
  const next = tokens[at];
  return open.flatMap((_, last) => {
    const closed = open.slice(0, last + 1);
    const types = closed.flatMap(({ tokenType }) => CLOSERS.get(tokenType) ?? []);
    const related = closed.map((token) => ({ message: 'opened here', span: spanOf(token, sourceId) }));
    const facts = {
      open: closed
        .map(({ image }) => image)
        .toReversed()
        .join(''),
      close: types.map((type) => TEXTS.get(type) ?? '').join(''),
    };
    const found = diagnostic('PS1105', placeBefore(tokens, at, sourceId), facts, related);
    const added = inserted(tokens, at, ...types.map((type) => unwritten(tokens, at, type)));
    if (next === undefined || !CLOSING.has(next.tokenType)) return [proposal(found, added)];
    // `(]`: what was written may stand for what was meant.
    return [proposal(found, added), proposal(found, without(added, at + types.length))];
  });
};

/** Where another bracket is open, the one too many is only believed in when it is all that is wrong. */
export const closingBracketsCloseSomething: Mistake = ({ tokens, at, sourceId }): readonly Proposal[] => {
  const token = tokens[at];
  if (token === undefined || !CLOSING.has(token.tokenType)) return [];
  const open = openBefore(tokens, at).at(-1);
  if (open !== undefined && CLOSERS.get(open.tokenType) === token.tokenType) return [];
  const found = diagnostic('PS1106', spanOf(token, sourceId), { found: token.image });
  return [proposal(found, without(tokens, at), open === undefined ? 2 : Number.POSITIVE_INFINITY)];
};
