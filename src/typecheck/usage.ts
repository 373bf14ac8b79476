/** Which declared columns are used: only those are converted (a part of the language). */
import type {
  BoundOperator,
  RowsetId,
  TypedAction,
  TypedExpr,
  TypedHandler,
  TypedOutput,
  TypedRowset,
  TypedSelect,
} from './typed.ts';
import { ladder } from './clauses/effects.ts';
import { failedSources } from './clauses/failed.ts';
import { columnsIn } from './visit.ts';

/** Columns of each rowset whose values something needs. */
class Needs {
  private readonly names = new Map<RowsetId, Set<string>>();
  grown = false;

  of(id: RowsetId): ReadonlySet<string> {
    return this.names.get(id) ?? NOTHING;
  }

  add(id: RowsetId, name: string): void {
    let names = this.names.get(id);
    if (names === undefined) this.names.set(id, (names = new Set()));
    if (names.has(name)) return;
    names.add(name);
    this.grown = true;
  }

  addAll(id: RowsetId, exprs: readonly (TypedExpr | null)[]): void {
    for (const expr of exprs) if (expr !== null) for (const { name } of columnsIn(expr)) this.add(id, name);
  }
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Sets `used` of every declared column. A column is used when an expression, key, order or operator of any rowset reads it, or when an
 * output (or the exported rowset) has it; one that is only passed on is used when the one it becomes is. Rowsets are walked backwards until
 * nothing grows: once, unless a route leads back to a handler further down.
 */
export function markUsed(
  rowsets: readonly TypedRowset[],
  outputs: readonly TypedOutput[],
  exported: RowsetId | null,
): readonly TypedRowset[] {
  const needs = new Needs();
  for (const output of outputs) needOutput(needs, output, rowsets);
  if (exported !== null) for (const { name } of rowsets[exported]?.schema ?? []) needs.add(exported, name);
  do {
    needs.grown = false;
    for (const rowset of rowsets.toReversed()) needInputs(needs, rowset, rowsets);
  } while (needs.grown && rowsets.some(({ kind }) => kind === 'routed'));
  return rowsets.map((rowset) => {
    if (rowset.kind !== 'extract') return rowset;
    const used = needs.of(rowset.id);
    return { ...rowset, columns: rowset.columns.map((column) => ({ ...column, used: used.has(column.name) })) };
  });
}

/** A built-in writer reads the columns of its `order`, where it has one; any other may read all. */
function needOutput(needs: Needs, output: TypedOutput, rowsets: readonly TypedRowset[]): void {
  const order = output.writer.signature.module === null ? new Map(output.writer.options).get('order') : undefined;
  const written = Array.isArray(order) ? order : rowsets[output.input]?.schema.map(({ name }) => name);
  for (const name of [...(written ?? []), ...output.partitionBy]) needs.add(output.input, String(name));
  needs.addAll(
    output.input,
    output.orderBy.map(({ value }) => value),
  );
}

function needInputs(needs: Needs, rowset: TypedRowset, rowsets: readonly TypedRowset[]): void {
  const wanted = needs.of(rowset.id);
  const schemaOf = (id: RowsetId) => rowsets[id]?.schema ?? [];
  const passOn = (id: RowsetId) => {
    for (const { name } of schemaOf(id)) if (wanted.has(name)) needs.add(id, name);
  };
  switch (rowset.kind) {
    case 'extract':
      return needs.addAll(rowset.id, [rowset.having]);
    case 'values':
      return;
    case 'filter':
      needs.addAll(rowset.input, [rowset.condition]);
      return passOn(rowset.input);
    case 'handler':
      if (rowset.fires !== 'error') needs.addAll(rowset.input, [rowset.condition, rowset.message]);
      needAction(needs, rowset.action, rowSources(rowset, rowsets));
      return passOn(rowset.input);
    case 'routed':
      for (const handler of rowset.from) needRouted(needs, wanted, handler, rowsets);
      return;
    case 'process':
      needs.addAll(rowset.input, [rowset.where, ...rowset.using.flatMap(inputsOf)]);
      needs.addAll(rowset.id, [rowset.having]);
      return passOn(rowset.input);
    case 'reduce':
      needs.addAll(rowset.input, [...rowset.presort.map(({ value }) => value), ...inputsOf(rowset.using)]);
      for (const name of rowset.on) needs.add(rowset.input, name);
      return;
    case 'combine': {
      const exprs = [...rowset.keys.flatMap(({ left, right }) => [left, right]), rowset.on, ...inputsOf(rowset.using)];
      const sides = new Map([rowset.left, rowset.right].map(({ rowset, alias }) => [alias, rowset]));
      needQualified(needs, exprs, sides);
      needs.addAll(rowset.id, [rowset.having]);
      passOn(rowset.left.rowset);
      return passOn(rowset.right.rowset);
    }
    case 'set-operation': {
      const all = rowset.operator !== 'union-all';
      for (const { name } of rowset.schema) {
        if (!all && !wanted.has(name)) continue;
        needs.add(rowset.left, name);
        needs.add(rowset.right, name);
      }
      return;
    }
    case 'select':
      return needSelect(needs, rowset, wanted);
  }
}

function inputsOf(operator: BoundOperator): readonly TypedExpr[] {
  return operator.inputs.map(({ value }) => value);
}

/** A plain column as an item passes it on; everything else reads. */
function needSelect(needs: Needs, select: TypedSelect, wanted: ReadonlySet<string>): void {
  const { from } = select;
  const sides = new Map([[from.source.alias, from.source.rowset]]);
  for (const join of from.joins) if (join.kind !== 'explode') sides.set(join.source.alias, join.source.rowset);
  const read = select.items.filter(({ name, value }) => value.kind !== 'column' || select.distinct || wanted.has(name));
  const joins = from.joins.flatMap((join) => {
    if (join.kind === 'explode') return [join.value];
    return join.kind === 'join' ? [join.on, ...join.keys.flatMap(({ left, right }) => [left, right])] : [];
  });
  const order = select.orderBy.map(({ value }) => value);
  needQualified(
    needs,
    [...read.map(({ value }) => value), ...joins, select.where, ...select.groupBy, select.having, ...order],
    sides,
  );
}

/** Columns of several sources; one without a qualifier there is the element of an EXPLODE. */
function needQualified(
  needs: Needs,
  exprs: readonly (TypedExpr | null)[],
  sides: ReadonlyMap<string | null, RowsetId>,
): void {
  for (const expr of exprs) {
    if (expr === null) continue;
    for (const { qualifier, name } of columnsIn(expr)) {
      const side = sides.get(qualifier);
      if (side !== undefined) needs.add(side, name);
    }
  }
}

/** Values an action computes, and the columns it changes, whose old values the repair log shows. */
function needAction(needs: Needs, action: TypedAction, sources: Sources): void {
  const read = (value: TypedExpr | null): void => needQualified(needs, [value], sources);
  for (const step of ladder(action)) {
    if (step.kind === 'abort') read(step.message);
    if (step.kind !== 'edit' && step.kind !== 'append') continue;
    for (const { target, value } of step.changes) {
      read(value);
      for (const { rowset, column } of target.origins) needs.add(rowset, column);
    }
  }
}

/** A routed row is the handler's input, or of a failed step the row it was called on. */
function needRouted(
  needs: Needs,
  wanted: ReadonlySet<string>,
  handler: RowsetId,
  rowsets: readonly TypedRowset[],
): void {
  const from = rowsets[handler];
  if (from?.kind !== 'handler') return;
  for (const source of rowSources(from, rowsets).values()) {
    for (const { name } of rowsets[source]?.schema ?? []) if (wanted.has(name)) needs.add(source, name);
  }
}

type Sources = ReadonlyMap<string | null, RowsetId>;

/** The rowsets whose rows a handler acts on, by the qualifier of their columns; none where a failed step had none. */
function rowSources(handler: TypedHandler, rowsets: readonly TypedRowset[]): Sources {
  const step = rowsets[handler.input];
  if (handler.fires !== 'error' || step === undefined) return new Map([[null, handler.input]]);
  return failedSources(step);
}
