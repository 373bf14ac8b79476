/** The canonical layout of scripts and of their parts. */
import type { Action, Expr, Rowset, Script, TypeNode } from './ast.ts';
import { actionDoc } from './printer/actions.ts';
import { Comments, noComments } from './printer/comments.ts';
import { concat, hardline, render, type Doc } from './printer/doc.ts';
import { exprDoc, typeDoc } from './printer/expressions.ts';
import { rowsetDoc } from './printer/rowsets.ts';
import { statementDoc } from './printer/statements.ts';

/** Lines reach no further where there is a place to break them. */
export const LINE_WIDTH = 100;

/**
 * A script in its canonical layout, as `pyscope fmt` writes it. `source` is the text it was parsed from: the places of
 * comments and the empty lines between statements are taken from it. Laws, for a script without diagnostics:
 * the output parses to the same tree up to spans, and printing that gives the output again.
 */
export function print(script: Script, source: string): string {
  const comments = new Comments(script.comments, source);
  const parts: Doc[] = [];
  for (const statement of script.statements) {
    const { start } = statement.span;
    const before = comments.between(start, parts.length === 0);
    parts.push(...before);
    if (parts.length > 0) parts.push(hardline, ...(comments.apart(start) ? [hardline] : []));
    parts.push(statementDoc(statement, comments), ';');
  }
  parts.push(...comments.between(Number.POSITIVE_INFINITY, parts.length === 0));
  return parts.length === 0 ? '' : `${render(concat(...parts), LINE_WIDTH)}\n`;
}

/** An expression on one line. */
export function printExpr(expr: Expr): string {
  return flat(exprDoc(expr, noComments()));
}

/** An action with all its ELSE, on one line. */
export function printAction(action: Action): string {
  return flat(actionDoc(action, noComments()));
}

/** A rowset on one line; the last rowset, which is not written, is empty. */
export function printRowset(rowset: Rowset): string {
  return flat(rowsetDoc(rowset, noComments()));
}

export function printType(type: TypeNode): string {
  return typeDoc(type);
}

function flat(doc: Doc): string {
  return render(doc, Number.POSITIVE_INFINITY);
}
