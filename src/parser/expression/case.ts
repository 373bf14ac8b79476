/** The steps of `CASE [subject] WHEN … THEN … [ELSE …] END`. */
import * as T from '../../lexer/tokens.ts';
import { endOf } from '../../lexer/tokenize.ts';
import type { CaseArm, Expr } from '../ast.ts';
import { operand, type CaseBracket, type Operand } from './entries.ts';
import type { Cursor } from './read.ts';

/** What may follow the part of a CASE that is being read. */
export const NEXT_IN_CASE: Readonly<Record<CaseBracket['phase'], string>> = {
  subject: 'WHEN',
  when: 'THEN',
  result: 'WHEN, ELSE or END',
  else: 'END',
};

export function openCase(cursor: Cursor): CaseBracket {
  const open = cursor.take();
  const start = { open, subject: null, arms: [], height: 0 };
  if (cursor.peek(1).tokenType !== T.When) {
    return { ...start, kind: 'case', phase: 'subject', when: { start: 0, condition: null } };
  }
  return { ...start, kind: 'case', phase: 'when', when: { start: cursor.take().startOffset, condition: null } };
}

/** Puts a finished part into its place and takes the keyword of the next one. */
export function stepCase(bracket: CaseBracket, part: Operand, cursor: Cursor): CaseBracket {
  const keyword = cursor.peek(1).tokenType;
  const height = Math.max(bracket.height, part.height);
  if (bracket.phase === 'when' && keyword === T.Then) {
    cursor.take();
    return { ...bracket, height, phase: 'result', when: { start: bracket.when.start, condition: part } };
  }
  if ((bracket.phase === 'subject' || bracket.phase === 'result') && keyword === T.When) {
    if (bracket.phase === 'result') bracket.arms.push(arm(bracket, part));
    const subject = bracket.phase === 'subject' ? part : bracket.subject;
    return { ...bracket, height, subject, phase: 'when', when: { start: cursor.take().startOffset, condition: null } };
  }
  if (bracket.phase === 'result' && keyword === T.Else) {
    cursor.take();
    bracket.arms.push(arm(bracket, part));
    return { ...bracket, height, phase: 'else' };
  }
  return cursor.fail(NEXT_IN_CASE[bracket.phase]);
}

/** Takes END. */
export function closeCase(bracket: CaseBracket, part: Operand, cursor: Cursor): Operand {
  if (bracket.phase !== 'result' && bracket.phase !== 'else') return cursor.fail(NEXT_IN_CASE[bracket.phase]);
  if (bracket.phase === 'result') bracket.arms.push(arm(bracket, part));
  const otherwise = bracket.phase === 'else' ? part.node : null;
  const span = { source: cursor.source, start: bracket.open.startOffset, end: endOf(cursor.take()) };
  const subject = bracket.subject?.node ?? null;
  const node: Expr = { kind: 'case', subject, arms: bracket.arms, otherwise, span };
  const whole = operand(node, [part]);
  return { ...whole, height: Math.max(whole.height, bracket.height + 1) };
}

function arm(bracket: CaseBracket, then: Operand): CaseArm {
  const when = bracket.when.condition?.node ?? then.node;
  const span = { source: then.node.span.source, start: bracket.when.start, end: then.node.span.end };
  // oxlint-disable-next-line unicorn/no-thenable -- the node is data and never awaited
  return { kind: 'case-arm', when, then: then.node, span };
}
