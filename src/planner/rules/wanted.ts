/** Which columns of each node something reads. */
import type { BoundOperator, TypedAction, TypedExpr } from '../../typecheck/typed.ts';
import { columnsIn } from '../../typecheck/visit.ts';
import { ladderOf } from '../actions.ts';
import { columnKey } from '../expressions/key.ts';
import { cannotFail } from '../expressions/failing.ts';
import type {
  AggregateNode,
  Graph,
  GraphNode,
  JoinNode,
  NodeId,
  OutputNode,
  ProjectNode,
  WindowNode,
} from '../graph.ts';
import { failedColumn } from '../failed-row.ts';
import { sideSchema } from '../sides.ts';
import { keyOf } from '../schemas.ts';
import { type NodeMap, nodesById } from './edit.ts';
import { nodesInRegions } from '../regions.ts';

export type Wanted = ReadonlyMap<NodeId, ReadonlySet<string>>;

/** Keys of columns by node. A node of a region has all its columns wanted: repairs and lineage read them. */
export function wantedColumns(graph: Graph): Wanted {
  const nodes = nodesById(graph);
  const fixed = nodesInRegions(graph);
  const wanted = new Map<NodeId, Set<string>>(graph.nodes.map((node) => [node.id, new Set()]));
  for (const node of graph.nodes.toReversed()) {
    const own = wanted.get(node.id) ?? new Set();
    if (fixed.has(node.id)) for (const column of node.schema) own.add(keyOf(column));
    for (const [input, keys] of asksOf(node, own, nodes)) for (const key of keys) wanted.get(input)?.add(key);
  }
  return wanted;
}

/** What a node asks of each of its inputs, given what is asked of it. */
export function asksOf(node: GraphNode, asked: ReadonlySet<string>, nodes: NodeMap): Wanted {
  const asks = new Map<NodeId, Set<string>>();
  passDown(node, asked, nodes, (input, keys) => {
    asks.set(input, new Set([...(asks.get(input) ?? []), ...keys]));
  });
  return asks;
}

type Want = (input: NodeId, keys: Iterable<string>) => void;

function passDown(node: GraphNode, asked: ReadonlySet<string>, nodes: NodeMap, want: Want): void {
  const all = (id: NodeId): void => want(id, (nodes.get(id)?.schema ?? []).map(keyOf));
  switch (node.kind) {
    case 'extract':
    case 'values':
      return;
    case 'filter':
      return want(node.input, [...asked, ...keysIn([node.predicate]), ...keysOfAction(node.onError ?? null)]);
    case 'project': {
      const items = neededItems(node, asked).map(({ value }) => value);
      return want(node.input, [...keysIn(items), ...keysOfAction(node.onError ?? null)]);
    }
    case 'explode':
      return want(node.input, [...without(asked, [node.name]), ...keysIn([node.value])]);
    case 'process':
      return want(node.input, [
        ...without(
          asked,
          node.produce.map(({ name }) => name),
        ),
        ...keysOfOperators(node.using),
        ...keysOfAction(node.onError),
      ]);
    case 'aggregate': {
      const kept = neededAggregates(node, asked);
      return want(node.input, keysIn([...node.keys, ...kept].map(({ value }) => value)));
    }
    case 'window': {
      const kept = neededWindows(node, asked);
      const names = node.windows.map(({ name }) => name);
      return want(node.input, [...without(asked, names), ...keysIn(kept.map(({ value }) => value))]);
    }
    case 'sort':
    case 'top':
      return want(node.input, [...asked, ...keysIn(node.by.map(({ value }) => value))]);
    case 'handle': {
      const parts = [node.condition, node.message].filter((part) => part !== null);
      return want(node.input, [...asked, ...keysIn(parts), ...keysOfAction(node.action)]);
    }
    case 'output':
      return wantWritten(node, all, want);
    case 'union': {
      // Both sides must have the same columns, also where rows are only counted.
      const keys = asked.size > 0 ? asked : node.schema.slice(0, 1).map(keyOf);
      want(node.left, keys);
      return want(node.right, keys);
    }
    case 'join':
      return wantOfSides(node, asked, nodes, want);
    case 'reduce':
      return want(node.input, [
        ...node.on.map((name) => columnKey(null, name)),
        ...keysIn(node.presort.map(({ value }) => value)),
        ...keysOfOperators([node.using]),
        ...keysOfAction(node.onError),
      ]);
    case 'distinct':
      return all(node.input);
    case 'except':
    case 'intersect':
    case 'combine':
      all(node.left);
      return all(node.right);
    case 'routed':
      return wantRouted(node, nodes, want);
  }
}

