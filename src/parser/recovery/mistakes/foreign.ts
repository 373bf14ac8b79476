/** Statements that are right in another language: recognised by the words around the place where the reading failed. */
import { diagnostic } from '../../../diagnostics/catalogue/index.ts';
import type { ForeignForm } from '../../../diagnostics/catalogue/syntax-foreign.ts';
import type { Token } from '../../../lexer/tokens.ts';
import { endOf } from '../../../lexer/tokenize.ts';
import { foreignClauses } from './foreign-clauses.ts';
import { foreignExpressions } from './foreign-expressions.ts';
import { foreignStatements } from './foreign-statements.ts';
import { proposal, type Mistake } from './mistake.ts';

export interface Form {
  /** Holds of the words around the failure, with one space between them and `⟂` before the word that could not be read. */
  readonly pattern: RegExp;
  /** Part of what was expected there, where that matters. */
  readonly expected?: string;
  /** How many words before the failing one the message underlines as well; without it that word alone. */
  readonly back?: number;
  readonly say: (match: RegExpExecArray) => ForeignForm;
}

const FORMS: readonly Form[] = [...foreignStatements, ...foreignClauses, ...foreignExpressions];

/** How many words before and behind the failure a form may look at. */
const BEFORE = 40;
const BEHIND = 12;

/** The statement is given up: what was meant is another form, and its author has to write that first. */
export const formsAreOfThisLanguage: Mistake = ({ tokens, at, expected, sourceId }) => {
  const around =
    `${textOf(tokens.slice(Math.max(0, at - BEFORE), at))}⟂ ${textOf(tokens.slice(at, at + BEHIND))}`.trim();
  for (const form of FORMS) {
    if (form.expected !== undefined && !expected.includes(form.expected)) continue;
    const match = form.pattern.exec(around);
    if (match === null) continue;
    const first = tokens[at - (form.back ?? 0)] ?? tokens.at(-1);
    const last = tokens[at] ?? tokens.at(-1);
    if (first === undefined || last === undefined) return [];
    const span = { source: sourceId, start: first.startOffset, end: endOf(form.back === undefined ? first : last) };
    return [proposal(diagnostic('PS1127', span, form.say(match)), [])];
  }
  return [];
};

function textOf(tokens: readonly Token[]): string {
  return tokens.map(({ image }) => `${image} `).join('');
}
