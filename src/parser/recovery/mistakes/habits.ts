/** What people bring along from SQL, U-SQL and TypeScript. */
import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import * as T from '../../../lexer/tokens.ts';
import type { Token } from '../../../lexer/tokens.ts';
import { spanOf } from '../../../lexer/tokenize.ts';
import { proposal, type Mistake } from './mistake.ts';
import { inserted, retyped, tokenOf, unwritten, without } from './tokens.ts';

const LITERALS = [T.StringToken, T.NumberToken, T.TrueWord, T.FalseWord, T.NullLiteralWord, T.Minus];

/** `let lines = …`: without the word it is an assignment, or a parameter where a value stands behind it. */
export const namesNeedNoDeclarator: Mistake = ({ tokens, at, sourceId }) => {
  const [word, name, , value] = tokens;
  if (at > 1 || word === undefined || name === undefined || !/^(?:var|let|const)$/i.test(word.image)) return [];
  const facts = { found: word.image, name: name.image.replace('@', '') };
  const found = diagnostic('PS1113', spanOf(word, sourceId), facts);
  if (name.tokenType !== T.ParameterName && !(value !== undefined && LITERALS.includes(value.tokenType))) {
    return [proposal(found, without(tokens, 0))];
  }
  const parameter = tokenOf(T.ParameterName, `@${facts.name}`, name);
  return [proposal(found, retyped(tokens, 0, T.Declare).with(1, parameter))];
};

/** `@rows = …`, `FROM @rows` */
export const rowsetsHaveNoAt: Mistake = ({ tokens, at, sourceId }) =>
  (at === 0 ? [0] : [at, at - 1]).flatMap((index) => {
    const token = tokens[index];
    if (token?.tokenType !== T.ParameterName || token.image.length < 2) return [];
    const found = diagnostic('PS1109', spanOf(token, sourceId), { found: token.image });
    const plain = tokens.with(index, tokenOf(T.Identifier, token.image.slice(1), token));
    const declared = inserted(tokens, 0, unwritten(tokens, 0, T.Declare));
    return [proposal(found, index === 0 && givesValue(tokens) ? declared : plain)];
  });

/** `@name: …` or `@name = 1`: only DECLARE is missing. */
function givesValue([, sign, value]: readonly Token[]): boolean {
  if (sign?.tokenType === T.Colon) return true;
  return value !== undefined && LITERALS.includes(value.tokenType);
}

/** `DECLARE x = 1` */
export const parametersHaveAnAt: Mistake = ({ tokens, at, expected, sourceId }) => {
  const token = tokens[at];
  if (token?.tokenType !== T.Identifier || expected !== T.ParameterName.LABEL) return [];
  const found = diagnostic('PS1125', spanOf(token, sourceId), { found: token.image });
  const parameter = tokenOf(T.ParameterName, `@${token.image}`, token);
  return [proposal(found, tokens.with(at, parameter))];
};

/** `SELECT … INTO name FROM …` */
export const selectHasNoInto: Mistake = ({ tokens, at, sourceId }) => {
  const into = tokens[at];
  if (into === undefined || into.image.toUpperCase() !== 'INTO') return [];
  return [proposal(diagnostic('PS1110', spanOf(into, sourceId), {}), without(tokens, at, 2))];
};

/** `SELECT … LIMIT 10` */
export const limitIsForRepairs: Mistake = ({ tokens, at, sourceId }) => {
  const limit = tokens[at];
  if (limit?.tokenType !== T.Limit || !tokens.slice(0, at).some(({ tokenType }) => tokenType === T.Select)) return [];
  const count = tokens[at + 1]?.image ?? 'n';
  return [proposal(diagnostic('PS1112', spanOf(limit, sourceId), { count }), without(tokens, at, 2))];
};

/** `x !IN (…)` */
export const wordsAreNegatedByNot: Mistake = ({ tokens, at, sourceId }) => {
  const [bang, word] = [tokens[at], tokens[at + 1]];
  if (bang?.tokenType !== T.Bang || word === undefined || !NEGATED.includes(word.tokenType)) return [];
  const found = diagnostic('PS1123', spanOf(bang, sourceId), { found: word.image });
  return [proposal(found, retyped(tokens, at, T.Not))];
};

const NEGATED = [T.In, T.Like, T.Between, T.NullWord];

/** `lines ORDER BY x`: the clause is left out up to the next one that may stand there. */
export const rowsetsAreSortedBySelect: Mistake = ({ tokens, at, complete, sourceId }) => {
  const word = tokens[at];
  if (!complete || word === undefined) return [];
  const clause = SELECT_ONLY.get(word.tokenType);
  if (clause === undefined) return [];
  const found = diagnostic('PS1118', spanOf(word, sourceId), { clause });
  return [proposal(found, without(tokens, at, clauseEnd(tokens, at) - at))];
};

const SELECT_ONLY = new Map([
  [T.Order, 'ORDER BY'],
  [T.Group, 'GROUP BY'],
  [T.Having, 'HAVING'],
]);
const NEXT_CLAUSE = [T.Where, T.Having, T.Order, T.Assert, T.When, T.On, T.Hint, T.Union, T.Except, T.Intersect];

function clauseEnd(tokens: readonly Token[], at: number): number {
  const next = tokens.findIndex(({ tokenType }, index) => index > at && NEXT_CLAUSE.includes(tokenType));
  return next === -1 ? tokens.length : next;
}
