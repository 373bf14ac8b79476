import type { Expr } from '../parser/ast.ts';
import { noComments } from '../parser/printer/comments.ts';
import { render } from '../parser/printer/doc.ts';
import { exprDoc } from '../parser/printer/expressions.ts';

/** An expression as `fmt` prints it, on one line: what reports call a condition (S15). */
export function conditionText(expr: Expr): string {
  return render(exprDoc(expr, noComments()), Number.POSITIVE_INFINITY).trim();
}
