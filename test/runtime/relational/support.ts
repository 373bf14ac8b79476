/** Small tables in and out of the cross-row operators. */
import type { Span } from '../../../src/diagnostics/span.ts';
import type { CrossRow, Evaluate } from '../../../src/runtime/relational/index.ts';
import { crossRow } from '../../../src/runtime/relational/index.ts';
import type { CrossRowNode } from '../../../src/runtime/relational/index.ts';
import type { Batch } from '../../../src/runtime/batch.ts';
import { utf8Vector, valueAt, vectorOf } from '../../../src/runtime/vectors.ts';
import type { Column, Schema, TypedColumn, TypedExpr } from '../../../src/typecheck/typed.ts';
import type { Type, Value } from '../../../src/typecheck/types.ts';

export const span: Span = { source: 0, start: 0, end: 0 };

export type Row = readonly Value[];

export function column(name: string, type: Type): Column {
  return { qualifier: null, name, type, origins: [] };
}

export function ref(name: string, type: Type): TypedColumn {
  return { kind: 'column', qualifier: null, name, type, span };
}

/** What every node has beside its own fields. */
export function base(schema: Schema): {
  readonly id: number;
  readonly label: string;
  readonly schema: Schema;
  readonly hints: ReadonlyMap<string, Value>;
  readonly span: Span;
} {
  return { id: 1, label: 'node', schema, hints: new Map(), span };
}

/** Cuts rows into batches of `size`; string columns without lone surrogates come as UTF-8 views in every other batch. */
export function batches(schema: Schema, rows: readonly Row[], size: number): readonly Batch[] {
  const out: Batch[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size);
    const vectors = schema.map(({ type }, at) => {
      const values = part.map((row) => row[at] ?? null);
      const texts = values.filter((value): value is string | null => value === null || typeof value === 'string');
      const isText = type.kind === 'string' || (type.kind === 'nullable' && type.base.kind === 'string');
      return isText && out.length % 2 === 0 ? utf8Vector(texts) : vectorOf(type, values);
    });
    out.push({ length: part.length, vectors, sequence: out.length, ordinals: null, source: null });
  }
  return out;
}

export function rowsOf(answer: readonly Batch[]): readonly Row[] {
  return answer.flatMap((batch) =>
    Array.from({ length: batch.length }, (_, row) => batch.vectors.map((vector) => valueAt(vector, row))),
  );
}

/** Only columns can be evaluated here: the operators take compiled expressions and do not care how they were made. */
function compileColumn(expr: TypedExpr, input: Schema): Evaluate {
  const at = expr.kind === 'column' ? input.findIndex((candidate) => candidate.name === expr.name) : -1;
  return (batch) => {
    const vector = batch.vectors[at];
    if (vector === undefined) throw new RangeError('no such column');
    return vector;
  };
}

export interface Side {
  readonly schema: Schema;
  readonly rows: readonly Row[];
}

/** Feeds all sides (the order of arrival is `rightFirst`) and gives the answer's rows. */
export function answerOf(
  node: CrossRowNode,
  sides: readonly Side[],
  size: number,
  rightFirst: boolean,
): readonly Row[] {
  const operator: CrossRow = crossRow(
    node,
    sides.map((side) => side.schema),
    compileColumn,
  );
  const order = rightFirst ? sides.map((_, side) => sides.length - 1 - side) : sides.map((_, side) => side);
  const answer: Batch[] = [];
  for (const side of order) {
    for (const batch of batches(sides[side]?.schema ?? [], sides[side]?.rows ?? [], size)) {
      answer.push(...operator.take(side, batch));
    }
    answer.push(...operator.end(side));
  }
  return rowsOf(answer);
}
