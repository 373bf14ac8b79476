/** FROM: its joins and explodes, left to right. */
import type { TypedJoin, TypedSelect, TypedSource } from '../../typecheck/typed.ts';
import type { NodeId } from '../graph.ts';
import { joinedColumns } from '../../typecheck/rowsets/joined.ts';
import { sideSchema } from '../sides.ts';
import { columnFor, type Draft } from './draft.ts';
import type { Guard } from './guarded.ts';

/** `alias` is pending: what follows names the node's columns with it, the node itself does not yet. */
interface Sofar {
  readonly node: NodeId;
  readonly alias: string | null;
}

export function lowerFrom(draft: Draft, select: TypedSelect, guard: Guard): NodeId {
  const { from } = select;
  const first: Sofar = { node: draft.resultOf(from.source.rowset), alias: from.source.alias };
  const last = from.joins.reduce((sofar, join) => lowerJoin(draft, select, guard, sofar, join), first);
  return qualified(draft, select, last);
}

function lowerJoin(draft: Draft, select: TypedSelect, guard: Guard, sofar: Sofar, join: TypedJoin): Sofar {
  switch (join.kind) {
    case 'explode': {
      const { node: input, read } = guard.ahead(qualified(draft, select, sofar), [join.value]);
      const element = { ...columnFor(join.name, join.value, [], select.id), type: elementType(join) };
      const schema = [...draft.schemaOf(input), element];
      const { name, span } = join;
      const value = read(join.value);
      const node = draft.add({ kind: 'explode', label: `${select.label}.explode`, input, value, name, schema, span });
      return { node, alias: null };
    }
    case 'cross-join':
      return lowerSides(draft, select, sofar, join.source, { ...join, type: 'cross', keys: [], on: null });
    case 'join':
      return lowerSides(draft, select, sofar, join.source, join);
  }
}

function lowerSides(
  draft: Draft,
  select: TypedSelect,
  sofar: Sofar,
  source: TypedSource,
  join: Pick<Extract<TypedJoin, { kind: 'join' }>, 'keys' | 'on' | 'span'> & { readonly type: JoinKind },
): Sofar {
  const right = draft.resultOf(source.rowset);
  const schema = joinedColumns(
    join.type,
    sideSchema(draft.schemaOf(sofar.node), sofar.alias),
    sideSchema(draft.schemaOf(right), source.alias),
  );
  const node = draft.add({
    kind: 'join',
    label: `${select.label}.join`,
    type: join.type,
    left: sofar.node,
    right,
    leftAlias: sofar.alias,
    rightAlias: source.alias,
    keys: join.keys,
    on: join.on,
    schema,
    span: join.span,
  });
  return { node, alias: null };
}

type JoinKind = Extract<TypedJoin, { kind: 'join' }>['type'] | 'cross';

/** The node with its alias on its columns, through a project that does nothing else. */
function qualified(draft: Draft, select: TypedSelect, { node: input, alias }: Sofar): NodeId {
  if (alias === null) return input;
  const columns = draft.schemaOf(input);
  return draft.add({
    kind: 'project',
    label: `${select.label}.${alias}`,
    input,
    items: columns.map((column) => ({
      name: column.name,
      value: {
        kind: 'column',
        qualifier: column.qualifier,
        name: column.name,
        type: column.type,
        span: select.span,
      },
    })),
    schema: sideSchema(columns, alias),
    span: select.span,
  });
}

function elementType(join: Extract<TypedJoin, { kind: 'explode' }>) {
  const { type } = join.value;
  return type.kind === 'array' ? type.element : type;
}
