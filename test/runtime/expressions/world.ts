/** Expressions run over rows, by the compiled code and by ECMAScript itself. */
import { parseExpression } from '../../../src/parser/parse.ts';
import type { Batch, Vector } from '../../../src/runtime/batch.ts';
import type { ExpressionEnvironment } from '../../../src/runtime/expressions/compile.ts';
import { compileExpr } from '../../../src/runtime/expressions/compile.ts';
import type { RowError } from '../../../src/runtime/row-error.ts';
import { lengthOf, utf8Vector, valueAt, vectorOf } from '../../../src/runtime/vectors.ts';
import { typeExpr } from '../../../src/typecheck/expressions/index.ts';
import type { Scope } from '../../../src/typecheck/scope.ts';
import type { Column, TypedExpr } from '../../../src/typecheck/typed.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';

/** A column of rows: its name, type and values. */
export type Rows = Readonly<Record<string, { readonly type: Type; readonly values: readonly Value[] }>>;

export function schemaOf(rows: Rows): readonly Column[] {
  return Object.entries(rows).map(([name, { type }]) => ({ qualifier: null, name, type, origins: [] }));
}

export function batchOf(vectors: readonly Vector[]): Batch {
  const length = vectors.reduce((most, vector) => Math.max(most, lengthOf(vector)), 0);
  return { length, vectors, sequence: 0, ordinals: null, source: null };
}

/** `utf8` holds strings as bytes, as readers make them, where they have UTF-8. */
export function vectorsOf(rows: Rows, utf8: boolean): readonly Vector[] {
  return Object.values(rows).map(({ type, values }) => {
    const texts = values.map((value) => (typeof value === 'string' ? value : null));
    const isText = (type.kind === 'nullable' ? type.base : type).kind === 'string';
    const encodable = texts.every((text) => text === null || Buffer.from(text).toString() === text);
    return utf8 && isText && encodable ? utf8Vector(texts) : vectorOf(type, values);
  });
}

/** The typed expression, or the errors that the checker reports. */
function typing(text: string, columns: readonly Column[], more: Partial<Scope>): TypedExpr | readonly string[] {
  const { expression, diagnostics } = parseExpression({ name: 'expression', text });
  if (expression === null) throw new Error(`${text}: ${diagnostics.map(({ message }) => message).join('; ')}`);
  const errors: string[] = [];
  const typed = typeExpr(expression, {
    columns,
    qualifiers: new Set(),
    parameters: new Map(),
    functions: new Map(),
    aliases: new Map(),
    aliasesWin: false,
    aggregates: { allowed: true },
    windows: { allowed: true },
    narrowed: new Set(),
    report: ({ severity, code, message }) => void (severity === 'error' && errors.push(`${code} ${message}`)),
    ...more,
  });
  return errors.length > 0 ? errors : typed;
}

export function typedOver(text: string, columns: readonly Column[], more: Partial<Scope> = {}): TypedExpr {
  const typed = typing(text, columns, more);
  if ('kind' in typed) return typed;
  throw new Error(`${text}: ${typed.join('; ')}`);
}

/** Null where the checker reports an error. */
export function tryTyped(text: string, columns: readonly Column[]): TypedExpr | null {
  const typed = typing(text, columns, {});
  return 'kind' in typed ? typed : null;
}

export const noModules: ExpressionEnvironment = {
  moduleFunction: (module, name) => {
    throw new Error(`no function ${name} of ${module}`);
  },
};

export interface Outcome {
  readonly values: readonly Value[];
  readonly failures: readonly RowError[];
}

/** The values of an expression for all rows; rows that fail have what {@link Outcome.failures} says instead. */
export function run(
  text: string,
  rows: Rows,
  utf8 = true,
  environment = noModules,
  more: Partial<Scope> = {},
): Outcome {
  const schema = schemaOf(rows);
  return evaluate(typedOver(text, schema, more), rows, utf8, environment);
}

export function evaluate(expr: TypedExpr, rows: Rows, utf8 = true, environment = noModules): Outcome {
  const failures: RowError[] = [];
  const batch = batchOf(vectorsOf(rows, utf8));
  const vector = compileExpr(expr, schemaOf(rows), environment)(batch, failures);
  return { values: Array.from({ length: batch.length }, (_, row) => valueAt(vector, row)), failures };
}
