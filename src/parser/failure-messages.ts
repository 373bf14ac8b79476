/** What Chevrotain is told to say when a rule cannot go on: only what was expected; the rest is made by the diagnostics. */
import type { IParserErrorMessageProvider, TokenType } from 'chevrotain';
import * as T from '../lexer/tokens.ts';

/** Rules with so many beginnings that a list of them would help nobody. */
const BY_RULE: ReadonlyMap<string, string> = new Map([
  ['statement', 'a statement'],
  ['assignment', 'a rowset'],
  ['primary', 'a rowset'],
  ['term', 'a rowset'],
  ['action', 'an action (EDIT, APPEND, DELETE, RETRY, DROP, KEEP, ABORT or ROUTE TO)'],
  ['step', 'an action (EDIT, APPEND, DELETE, RETRY, DROP, KEEP, ABORT or ROUTE TO)'],
  ['count', 'a number, a parameter or an expression in parentheses'],
  ['literal', 'a literal (a number, a string, true, false or null)'],
  ['fromSource', 'a rowset or a file'],
  ['inputRowset', 'a rowset: a name, or one in parentheses'],
]);

export const failureMessages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => labelOf(expected),
  buildNotAllInputParsedMessage: () => '";"',
  buildNoViableAltMessage: ({ expectedPathsPerAlt, ruleName }) =>
    BY_RULE.get(ruleName) ?? listOf(expectedPathsPerAlt.flat()),
  buildEarlyExitMessage: ({ expectedIterationPaths, ruleName }) =>
    BY_RULE.get(ruleName) ?? listOf(expectedIterationPaths),
};

/** Beginnings that go by one name where the last of their words is among them. */
const FAMILIES: readonly {
  readonly phrase: string;
  readonly members: readonly TokenType[];
  readonly sign: TokenType;
}[] = [
  {
    phrase: 'an expression',
    sign: T.Case,
    members: [
      T.Not,
      T.Bang,
      T.Minus,
      T.Plus,
      T.NameToken,
      T.ParameterName,
      T.NumberToken,
      T.StringToken,
      T.TrueWord,
      T.FalseWord,
      T.NullLiteralWord,
      T.OpenBracket,
      T.OpenParen,
      T.Case,
    ],
  },
  {
    phrase: 'a rowset',
    sign: T.Values,
    members: [
      T.NameToken,
      T.OpenParen,
      T.Extract,
      T.Select,
      T.Process,
      T.Reduce,
      T.Combine,
      T.Values,
      T.Where,
      T.When,
      T.Assert,
      T.On,
      T.Hint,
      T.Edit,
      T.Append,
      T.Delete,
      T.Retry,
      T.Drop,
      T.Keep,
      T.Abort,
      T.Route,
    ],
  },
];

function listOf(paths: readonly (readonly TokenType[])[]): string {
  let types = paths.flatMap((path) => path.slice(0, 1));
  const phrases: string[] = [];
  for (const { phrase, members, sign } of FAMILIES) {
    if (!types.includes(sign)) continue;
    types = types.filter((type) => !members.includes(type));
    phrases.push(phrase);
  }
  const labels = [...new Set([...types.map(labelOf), ...phrases])];
  const last = labels.pop() ?? 'something else';
  return labels.length === 0 ? last : `${labels.join(', ')} or ${last}`;
}

function labelOf(token: TokenType): string {
  return token.LABEL ?? token.name;
}