/** What is computed even where nothing reads it, because computing it may fail. */
export function neededItems(node: ProjectNode, asked: ReadonlySet<string>): ProjectNode['items'] {
  return node.items.filter(({ value }, at) => isAsked(node, at, asked) || !cannotFail(value));
}

export function neededAggregates(node: AggregateNode, asked: ReadonlySet<string>): AggregateNode['aggregates'] {
  return node.aggregates.filter(({ name, value }) => {
    const safe = value.fn !== 'SUM' && (value.arg === null || cannotFail(value.arg));
    return !safe || asked.has(columnKey(null, name));
  });
}

export function neededWindows(node: WindowNode, asked: ReadonlySet<string>): WindowNode['windows'] {
  return node.windows.filter(({ name, value }) => {
    const order = value.orderBy.map((item) => item.value);
    const safe = value.fn !== 'SUM' && [...value.args, ...value.partitionBy, ...order].every(cannotFail);
    return !safe || asked.has(columnKey(null, name));
  });
}

function isAsked(node: GraphNode, at: number, asked: ReadonlySet<string>): boolean {
  const column = node.schema[at];
  return column !== undefined && asked.has(keyOf(column));
}

/** Routed rows have the columns of the clause's input, or those of the row an operator failed on. */
function wantRouted(node: Extract<GraphNode, { kind: 'routed' }>, nodes: NodeMap, want: Want): void {
  for (const id of node.from) {
    const from = nodes.get(id);
    if (from === undefined || !('input' in from)) continue;
    const input = nodes.get(from.input)?.schema ?? [];
    want(from.input, node.schema.flatMap(({ name }) => failedColumn(input, name) ?? []).map(keyOf));
  }
}

/** A built-in writer with an `order` writes those columns only. */
function wantWritten(node: OutputNode, all: (id: NodeId) => void, want: Want): void {
  const order = node.writer.options.find(([name]) => name === 'order')?.[1];
  const names = Array.isArray(order) ? order.filter((name) => typeof name === 'string') : [];
  if (node.writer.signature.module !== null || names.length === 0) return all(node.input);
  want(
    node.input,
    [...names, ...node.partitionBy].map((name) => columnKey(null, name)),
  );
}

function wantOfSides(node: JoinNode, asked: ReadonlySet<string>, nodes: NodeMap, want: Want): void {
  const keys = node.keys.flatMap(({ left, right }) => [left, right]);
  const read = new Set([...asked, ...keysIn(node.on === null ? keys : [...keys, node.on])]);
  for (const [id, alias] of [
    [node.left, node.leftAlias],
    [node.right, node.rightAlias],
  ] as const) {
    const schema = nodes.get(id)?.schema ?? [];
    const outside = sideSchema(schema, alias);
    want(id, schema.filter((_, at) => outside[at] !== undefined && read.has(keyOf(outside[at]))).map(keyOf));
  }
}

function without(asked: ReadonlySet<string>, names: readonly string[]): readonly string[] {
  const own = new Set(names.map((name) => columnKey(null, name)));
  return [...asked].filter((key) => !own.has(key));
}

function keysIn(exprs: readonly TypedExpr[]): readonly string[] {
  return exprs.flatMap(columnsIn).map(keyOf);
}

function keysOfOperators(using: readonly BoundOperator[]): readonly string[] {
  return keysIn(using.flatMap(({ inputs }) => inputs.map(({ value }) => value)));
}

function keysOfAction(action: TypedAction | null): readonly string[] {
  if (action === null) return [];
  return ladderOf(action).flatMap((step) => {
    switch (step.kind) {
      case 'edit':
      case 'append':
        return keysIn(step.changes.map(({ value }) => value));
      case 'abort':
        return step.message === null ? [] : keysIn([step.message]);
      default:
        return [];
    }
  });
}
