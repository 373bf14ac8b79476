/** EXTRACT, VALUES, PROCESS, REDUCE and COMBINE as nodes; HAVING of the same statement stands behind them. */
import type {
  TypedCombine,
  TypedExpr,
  TypedExtract,
  TypedProcess,
  TypedReduce,
  TypedValues,
} from '../../typecheck/typed.ts';
import { constantValue } from '../../typecheck/expressions/constants.ts';
import type { Value } from '../../typecheck/types.ts';
import type { NodeId } from '../graph.ts';
import { type Draft, type Lowered, only } from './draft.ts';

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
    onError: null,
    schema: rowset.schema.filter((column) => used.has(column.name)),
    span,
  });
  return withHaving(draft, core, rowset);
}

/** A row that is not constant (it calls an imported function) is computed from a row without columns. */
export function lowerValues(draft: Draft, { rows, label, schema, span }: TypedValues): Lowered {
  const constants = rows.map((row) => row.map(constantValue));
  const known = constants.map((row) => row.filter((value) => value !== undefined));
  if (known.every((row, at) => row.length === constants[at]?.length)) return only(values(known));
  const computed = rows.map((row) => {
    const items = schema.flatMap(({ name }, at) => {
      const value = row[at];
      return value === undefined ? [] : [{ name, value }];
    });
    return draft.add({ kind: 'project', label: `${label}.row`, input: nothing(), items, schema, span });
  });
  const node = computed.reduce((left, right) =>
    draft.add({ kind: 'union', label, left, right, interleave: false, schema, span }),
  );
  draft.update(node, (last) => ({ ...last, label }));
  return only(node);

  function values(values: readonly (readonly Value[])[]): NodeId {
    return draft.add({ kind: 'values', label, rows: values, schema, span });
  }
  function nothing(): NodeId {
    return draft.add({ kind: 'values', label: `${label}.nothing`, rows: [[]], schema: [], span });
  }
}

export function lowerProcess(draft: Draft, rowset: TypedProcess): Lowered {
  const { where, using, produce, schema, label, span } = rowset;
  const source = draft.resultOf(rowset.input);
  const input = where === null ? source : draft.filter(source, 'WHERE', where, `${label}.where`);
  const core = draft.add({ kind: 'process', label, input, using, produce, onError: null, schema, span });
  return withHaving(draft, core, rowset);
}

export function lowerReduce(draft: Draft, rowset: TypedReduce): Lowered {
  const { on, presort, using, produce, schema, label, span } = rowset;
  const input = draft.resultOf(rowset.input);
  const core = draft.add({ kind: 'reduce', label, input, on, presort, using, produce, onError: null, schema, span });
  return withHaving(draft, core, rowset);
}

export function lowerCombine(draft: Draft, rowset: TypedCombine): Lowered {
  const { type, keys, on, using, produce, schema, label, span } = rowset;
  const core = draft.add({
    kind: 'combine',
    type,
    label,
    left: draft.resultOf(rowset.left.rowset),
    right: draft.resultOf(rowset.right.rowset),
    leftAlias: rowset.left.alias,
    rightAlias: rowset.right.alias,
    keys,
    on,
    using,
    produce,
    onError: null,
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
