/** Words that are nearly the right ones. */
import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import { suggest } from '../../../diagnostics/did-you-mean.ts';
import * as T from '../../../lexer/tokens.ts';
import { spanOf } from '../../../lexer/tokenize.ts';
import { describe } from '../describe.ts';
import { proposal, type Failure, type Mistake, type Proposal } from './mistake.ts';
import { inserted, placeBefore, retyped, unwritten } from './tokens.ts';

/**
 * The failing token and the one before it: a word that was meant as a keyword is often read as the name of a rowset or
 * column, and it is the next token that cannot be read any more.
 */
function nearby({ at }: Failure): readonly number[] {
  return at === 0 ? [0] : [at, at - 1];
}

/** `where` for WHERE; `NULL` for null and the other way round. */
export const keywordsAreUpperCase: Mistake = (failure) =>
  nearby(failure).flatMap((index): readonly Proposal[] => {
    const token = failure.tokens[index];
    if (token === undefined) return [];
    const meant = token.tokenType === T.NullWord ? T.NullLiteralWord : T.keywordOf(token.image);
    if (meant === undefined || meant === token.tokenType || token.tokenType === T.QuotedName) return [];
    const last = index === failure.tokens.length - 1;
    const certain = last || index < failure.at || startsPair(failure, index);
    const facts = { found: token.image, meant: meant.name };
    const found = diagnostic('PS1102', spanOf(token, failure.sourceId), facts);
    return [proposal(found, retyped(failure.tokens, index, meant), certain ? 1 : 2)];
  });

/** `group by`: the second word cannot be read either before it is a keyword. */
function startsPair({ tokens }: Failure, index: number): boolean {
  return T.keywordOf(tokens[index + 1]?.image ?? '') !== undefined;
}

/** `EXTRCT` for EXTRACT. A lower-case word must be nearer, since most of them are names. */
export const keywordsAreSpeltRight: Mistake = (failure) =>
  nearby(failure).flatMap((index): readonly Proposal[] => {
    const token = failure.tokens[index];
    if (token?.tokenType !== T.Identifier || token.image.length < 3) return [];
    const word = token.image.toUpperCase();
    if (token.image !== word && word.length < 5) return [];
    return suggest(word, T.KEYWORDS.keys()).flatMap((meant) => {
      const type = T.KEYWORDS.get(meant);
      if (type === undefined) return [];
      const found = diagnostic('PS1103', spanOf(token, failure.sourceId), { found: token.image, meant });
      return [proposal(found, retyped(failure.tokens, index, type), 2)];
    });
  });

/** `EXTRACT ORDER: int`: a word of the language as the name of a column or rowset. */
export const keywordsAreNoNames: Mistake = (failure) => {
  const token = failure.tokens[failure.at];
  if (token === undefined || !T.WORDS.has(token.tokenType) || token.tokenType === T.Case) return [];
  const found = diagnostic('PS1108', spanOf(token, failure.sourceId), { found: token.image });
  return [proposal(found, retyped(failure.tokens, failure.at, T.Identifier), 2)];
};

const SMALL_WORDS = [T.Using, T.From, T.To, T.On, T.With, T.As];

/** `PROCESS lines FROM Tagger()`: believed only where it is all that is wrong. */
export const smallWordsAreTheRightOnes: Mistake = (failure) => {
  const token = failure.tokens[failure.at];
  if (token === undefined || !SMALL_WORDS.includes(token.tokenType)) return [];
  return SMALL_WORDS.filter((type) => type !== token.tokenType).map((type) => {
    const facts = { found: token.image, meant: type.name };
    const found = diagnostic('PS1124', spanOf(token, failure.sourceId), facts);
    return proposal(found, retyped(failure.tokens, failure.at, type), Number.POSITIVE_INFINITY);
  });
};

/** `EXTRACT line "a.txt"`: a small word that is all that is missing. */
export const smallWordsAreThere: Mistake = ({ tokens, at, sourceId }) => {
  const token = tokens[at];
  if (token === undefined || at === 0) return [];
  return [T.Using, T.From, T.To, T.On, T.With].map((type) => {
    const facts = { missing: type.name, before: describe(token) };
    const found = diagnostic('PS1126', placeBefore(tokens, at, sourceId), facts);
    return proposal(found, inserted(tokens, at, unwritten(tokens, at, type)), Number.POSITIVE_INFINITY);
  });
};
