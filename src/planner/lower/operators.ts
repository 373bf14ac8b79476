/** EXTRACT, VALUES, PROCESS, REDUCE and COMBINE as nodes; HAVING of the same statement stands behind them. */
import type {
  RowsetId,
  TypedCombine,
  TypedExpr,
  TypedExtract,
  TypedProcess,
  TypedReduce,
  TypedValues,
} from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import type { NodeId } from '../graph.ts';
import type { Draft, Lowered } from './draft.ts';

/** Columns that nothing uses are not in the schema: the language does not convert them. */
export function lowerExtract(draft: Draft, rowset: TypedExtract): Lowered {
  const { files, reader, columns, label, span } = rowset;
  const used = new Set(columns.filter((column) => column.used).map((column) => column.name));
  const core = draft.add({
    kind: 'extract',
    label,
    files,
    reader,
    declared: columns.map(({ name, type, span }) => ({ name, type, span })),
    onError: onErrorOf(draft, rowset.id),
    schema: rowset.schema.filter((column) => used.has(column.name)),
    span,
  });
  return withHaving(draft, core, rowset);
}

export function lowerValues(draft: Draft, { rows, label, schema, span }: TypedValues): Lowered {
  const node = draft.add({ kind: 'values', label, rows: rows.map((row) => row.map(constantOf)), schema, span });
  return { core: node, result: node };
}

export function lowerProcess(draft: Draft, rowset: TypedProcess): Lowered {
  const { where, using, produce, schema, label, span } = rowset;
  const source = draft.resultOf(rowset.input);
  const input = where === null ? source : draft.filter(source, 'WHERE', where, `${label}.where`);
  const onError = onErrorOf(draft, rowset.id);
  const core = draft.add({ kind: 'process', label, input, using, produce, onError, schema, span });
  return withHaving(draft, core, rowset);
}

export function lowerReduce(draft: Draft, rowset: TypedReduce): Lowered {
  const { on, presort, using, produce, schema, label, span } = rowset;
  const input = draft.resultOf(rowset.input);
  const onError = onErrorOf(draft, rowset.id);
  const core = draft.add({ kind: 'reduce', label, input, on, presort, using, produce, onError, schema, span });
  return withHaving(draft, core, rowset);
}

export function lowerCombine(draft: Draft, rowset: TypedCombine): Lowered {
  const { keys, on, using, produce, schema, label, span } = rowset;
  const core = draft.add({
    kind: 'combine',
    label,
    left: draft.resultOf(rowset.left.rowset),
    right: draft.resultOf(rowset.right.rowset),
    leftAlias: rowset.left.alias,
    rightAlias: rowset.right.alias,
    keys,
    on,
    using,
    produce,
    onError: onErrorOf(draft, rowset.id),
    schema,
    span,
  });
  return withHaving(draft, core, rowset);
}

function withHaving(
  draft: Draft,
  core: NodeId,
  { having, label }: { readonly having: TypedExpr | null; readonly label: string },
): Lowered {
  return { core, result: having === null ? core : draft.filter(core, 'HAVING', having, `${label}.having`) };
}

function onErrorOf(draft: Draft, operator: RowsetId) {
  return draft.onError.get(operator) ?? null;
}

/** The value of an expression the checker folded. */
function constantOf(expr: TypedExpr): Value {
  switch (expr.kind) {
    case 'literal':
      return expr.value;
    case 'convert':
      return constantOf(expr.value);
    case 'array':
      return expr.elements.map(constantOf);
    default:
      throw new Error('a value of VALUES is not a constant');
  }
}
