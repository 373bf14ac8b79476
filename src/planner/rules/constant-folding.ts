import { constantValue, foldConstants } from '../../typecheck/expressions/constants.ts';
import { expressionText } from '../../typecheck/expressions/text.ts';
import type { TypedExpr } from '../../typecheck/typed.ts';
import { BOOL } from '../../typecheck/types.ts';
import { cannotFail } from '../expressions/failing.ts';
import { exprKey } from '../expressions/key.ts';
import { conjunctsOf, rewrite } from '../expressions/walk.ts';
import { localRule } from './match.ts';

/**
 * Computes what predicates hold of constants, and takes out filters that keep every row. One that keeps none stays: what is before it may
 * fail, and predicate-pushdown brings it as near to the source as that allows.
 */
export const constantFolding = localRule(
  'constant-folding',
  'what is known before the run is not computed for every row',
  (node, { targets, repaired }) => {
    if (node.kind !== 'filter') return null;
    const predicate = folded(node.predicate, repaired);
    const text = `${node.clause} ${expressionText(node.predicate)}`;
    if (constantValue(predicate) === true && !targets.has(node.id)) {
      const edits = { remove: [node.id], redirect: new Map([[node.id, node.input]]) };
      return { edits, touched: [node.id, node.input], what: `removed ${text}: it keeps every row` };
    }
    if (exprKey(predicate) === exprKey(node.predicate)) return null;
    const what = `made ${text} into ${node.clause} ${expressionText(predicate)}`;
    return { edits: { put: [{ ...node, predicate }] }, touched: [node.id], what };
  },
);

function folded(predicate: TypedExpr, repaired: boolean): TypedExpr {
  const simple = foldConstants(repaired ? predicate : rewrite(predicate, withoutRepairs));
  const never = conjunctsOf(simple).some((conjunct) => constantValue(conjunct) === false) && cannotFail(simple);
  return never ? { kind: 'literal', value: false, parameter: null, type: BOOL, span: predicate.span } : simple;
}

/** Where nothing repairs, no row was ever repaired. */
function withoutRepairs(expr: TypedExpr): TypedExpr | null {
  if (expr.kind !== 'lineage') return null;
  if (expr.fn === 'original') return expr.column;
  return { kind: 'literal', value: 0, parameter: null, type: expr.type, span: expr.span };
}
