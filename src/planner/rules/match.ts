/** Rules that look at one node and its neighbours: all places a rule matches are changed in one pass over the graph. */
import { repairTargets } from '../back-edges.ts';
import type { Graph, GraphNode, NodeId } from '../graph.ts';
import { freshName } from '../names.ts';
import { nodesInRegions } from '../regions.ts';
import { edited, type Edits, type NodeMap, nodesById, readersOf, withInputs } from './edit.ts';
import { type Applied, type Rule, unchanged } from './rule.ts';

/** What a match may know of the graph it is in. */
export interface View {
  readonly nodes: NodeMap;
  readonly readers: ReadonlyMap<NodeId, readonly GraphNode[]>;
  /** Nodes of regions: rules do not move them, nor anything past them. */
  readonly fixed: ReadonlySet<NodeId>;
  /** Nodes that repairs go to. */
  readonly targets: ReadonlySet<NodeId>;
  readonly freshId: () => NodeId;
  readonly freshLabel: (wished: string) => string;
}

export interface Match {
  readonly edits: Edits;
  /** Every node the match looked at, for what it changes holds only while they are as they were. */
  readonly touched: readonly NodeId[];
  /** What it changes, as a sentence. */
  readonly what: string;
}

export function localRule(name: string, why: string, match: (node: GraphNode, view: View) => Match | null): Rule {
  return { name, why, apply: (graph) => applyMatches(graph, name, match) };
}

/** The node before this one, where nothing else reads it, neither is in a region and neither has an ON ERROR: the pair may be changed as one. */
export function onlyInput(node: GraphNode & { readonly input: NodeId }, view: View): GraphNode | null {
  const before = view.nodes.get(node.input);
  if (before === undefined || view.fixed.has(node.id) || view.fixed.has(before.id)) return null;
  if (isGuarded(node) || isGuarded(before)) return null;
  return view.readers.get(before.id)?.length === 1 ? before : null;
}

/** Whether an ON ERROR clause acts on the very rows the node sees. */
export function isGuarded(node: GraphNode): boolean {
  return 'onError' in node && node.onError !== null && node.onError !== undefined;
}

function applyMatches(graph: Graph, rule: string, match: (node: GraphNode, view: View) => Match | null): Applied {
  const view = viewOf(graph);
  const matches: Match[] = [];
  const touched = new Set<NodeId>();
  const firings = [];
  for (const node of graph.nodes) {
    if (touched.has(node.id)) continue;
    const found = match(node, view);
    if (found === null || found.touched.some((id) => touched.has(id))) continue;
    for (const id of found.touched) touched.add(id);
    matches.push(found);
    firings.push({ rule, what: found.what, span: node.span });
  }
  return matches.length === 0 ? unchanged(graph) : { graph: edited(graph, together(matches)), firings };
}

/** One set of edits: the nodes a match puts read what another match redirected them to. */
function together(matches: readonly Match[]): Edits {
  const redirect = new Map(matches.flatMap(({ edits }) => [...(edits.redirect ?? [])]));
  const put = matches.flatMap(({ edits }) =>
    (edits.put ?? []).map((node) =>
      withInputs(node, (id) => (edits.redirect?.has(id) === true ? id : (redirect.get(id) ?? id))),
    ),
  );
  return { put, redirect, remove: matches.flatMap(({ edits }) => edits.remove ?? []) };
}

function viewOf(graph: Graph): View {
  let nextId = 1 + graph.nodes.reduce((highest, node) => Math.max(highest, node.id), -1);
  const labels = new Set(graph.nodes.map((node) => node.label));
  return {
    nodes: nodesById(graph),
    readers: readersOf(graph),
    fixed: nodesInRegions(graph),
    targets: repairTargets(graph.backEdges),
    freshId: () => nextId++,
    freshLabel: (wished) => freshName(wished, labels),
  };
}
