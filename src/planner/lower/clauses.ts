/** Set operations, WHERE, handlers and ROUTE TO as nodes. */
import type {
  Schema,
  TypedFilter,
  TypedHandler,
  TypedRouted,
  TypedRowset,
  TypedSetOperation,
} from '../../typecheck/typed.ts';
import type { RowsetId } from '../../typecheck/typed.ts';
import { nonNull, sameType, type Type } from '../../typecheck/types.ts';
import type { NodeId } from '../graph.ts';
import { type Draft, type Lowered, only } from './draft.ts';

/** Both sides give the same columns in the same order, so that what runs them need not look at names. */
export function lowerSetOperation(draft: Draft, rowset: TypedSetOperation): Lowered {
  const { schema, label, span, operator } = rowset;
  const left = aligned(draft, draft.resultOf(rowset.left), rowset, 'left');
  const right = aligned(draft, draft.resultOf(rowset.right), rowset, 'right');
  if (operator === 'except' || operator === 'intersect') {
    return only(draft.add({ kind: operator, label, left, right, schema, span }));
  }
  const distinct = operator === 'union-distinct';
  const union = draft.add({
    kind: 'union',
    label: distinct ? `${label}.union` : label,
    left,
    right,
    interleave: false,
    schema,
    span,
  });
  return only(distinct ? draft.add({ kind: 'distinct', label, input: union, schema, span }) : union);
}

export function lowerFilter(draft: Draft, { input, condition, schema, label, span }: TypedFilter): Lowered {
  return only(
    draft.add({
      kind: 'filter',
      label,
      input: draft.resultOf(input),
      clause: 'WHERE',
      predicate: condition,
      schema,
      span,
    }),
  );
}

/** ON ERROR is no node: its action stands at the operator it follows, or at the steps of a SELECT. */
export function lowerHandler(draft: Draft, handler: TypedHandler): Lowered {
  const { id, input, fires, condition, message, conditionText, action, schema, label, span } = handler;
  const source = draft.resultOf(input);
  if (fires === 'error') {
    draft.routing.set(id, draft.guard(operatorBefore(draft.rowsets, handler), action));
    return { core: source, result: source };
  }
  const node = draft.add({
    kind: 'handle',
    label,
    input: source,
    fires,
    condition,
    message,
    conditionText,
    action,
    schema,
    span,
  });
  draft.routing.set(id, [node]);
  return only(node);
}

/** `from` is filled in when all handlers stand: later ones may route to the same name. */
export function lowerRouted(draft: Draft, { name, id, schema, label, span }: TypedRouted): Lowered {
  return only(draft.add({ kind: 'routed', label, name, rowset: id, from: [], schema, span }));
}

/** The operator whose errors an ON ERROR clause handles: the nearest one upstream, past clauses. */
function operatorBefore(rowsets: ReadonlyMap<RowsetId, TypedRowset>, handler: TypedHandler): RowsetId {
  let rowset = rowsets.get(handler.input);
  while (rowset?.kind === 'filter' || rowset?.kind === 'handler') rowset = rowsets.get(rowset.input);
  if (rowset === undefined) throw new Error('ON ERROR follows no operator');
  return rowset.id;
}

/** Columns that nothing uses are in no schema by now; what one side lacks so is left out of the other later. */
function aligned(draft: Draft, input: NodeId, rowset: TypedSetOperation, side: 'left' | 'right'): NodeId {
  const from = draft.schemaOf(input);
  const columnOf = new Map(from.map((column) => [column.name, column]));
  const wanted = rowset.schema.filter(({ name }) => columnOf.has(name));
  if (sameColumns(from, wanted)) return input;
  const { span } = rowset;
  return draft.add({
    kind: 'project',
    label: `${rowset.label}.${side}`,
    input,
    items: wanted.map(({ name, type }) => {
      const column = columnOf.get(name);
      const value = { kind: 'column', qualifier: null, name, type: column?.type ?? type, span } as const;
      if (isHeldAlike(value.type, type)) return { name, value };
      return { name, value: { kind: 'convert', value, type, span } };
    }),
    schema: wanted.map((column) => ({ ...column, origins: columnOf.get(column.name)?.origins ?? column.origins })),
    span,
  });
}

function sameColumns(a: Schema, b: Schema): boolean {
  return (
    a.length === b.length &&
    a.every((column, at) => {
      const other = b[at];
      return other !== undefined && column.name === other.name && isHeldAlike(column.type, other.type);
    })
  );
}

/** T and T? hold their values alike, so that nothing need be converted. */
function isHeldAlike(a: Type, b: Type): boolean {
  return sameType(nonNull(a), nonNull(b));
}
