/** What ON ERROR knows of a row on which a step failed: of a file its line, of an operator the row it was called on, of a SELECT the row of its FROM. */
import { rowsetOf, schemaOf, type Environment } from '../environment.ts';
import { joinedColumns } from '../rowsets/joined.ts';
import type { Column, RowsetId, Schema, TypedFrom, TypedRowset, TypedSelect, TypedSource } from '../typed.ts';
import { INT, STRING, type Type } from '../types.ts';

export interface FailedRow {
  /** What the action's expressions see. */
  readonly columns: Schema;
  /** What may stand before a dot in them. */
  readonly qualifiers: ReadonlySet<string>;
  /** What ROUTE TO gets beside the reason. */
  readonly routed: Schema;
}

export function failedRow(env: Environment, input: RowsetId): FailedRow {
  const rowset = rowsetOf(env, input);
  const plain = (columns: Schema): FailedRow => ({ columns, qualifiers: new Set(), routed: columns });
  switch (rowset.kind) {
    case 'extract':
      return plain([own('file', STRING), own('line', INT), own('text', STRING)]);
    case 'process':
      return plain(schemaOf(env, rowset.input));
    case 'reduce':
      return plain(rowset.schema.filter((column) => rowset.on.includes(column.name)));
    case 'select':
      return rowset.grouped ? plain([]) : selected(env, rowset);
    default:
      return plain([]);
  }
}

/** No rowset computes it before one is routed to. */
function own(name: string, type: Type): Column {
  return { qualifier: null, name, type, origins: [] };
}

function selected(env: Environment, { id, from }: TypedSelect): FailedRow {
  const columns = sourceColumns(env, from);
  const names = env.compilation.sourceNames.get(id) ?? [];
  const qualifiers = new Set(names.flatMap(({ name }) => name ?? []));
  const keys = new Set(from.joins.flatMap(sharedKeys));
  const first = new Map(columns.toReversed().map((column) => [column.name, column]));
  const shared = columns.filter((column) => first.get(column.name) !== column).map(({ name }) => name);
  // Of a name on both sides the left one is meant where ON says that they are equal, and neither where it does not.
  const routed = columns.filter(
    (column) => first.get(column.name) === column && (!shared.includes(column.name) || keys.has(column.name)),
  );
  return { columns, qualifiers, routed: routed.map((column) => ({ ...column, qualifier: null })) };
}

/** Before the first EXPLODE: it may be what fails. */
function sourceColumns(env: Environment, { source, joins }: TypedFrom): Schema {
  const side = ({ rowset, alias }: TypedSource): Schema =>
    schemaOf(env, rowset).map((column) => ({ ...column, qualifier: alias }));
  let columns = side(source);
  for (const join of joins) {
    if (join.kind === 'explode') break;
    columns = joinedColumns(join.kind === 'join' ? join.type : 'inner', columns, side(join.source));
  }
  return columns;
}

function sharedKeys(join: TypedFrom['joins'][number]): readonly string[] {
  if (join.kind !== 'join') return [];
  return join.keys.flatMap(({ left, right }) =>
    left.kind === 'column' && right.kind === 'column' && left.name === right.name ? [left.name] : [],
  );
}

/** The rowsets that the failed row was made from, with the qualifiers of their columns; none where there was no row. */
export function failedSources(rowset: TypedRowset): ReadonlyMap<string | null, RowsetId> {
  switch (rowset.kind) {
    case 'process':
    case 'reduce':
      return new Map([[null, rowset.input]]);
    case 'select': {
      const { source, joins } = rowset.from;
      const sides = joins.flatMap((join) => (join.kind === 'explode' ? [] : [join.source]));
      return new Map([source, ...sides].map(({ alias, rowset: side }) => [alias, side]));
    }
    default:
      return new Map();
  }
}
