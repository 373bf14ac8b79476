/** The meaning of typed expressions in the plainest way: a walk over the tree for one row. What is compiled is compared with it. */
import { seesNull } from '../../../src/typecheck/functions/entry.ts';
import type { RuntimeValue } from '../../../src/typecheck/functions/entry.ts';
import { asFailure } from '../../../src/typecheck/functions/failure.ts';
import { entryOf } from '../../../src/typecheck/functions/table.ts';
import type { TypedExpr } from '../../../src/typecheck/typed.ts';
import type { Value } from '../../../src/typecheck/types.ts';

export type Row = Readonly<Record<string, Value>>;

/** Throws EvaluationFailure. */
export function interpret(expr: TypedExpr, row: Row): RuntimeValue {
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'column':
      return row[expr.name] ?? null;
    case 'convert':
      return interpret(expr.value, row);
    case 'call': {
      const entry = entryOf(expr.fn);
      const args = expr.args.map((arg) => interpret(arg, row));
      if (args.some((arg, at) => arg === null && !seesNull(entry, at))) return null;
      try {
        return entry.evaluate(...args);
      } catch (error) {
        throw asFailure(error, expr.fn);
      }
    }
    case 'logical': {
      const left = interpret(expr.left, row);
      return left === (expr.operator === 'or') ? left : interpret(expr.right, row);
    }
    case 'coalesce':
      return interpret(expr.left, row) ?? interpret(expr.right, row);
    case 'conditional':
      return interpret(interpret(expr.test, row) === true ? expr.consequent : expr.alternate, row);
    case 'array':
      return expr.elements.map((element) => interpret(element, row) as Value);
    default:
      throw new TypeError(`no reference for ${expr.kind}`);
  }
}

/** The expression with the row's values in place of its columns. */
export function substituted(expr: TypedExpr, row: Row): TypedExpr {
  switch (expr.kind) {
    case 'column':
      return { kind: 'literal', value: row[expr.name] ?? null, parameter: null, type: expr.type, span: expr.span };
    case 'convert':
      return { ...expr, value: substituted(expr.value, row) };
    case 'call':
      return { ...expr, args: expr.args.map((arg) => substituted(arg, row)) };
    case 'array':
      return { ...expr, elements: expr.elements.map((element) => substituted(element, row)) };
    case 'logical':
    case 'coalesce':
      return { ...expr, left: substituted(expr.left, row), right: substituted(expr.right, row) };
    case 'conditional': {
      const [test, consequent, alternate] = [expr.test, expr.consequent, expr.alternate].map((part) =>
        substituted(part, row),
      );
      if (test === undefined || consequent === undefined || alternate === undefined) return expr;
      return { ...expr, test, consequent, alternate };
    }
    default:
      return expr;
  }
}
