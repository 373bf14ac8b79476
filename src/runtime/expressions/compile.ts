/**
 * Expressions compiled once per plan into functions over batches. A row's values are held in variables, columns in typed arrays: nothing is allocated
 * per row but the strings and arrays that the expression itself makes.
 */
import { asFailure } from '../../typecheck/functions/failure.ts';
import type { Column, TypedExpr } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import { isNullable } from '../../typecheck/types.ts';
import type { Batch, Nulls, Vector } from '../batch.ts';
import { RowError } from '../row-error.ts';
import { builtKind, valueAt } from '../vectors.ts';
import type { Place, Site } from './code.ts';
import { Code } from './code.ts';
import { columnIndex, emit, requireKnown } from './emit.ts';
import type { ModuleFunction } from './module-function.ts';

/** What an expression needs of the job around it. */
export interface ExpressionEnvironment {
  /** The function that a module exports under a name; the checker has seen that it is there. */
  readonly moduleFunction: (module: string, name: string) => ModuleFunction;
}

/**
 * Computes an expression for every row of a batch. A row that fails throws a {@link RowError}; with `failures` it is added there instead, the row's value
 * is null (or 0, or false, in a column without nulls), and the other rows go on.
 */
export type CompiledExpr = (batch: Batch, failures?: RowError[]) => Vector;

/** The rows, in order, on which a condition holds. A row that fails throws, or is added to `failures` and not selected. */
export type CompiledPredicate = (batch: Batch, failures?: RowError[]) => Int32Array;

/** Compiles for batches whose vectors are the columns of `schema`, in that order. Throws NotExecutableError for what is not computed row by row. */
export function compileExpr(
  expr: TypedExpr,
  schema: readonly Column[],
  environment: ExpressionEnvironment,
): CompiledExpr {
  requireKnown(expr);
  const code = new Code(schema);
  const emission = { code, moduleFunction: environment.moduleFunction };
  if (expr.kind === 'column') return sameVector(columnIndex(expr, emission));
  const place = emit(expr, emission);
  return expressionLoop(expr, place, code);
}

/** A column alone is the input's vector, shared. */
function sameVector(index: number): CompiledExpr {
  return ({ vectors }) => {
    const vector = vectors[index];
    if (vector === undefined) throw new TypeError(`the batch has no vector ${index}`);
    return vector;
  };
}

/** The typed arrays that results are written to, by vector kind. */
const ARRAYS = { int: Int32Array, number: Float64Array, bool: Uint8Array } as const;

function expressionLoop(expr: TypedExpr, { value, isNull }: Place, code: Code): CompiledExpr {
  const kind = builtKind(expr.type);
  if (kind === 'string' || kind === 'object') {
    code.line(`out[row] = ${isNull === 'false' ? value : `${isNull} ? null : ${value}`};`);
    const before = [`const out = new ${code.constant(Array)}(length).fill(null);`];
    return built(code, before, 'out', (values: (string | null)[]) => ({ kind, values }));
  }
  const written = kind === 'bool' ? `${value} ? 1 : 0` : value;
  if (isNullable(expr.type)) {
    code.line(`if (${isNull}) {`);
    code.line(`if (nulls === null) nulls = new ${code.constant(Uint8Array)}(length);`);
    code.line('nulls[row] = 1;');
    code.line(`} else out[row] = ${written};`);
  } else code.line(`out[row] = ${written};`);
  const before = [`const out = new ${code.constant(ARRAYS[kind])}(length);`, 'let nulls = null;'];
  return built(code, before, '{ values: out, nulls }', (result: { values: never; nulls: Nulls }) => ({
    kind,
    ...result,
  }));
}

/** Compiles a condition (a bool that is never null). */
export function compilePredicate(
  expr: TypedExpr,
  schema: readonly Column[],
  environment: ExpressionEnvironment,
): CompiledPredicate {
  requireKnown(expr);
  if (expr.type.kind !== 'bool') throw new TypeError('a predicate is a bool');
  const code = new Code(schema);
  const { value } = emit(expr, { code, moduleFunction: environment.moduleFunction });
  code.line(`if (${value}) out[selected++] = row;`);
  const before = [`const out = new ${code.constant(Int32Array)}(length);`, 'let selected = 0;'];
  return built(code, before, 'selected === length ? out : out.slice(0, selected)', (rows: Int32Array) => rows);
}

type Loop = (
  vectors: readonly Vector[],
  length: number,
  failed: (error: unknown, row: number, site: number) => void,
) => never;

/** The generated function, bound to its constants; `shape` makes the answer of what it returns. Its text comes from {@link Code} alone. */
function built<R>(
  code: Code,
  before: readonly string[],
  result: string,
  shape: (result: never) => R,
): (batch: Batch, failures?: RowError[]) => R {
  // oxlint-disable-next-line typescript/no-implied-eval -- compiling is the point; Code lets no text of a script or of data become code
  const make = new Function('constants', code.text(before, result)) as (constants: readonly unknown[]) => Loop;
  const loop = make(code.constants);
  const { sites } = code;
  return ({ vectors, length }, failures) =>
    shape(
      loop(vectors, length, (error, row, site) => {
        const rowError = located(error, row, sites[site]);
        if (failures === undefined) throw rowError;
        failures.push(rowError);
      }),
    );
}

/** The failure with its row and place; an error of a loop that calls nothing is a defect, and stays what it is. */
function located(error: unknown, row: number, site: Site | undefined): RowError {
  if (site === undefined) throw error;
  const { code, message } = asFailure(error, site.fn);
  return new RowError(code, message, row, site.span, error);
}

/** The value of an expression without columns: a constant, or calls of imported functions on constants. */
export function evaluateConstant(expr: TypedExpr, environment: ExpressionEnvironment): Value {
  const batch: Batch = { length: 1, vectors: [], sequence: 0, ordinals: null, source: null };
  return valueAt(compileExpr(expr, [], environment)(batch), 0);
}
