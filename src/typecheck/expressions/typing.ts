/** What the typing of one kind of expression needs of the others. */
import type { Code, Facts } from '../../diagnostics/catalogue/index.ts';
import { diagnostic } from '../../diagnostics/catalogue/index.ts';
import type { Span } from '../../diagnostics/span.ts';
import type { Expr } from '../../parser/ast.ts';
import type { Scope } from '../scope.ts';
import type { TypedExpr, TypedLiteral } from '../typed.ts';
import type { Type } from '../types.ts';
import { unknownAt } from './relations.ts';

export interface Typing {
  readonly scope: Scope;
  /** Types a part; `expected` helps where the part alone says too little, it is not enforced. */
  readonly type: (expr: Expr, expected?: Type) => TypedExpr;
  /** Whether a condition decides if the part is evaluated at all. */
  readonly guarded: boolean;
  /** The same in another scope. */
  readonly within: (scope: Scope) => Typing;
  /** The same for a part that is evaluated only where a condition says so, in a scope that knows that. */
  readonly branch: (scope: Scope) => Typing;
}

/** Reports a mistake and gives what stands in its place. */
export function mistake<C extends Code>({ scope }: Typing, code: C, span: Span, facts: Facts<C>): TypedLiteral {
  scope.report(diagnostic(code, span, facts));
  return unknownAt(span);
}

/** A mistake was reported in a part: what is made of it has no type either, and says nothing. */
export function isMistake(expr: TypedExpr): boolean {
  return expr.type.kind === 'unknown';
}
