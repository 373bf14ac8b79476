import { expressionText } from '../../typecheck/expressions/text.ts';
import type { TypedExpr } from '../../typecheck/typed.ts';
import { operandsOf } from '../../typecheck/visit.ts';
import { cannotFail } from '../expressions/failing.ts';
import { conjunctionOf, conjunctsOf } from '../expressions/walk.ts';
import { localRule } from './match.ts';

/** Puts the cheap conjuncts of a predicate first. One that can fail stays where it is, and nothing passes it. */
export const costOrder = localRule('cost-order', 'a cheap test spares the rows it drops a costly one', (node) => {
  if (node.kind !== 'filter') return null;
  const conjuncts = conjunctsOf(node.predicate);
  const [first, ...rest] = cheapFirst(conjuncts);
  if (first === undefined || [first, ...rest].every((conjunct, at) => conjunct === conjuncts[at])) return null;
  const predicate = conjunctionOf([first, ...rest]);
  const what = `reordered ${node.clause} ${expressionText(node.predicate)} to ${expressionText(predicate)}`;
  return { edits: { put: [{ ...node, predicate }] }, touched: [node.id], what };
});

function cheapFirst(conjuncts: readonly TypedExpr[]): readonly TypedExpr[] {
  const ordered: TypedExpr[] = [];
  let run: TypedExpr[] = [];
  for (const conjunct of conjuncts) {
    if (cannotFail(conjunct)) run.push(conjunct);
    else {
      ordered.push(...byCost(run), conjunct);
      run = [];
    }
  }
  return [...ordered, ...byCost(run)];
}

function byCost(run: readonly TypedExpr[]): readonly TypedExpr[] {
  return run.toSorted((a, b) => costOf(a) - costOf(b));
}

/** A rough count of the work for one row: comparisons are cheap, texts and patterns are not. */
function costOf(expr: TypedExpr): number {
  return ownCost(expr) + operandsOf(expr).reduce((sum, operand) => sum + costOf(operand), 0);
}

function ownCost(expr: TypedExpr): number {
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'convert':
      return 0;
    case 'module-call':
      return 100;
    case 'call':
      return callCost(expr.fn);
    default:
      return 1;
  }
}

function callCost(fn: string): number {
  if (fn.includes('regex') || fn === 'like') return 20;
  if (fn.startsWith('string.') || fn.startsWith('json.') || fn.startsWith('array.')) return 4;
  return 1;
}
