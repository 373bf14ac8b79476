/** What Chevrotain is told to say when a rule cannot go on: only what was expected; the rest is made by the diagnostics. */
import type { IParserErrorMessageProvider, TokenType } from 'chevrotain';

/** Rules with so many beginnings that a list of them would help nobody. */
const BY_RULE: ReadonlyMap<string, string> = new Map([
  ['statement', 'a statement'],
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

function listOf(paths: readonly (readonly TokenType[])[]): string {
  const labels = [...new Set(paths.flatMap((path) => path.slice(0, 1).map(labelOf)))];
  const last = labels.pop() ?? 'something else';
  return labels.length === 0 ? last : `${labels.join(', ')} or ${last}`;
}

function labelOf(token: TokenType): string {
  return token.LABEL ?? token.name;
}
