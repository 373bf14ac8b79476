/** The regions of a plan for a terminal: their steps, back edges, how they settle, whose lineage they keep and what for. */
import { positionAt } from '../../diagnostics/span.ts';
import { type Graph, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { lineageUses } from '../lineage.ts';
import type { Plan, Region } from '../plan.ts';
import { isRowWise } from '../regions.ts';
import { type Measured, regionMeasureText } from './measured.ts';
import { counted } from './node-text.ts';

export function regionLines(region: Region, plan: Plan, measured: Measured): readonly string[] {
  const nodes = new Map(plan.graph.nodes.map((node) => [node.id, node]));
  const labelOf = (id: NodeId): string => nodes.get(id)?.label ?? String(id);
  const list = (ids: readonly NodeId[]): string => ids.map(labelOf).join(', ');
  const looping = new Set(region.loops.flat());
  const beside = region.nodes.filter((id) => !looping.has(id));
  const outside = plan.graph.nodes.filter(({ id }) => !region.nodes.includes(id)).flatMap(inputsOf);
  const leaving = region.nodes.filter((id) => outside.includes(id));
  const measure = measured.regions.find((one) => one.region === region.id);
  return [
    `region ${region.id + 1}, ${counted(region.nodes.length, 'node')}, settles ${howItSettles(region, plan.graph)}`,
    `  ${region.nodes.map(labelOf).join(' → ')}`,
    ...backEdgeLines(region, plan, nodes),
    ...region.origins.map((origin) => `  keeps lineage of ${labelOf(origin)}${readersText(origin, plan.graph, list)}`),
    ...(beside.length === 0 ? [] : [`  sees settled rows only: ${list(beside)}`]),
    ...(leaving.length === 0 ? [] : [`  hands on, when settled: ${list(leaving)}`]),
    ...(measure === undefined || measure.runs === 0 ? [] : [`  measured ${regionMeasureText(measure)}`]),
  ];
}

/** Row-local regions with one way in settle each batch by itself. */
function howItSettles(region: Region, graph: Graph): string {
  const inside = new Set(region.nodes);
  const members = graph.nodes.filter(({ id }) => inside.has(id));
  if (!region.rowLocal) {
    const needs = new Map<string, string[]>();
    for (const node of members) {
      const need = needOf(node, inside);
      if (need !== null) needs.set(need, [...(needs.get(need) ?? []), node.label]);
    }
    const texts = [...needs].map(
      ([need, labels]) => `${labels.join(', ')} ${labels.length === 1 ? 'needs' : 'need'} ${need}`,
    );
    return `over all its rows, level by level: ${texts.join('; ')}`;
  }
  const sources = members.filter(({ kind }) => kind === 'extract' || kind === 'values').map(({ id }) => id);
  const entries = members.flatMap(inputsOf).filter((id) => !inside.has(id));
  const feeds = new Set([...sources, ...entries]).size;
  const byBatch = feeds === 1 && !members.some(({ kind }) => kind === 'join');
  return byBatch ? 'batch by batch' : `over all its rows, which come from ${counted(feeds, 'input')}`;
}

/** What a step must have before it can tell what becomes of a row; null where the row alone says it. */
function needOf(node: GraphNode, inside: ReadonlySet<NodeId>): string | null {
  if (isRowWise(node, inside)) return null;
  switch (node.kind) {
    case 'aggregate':
    case 'reduce':
      return 'whole groups';
    case 'combine':
      return 'whole groups of both sides';
    case 'window':
      return 'whole partitions';
    case 'distinct':
      return 'all equal rows';
    case 'except':
    case 'intersect':
      return 'the equal rows of both sides';
    case 'sort':
      return 'all rows to put them in order';
    case 'top':
      return 'the first of all rows';
    case 'join':
      return node.type === 'inner' || node.type === 'cross'
        ? 'the rows of both sides'
        : 'all rows that could meet one that it keeps';
    default:
      return null;
  }
}

function backEdgeLines(region: Region, plan: Plan, nodes: ReadonlyMap<NodeId, GraphNode>): readonly string[] {
  return plan.graph.backEdges
    .filter(({ from }) => region.nodes.includes(from))
    .map(({ from, to, column, repair }) => {
      const by = nodes.get(from);
      const line = by === undefined ? '' : lineText(by, plan);
      return `  ┄┄▶ ${by?.label ?? from}${line}: ${repair.toUpperCase()} ${column} at ${nodes.get(to)?.label ?? to}`;
    });
}

function lineText({ span }: GraphNode, { sources }: Plan): string {
  const source = sources[span.source];
  return source === undefined ? '' : ` (line ${positionAt(source.text, span.start).line})`;
}

/** Lineage is kept where a back edge leads; attempts() and original() read it too. */
function readersText(origin: NodeId, graph: Graph, list: (ids: readonly NodeId[]) => string): string {
  const repairing = [...new Set(graph.backEdges.filter(({ to }) => to === origin).map(({ from }) => from))];
  const reading = [
    ...new Set(
      lineageUses(graph)
        .filter(({ to }) => to === origin)
        .map(({ from }) => from),
    ),
  ];
  const asked = reading.length === 0 ? '' : `; attempts() or original() in ${list(reading)}`;
  return `: repaired by ${list(repairing)}${asked}`;
}
