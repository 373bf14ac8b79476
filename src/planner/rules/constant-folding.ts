import { constantValue } from '../../typecheck/expressions/constants.ts';
import { expressionText } from '../../typecheck/expressions/text.ts';
import type { TypedConditional, TypedExpr, TypedLogical } from '../../typecheck/typed.ts';
import { cannotFail } from '../expressions/failing.ts';
import { exprKey } from '../expressions/key.ts';
import { conjunctsOf, mapParts } from '../expressions/walk.ts';
import { localRule } from './match.ts';
import type { Rule } from './rule.ts';

const folding = localRule(
  'constant-folding',
  'what is known before the run is not computed for every row',
  (node, { targets }) => {
    if (node.kind !== 'filter') return null;
    const predicate = folded(node.predicate);
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

/**
 * Computes what predicates hold of constants, and takes out filters that keep every row. One that keeps none stays: what is before it may
 * fail, and predicate-pushdown brings it as near to the source as that allows.
 */
export const constantFolding: Rule = { ...folding, hides: true };

function folded(predicate: TypedExpr): TypedExpr {
  const simple = fold(predicate);
  const never = conjunctsOf(simple).some((conjunct) => constantValue(conjunct) === false) && cannotFail(simple);
  const { type, span } = predicate;
  return never ? { kind: 'literal', value: false, parameter: null, type, span } : simple;
}

/** Lists stay as they are written: computing them gains nothing and reads worse. A part that fails stays, to fail when it is reached. */
function fold(expr: TypedExpr): TypedExpr {
  const { type, span } = expr;
  const value = expr.kind === 'literal' || type.kind === 'array' ? undefined : constantValue(expr);
  if (value !== undefined) return { kind: 'literal', value, parameter: null, type, span };
  const parts = mapParts(expr, fold);
  if (parts.kind === 'conditional') return foldConditional(parts);
  return parts.kind === 'logical' ? foldLogical(parts) : parts;
}

function foldConditional(expr: TypedConditional): TypedExpr {
  const test = constantValue(expr.test);
  if (test === undefined) return expr;
  return test === true ? expr.consequent : expr.alternate;
}

/** `true && x` is x. `x && false` stays: x may fail. */
function foldLogical(expr: TypedLogical): TypedExpr {
  const neutral = expr.operator === 'and';
  if (constantValue(expr.left) === neutral) return expr.right;
  return constantValue(expr.right) === neutral ? expr.left : expr;
}
