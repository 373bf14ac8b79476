import { nonNull } from '../../typecheck/types.ts';
import type { Column } from '../../typecheck/typed.ts';
import { columnKey } from '../expressions/key.ts';
import type { Graph, GraphNode, NodeId } from '../graph.ts';
import { narrowing } from '../lower/used.ts';
import { freshName } from '../names.ts';
import { nodesInRegions } from '../regions.ts';
import { keyOf } from '../schemas.ts';
import { edited, nodesById, withInputs } from './edit.ts';
import type { Firing } from '../plan.ts';
import { type Applied, type Rule, unchanged } from './rule.ts';
import { asksOf, neededAggregates, neededItems, neededWindows, type Wanted, wantedColumns } from './wanted.ts';

/**
 * Leaves out columns that nothing reads: texts at the reader, computed columns where computing them cannot fail, and all others before a step
 * that keeps its rows in memory. A number the script uses is converted by the reader in any case, so that a bad one is an error as before.
 */
export const columnPruning: Rule = {
  name: 'column-pruning',
  why: 'columns that nothing reads are not read, computed or kept in memory',
  apply,
};

function apply(graph: Graph): Applied {
  const wanted = wantedColumns(graph);
  const fixed = nodesInRegions(graph);
  const put: GraphNode[] = [];
  const firings: Firing[] = [];
  for (const node of graph.nodes) {
    if (fixed.has(node.id)) continue;
    const pruned = prune(node, wanted.get(node.id) ?? new Set());
    if (pruned === null) continue;
    put.push(pruned.node);
    firings.push({
      rule: columnPruning.name,
      what: `left ${pruned.names.join(', ')} out of ${node.label}`,
      span: node.span,
    });
  }
  if (put.length > 0) return { graph: edited(graph, { put }), firings };
  return narrow(graph, wanted, fixed);
}

interface Pruned {
  readonly node: GraphNode;
  readonly names: readonly string[];
}

function prune(node: GraphNode, asked: ReadonlySet<string>): Pruned | null {
  switch (node.kind) {
    case 'extract': {
      const dropped = node.schema.filter((column) => !asked.has(keyOf(column)) && isText(column));
      const schema = node.schema.filter((column) => !dropped.includes(column));
      return pruned(dropped, { ...node, schema });
    }
    case 'project': {
      const items = neededItems(node, asked);
      const dropped = node.items.filter((item) => !items.includes(item));
      const schema = node.schema.filter((_, at) => items.some((item) => item === node.items[at]));
      return pruned(dropped, { ...node, items, schema });
    }
    case 'explode': {
      const dropped = node.schema.filter((column) => column.name !== node.name && !asked.has(keyOf(column)));
      return pruned(dropped, { ...node, schema: node.schema.filter((column) => !dropped.includes(column)) });
    }
    case 'process': {
      const dropped = node.produce.filter(({ name }) => !asked.has(columnKey(null, name)));
      const produce = node.produce.filter((produced) => !dropped.includes(produced));
      return pruned(dropped, { ...node, produce, schema: withoutNames(node, dropped) });
    }
    case 'aggregate': {
      const aggregates = neededAggregates(node, asked);
      const dropped = node.aggregates.filter((aggregate) => !aggregates.includes(aggregate));
      return pruned(dropped, { ...node, aggregates, schema: withoutNames(node, dropped) });
    }
    case 'window': {
      const windows = neededWindows(node, asked);
      const dropped = node.windows.filter((window) => !windows.includes(window));
      return pruned(dropped, { ...node, windows, schema: withoutNames(node, dropped) });
    }
    default:
      return null;
  }
}

function pruned(dropped: readonly { readonly name: string }[], node: GraphNode): Pruned | null {
  return dropped.length === 0 ? null : { node, names: dropped.map(({ name }) => name) };
}

function withoutNames(node: GraphNode, dropped: readonly { readonly name: string }[]): GraphNode['schema'] {
  const names = new Set(dropped.map(({ name }) => columnKey(null, name)));
  return node.schema.filter((column) => !names.has(keyOf(column)));
}

function isText(column: Column): boolean {
  return nonNull(column.type).kind === 'string';
}

/** Puts a project before steps that keep rows, and before unions, whose sides must agree. */
function narrow(graph: Graph, wanted: Wanted, fixed: ReadonlySet<NodeId>): Applied {
  const nodes = nodesById(graph);
  const labels = new Set(graph.nodes.map((node) => node.label));
  let nextId = 1 + graph.nodes.reduce((highest, node) => Math.max(highest, node.id), -1);
  for (const node of graph.nodes) {
    if (fixed.has(node.id) || !keepsRows(node)) continue;
    const narrowed = new Map<NodeId, GraphNode>();
    for (const [id, keys] of asksOf(node, wanted.get(node.id) ?? new Set(), nodes)) {
      const columns = columnsOf(nodes.get(id), keys);
      if (columns === null) continue;
      narrowed.set(id, narrowing(nextId++, id, columns, freshName(`${node.label}.columns`, labels), node));
    }
    if (narrowed.size === 0) continue;
    const put = [...narrowed.values(), withInputs(node, (id) => narrowed.get(id)?.id ?? id)];
    const dropped = [...narrowed].flatMap(([id, { schema }]) => missing(nodes.get(id)?.schema ?? [], schema));
    const what = `left ${[...new Set(dropped)].join(', ')} out before ${node.label}`;
    return { graph: edited(graph, { put }), firings: [{ rule: columnPruning.name, what, span: node.span }] };
  }
  return unchanged(graph);
}

function keepsRows(node: GraphNode): boolean {
  return (
    node.kind === 'join' ||
    node.kind === 'sort' ||
    node.kind === 'window' ||
    node.kind === 'top' ||
    node.kind === 'union'
  );
}

/** The columns an input should give; null where it gives no others, or none would be left. */
function columnsOf(input: GraphNode | undefined, keys: ReadonlySet<string>): readonly Column[] | null {
  const schema = input?.schema ?? [];
  const columns = schema.filter((column) => keys.has(keyOf(column)));
  return columns.length === schema.length || columns.length === 0 ? null : columns;
}

function missing(before: readonly Column[], after: readonly Column[]): readonly string[] {
  const kept = new Set(after.map(keyOf));
  return before.filter((column) => !kept.has(keyOf(column))).map(({ name }) => name);
}
