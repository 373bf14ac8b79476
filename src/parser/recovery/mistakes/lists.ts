/** Small things that are missing or too many between two parts. */
import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import * as T from '../../../lexer/tokens.ts';
import { spanOf } from '../../../lexer/tokenize.ts';
import { describe } from '../describe.ts';
import { proposal, type Mistake } from './mistake.ts';
import { inserted, retyped, unwritten, without } from './tokens.ts';

/** Types of this language and of those people come from. */
const TYPE_NAMES = new Set([
  'string',
  'str',
  'int',
  'long',
  'float',
  'double',
  'bool',
  'bytes',
  'datetime',
  'json',
  'boolean',
  'number',
  'integer',
  'text',
  'date',
  'timestamp',
  'decimal',
  'varchar',
  'char',
  'byte',
  'short',
]);

/** `DECLARE @x string`, `EXTRACT a int` */
export const typesStandBehindColons: Mistake = ({ tokens, at, sourceId }) => {
  const token = tokens[at];
  if (token?.tokenType !== T.Identifier || !TYPE_NAMES.has(token.image.toLowerCase())) return [];
  const found = diagnostic('PS1114', spanOf(token, sourceId), { found: token.image });
  return [proposal(found, inserted(tokens, at, unwritten(tokens, at, T.Colon)))];
};

export const commasSeparate: Mistake = ({ tokens, at, sourceId }) => {
  const comma = tokens[at - 1];
  if (comma?.tokenType !== T.Comma) return [];
  return [proposal(diagnostic('PS1116', spanOf(comma, sourceId), {}), without(tokens, at - 1))];
};

/** `SELECT a b`, `[1 2]`: a comma is believed to be missing where the list can be read with one. */
export const itemsAreSeparated: Mistake = ({ tokens, at, sourceId }) => {
  const token = tokens[at];
  if (token === undefined || at === 0) return [];
  const found = diagnostic('PS1117', spanOf(token, sourceId), { found: describe(token) });
  return [proposal(found, inserted(tokens, at, unwritten(tokens, at, T.Comma)), 2)];
};

const WITH_BY = [T.Group, T.Order, T.Partition];

export const byStandsBehindGroupAndOrder: Mistake = ({ tokens, at, sourceId }) => {
  const word = tokens[at - 1];
  if (word === undefined || !WITH_BY.includes(word.tokenType)) return [];
  const found = diagnostic('PS1111', spanOf(word, sourceId), { found: word.image });
  return [proposal(found, inserted(tokens, at, unwritten(tokens, at, T.By)))];
};

/** Read on as if any rows matched. */
export const joinsHaveConditions: Mistake = ({ tokens, at, sourceId, expected }) => {
  if (expected !== T.On.LABEL) return [];
  const join = tokens.slice(0, at).findLast(({ tokenType }) => WANTING_ON.includes(tokenType));
  if (join?.tokenType !== T.Join) return [];
  const found = diagnostic('PS1119', spanOf(join, sourceId), {});
  const [on, any] = [unwritten(tokens, at, T.On), unwritten(tokens, at, T.TrueWord)];
  return [proposal(found, inserted(tokens, at, on, any))];
};

const WANTING_ON = [T.Join, T.Reduce, T.Combine];

/** `EDIT x == 1` and `WHERE x = 1` */
export const equalsSignsAreTheRightOnes: Mistake = ({ tokens, at, sourceId }) => {
  const token = tokens[at];
  if (token?.tokenType !== T.Assign && token?.tokenType !== T.Equal) return [];
  const [type, meant] = token.tokenType === T.Assign ? [T.Equal, '=='] : [T.Assign, '='];
  const found = diagnostic('PS1107', spanOf(token, sourceId), { found: token.image, meant });
  return [proposal(found, retyped(tokens, at, type), 2)];
};
