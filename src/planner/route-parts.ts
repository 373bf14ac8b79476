/**
 * ROUTE TO one name from inside a region and from elsewhere: what comes from elsewhere is complete before the region begins, so that it is a routed rowset of its own, and the
 * name is the union of both. The order stays that of one routed rowset (S14): all of its clauses have one order root.
 */
import type { Graph, GraphNode, NodeId, ProjectNode, RoutedNode, UnionNode } from './graph.ts';
import { freshName } from './names.ts';
import type { Region } from './plan.ts';

/** The graph with such routed nodes taken apart; the last of the new nodes has the id of the routed node. */
export function withRoutesApart(graph: Graph, regions: readonly Region[]): Graph {
  const insideOf = new Map(
    regions.flatMap(({ nodes }) => {
      const inside = new Set(nodes);
      return nodes.map((node) => [node, inside] as const);
    }),
  );
  let nextId = 1 + graph.nodes.reduce((highest, { id }) => Math.max(highest, id), -1);
  const labels = new Set(graph.nodes.map(({ label }) => label));
  const fresh = { id: (): NodeId => nextId++, label: (label: string): string => freshName(label, labels) };
  const nodes = graph.nodes.flatMap((node): readonly GraphNode[] => {
    const inside = insideOf.get(node.id);
    if (node.kind !== 'routed' || inside === undefined) return [node];
    const runs = runsOf(node.from, inside);
    const isInside = node.from.every((id) => inside.has(id));
    return isInside ? [node] : apart(node, runs, fresh);
  });
  return nodes.length === graph.nodes.length ? graph : { ...graph, nodes };
}

/** Clauses that follow one another on the same side of the border. */
function runsOf(from: readonly NodeId[], inside: ReadonlySet<NodeId>): readonly (readonly NodeId[])[] {
  const runs: NodeId[][] = [];
  for (const id of from) {
    const last = runs.at(-1);
    const [first] = last ?? [];
    if (last !== undefined && first !== undefined && inside.has(first) === inside.has(id)) last.push(id);
    else runs.push([id]);
  }
  return runs;
}

/** All of it comes from elsewhere: its rows as they enter the region, where they can be repaired. */
function passing({ id, label, schema, hints, span }: RoutedNode, input: NodeId): ProjectNode {
  const items = schema.map(({ name, type }) => ({
    name,
    value: { kind: 'column', qualifier: null, name, type, span } as const,
  }));
  return { kind: 'project', id, label, input, items, schema, hints, span };
}

function apart(
  node: RoutedNode,
  runs: readonly (readonly NodeId[])[],
  fresh: { readonly id: () => NodeId; readonly label: (label: string) => string },
): readonly GraphNode[] {
  const { schema, hints, span, label } = node;
  const parts = runs.map((from, at): RoutedNode => ({
    ...node,
    id: fresh.id(),
    from,
    label: fresh.label(`${label}.${at + 1}`),
  }));
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) return [only, passing(node, only.id)];
  const unions: UnionNode[] = [];
  for (const [at, right] of parts.entries()) {
    const left = unions.at(-1) ?? parts[0];
    if (at === 0 || left === undefined) continue;
    const last = at === parts.length - 1;
    const names = last ? { id: node.id, label } : { id: fresh.id(), label: fresh.label(`${label}.union`) };
    unions.push({ kind: 'union', ...names, left: left.id, right: right.id, interleave: true, schema, hints, span });
  }
  return [...parts, ...unions];
}
