/** Values of constant expressions, by the evaluators that run too: folding changes when something is computed, never what. */
import type { Value } from '../types.ts';
import type { TypedCall, TypedExpr } from '../typed.ts';
import type { RuntimeValue } from '../functions/entry.ts';
import type { EvaluationFailure } from '../functions/failure.ts';
import { asFailure } from '../functions/failure.ts';
import { seesNull } from '../functions/entry.ts';
import { entryOf } from '../functions/table.ts';

/** `failure`: made of constants, but evaluation fails. Null: not constant. */
type Constant = { readonly value: RuntimeValue } | { readonly failure: EvaluationFailure } | null;

/** Expressions are immutable, so what was found once stays. */
const known = new WeakMap<TypedExpr, { readonly constant: Constant }>();

/** The value of an expression that needs no row; undefined where it needs one, is a regex, or fails. */
export function constantValue(expr: TypedExpr): Value | undefined {
  const constant = constantOf(expr);
  return constant !== null && 'value' in constant && !(constant.value instanceof RegExp) ? constant.value : undefined;
}

/** Why a call of constants fails; null where it does not, or is not of constants. */
export function constantFailure(expr: TypedExpr): EvaluationFailure | null {
  const constant = constantOf(expr);
  return constant !== null && 'failure' in constant ? constant.failure : null;
}

function constantOf(expr: TypedExpr): Constant {
  const found = known.get(expr);
  if (found !== undefined) return found.constant;
  const constant = evaluate(expr);
  known.set(expr, { constant });
  return constant;
}

function evaluate(expr: TypedExpr): Constant {
  switch (expr.kind) {
    case 'literal':
      return expr.type.kind === 'unknown' ? null : { value: expr.value };
    case 'convert':
      return constantOf(expr.value);
    case 'call':
      return evaluateCall(expr);
    case 'array': {
      const elements = expr.elements.map(constantValue);
      return elements.every((element) => element !== undefined) ? { value: elements } : null;
    }
    case 'logical': {
      const left = constantValue(expr.left);
      if (left === undefined) return null;
      return left === (expr.operator === 'or') ? { value: left } : constantOf(expr.right);
    }
    case 'coalesce': {
      const left = constantValue(expr.left);
      if (left === undefined) return null;
      return left === null ? constantOf(expr.right) : { value: left };
    }
    case 'conditional': {
      const test = constantValue(expr.test);
      return test === undefined ? null : constantOf(test === true ? expr.consequent : expr.alternate);
    }
    case 'column':
    case 'module-call':
    case 'lineage':
    case 'aggregate':
    case 'window':
      return null;
  }
}

function evaluateCall({ fn, args }: TypedCall): Constant {
  const entry = entryOf(fn);
  if (!entry.pure) return null;
  const values: RuntimeValue[] = [];
  for (const arg of args) {
    const constant = constantOf(arg);
    if (constant === null || 'failure' in constant) return null;
    values.push(constant.value);
  }
  if (values.some((value, at) => value === null && !seesNull(entry, at))) return { value: null };
  try {
    return { value: entry.evaluate(...values) };
  } catch (error) {
    return { failure: asFailure(error, fn) };
  }
}

/** The expression with its constant parts computed. A part that fails stays, so that it fails when it is reached. */
export function foldConstants(expr: TypedExpr): TypedExpr {
  const value = expr.kind === 'literal' ? undefined : constantValue(expr);
  if (value !== undefined) return { kind: 'literal', value, parameter: null, type: expr.type, span: expr.span };
  switch (expr.kind) {
    case 'literal':
    case 'column':
    case 'lineage':
      return expr;
    case 'call':
    case 'module-call':
      return { ...expr, args: expr.args.map(foldConstants) };
    case 'array':
      return { ...expr, elements: expr.elements.map(foldConstants) };
    case 'convert':
      return { ...expr, value: foldConstants(expr.value) };
    case 'logical':
      return foldLogical({ ...expr, left: foldConstants(expr.left), right: foldConstants(expr.right) });
    case 'coalesce':
      return { ...expr, left: foldConstants(expr.left), right: foldConstants(expr.right) };
    case 'conditional': {
      const test = constantValue(expr.test);
      if (test !== undefined) return foldConstants(test === true ? expr.consequent : expr.alternate);
      const [consequent, alternate] = [foldConstants(expr.consequent), foldConstants(expr.alternate)];
      return { ...expr, test: foldConstants(expr.test), consequent, alternate };
    }
    case 'aggregate':
      return expr.arg === null ? expr : { ...expr, arg: foldConstants(expr.arg) };
    case 'window':
      return {
        ...expr,
        args: expr.args.map(foldConstants),
        partitionBy: expr.partitionBy.map(foldConstants),
        orderBy: expr.orderBy.map((sort) => ({ ...sort, value: foldConstants(sort.value) })),
      };
  }
}

/** `true && x` is x. `x && false` stays: x may fail. */
function foldLogical(expr: Extract<TypedExpr, { kind: 'logical' }>): TypedExpr {
  const neutral = expr.operator === 'and';
  if (constantValue(expr.left) === neutral) return expr.right;
  return constantValue(expr.right) === neutral ? expr.left : expr;
}
