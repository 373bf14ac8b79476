/** The plan as JSON, for tools: everything `explain` prints, with places as line and column. */
import { positionAt, type Span } from '../../diagnostics/span.ts';
import { typeText } from '../../typecheck/types.ts';
import { divisionsOf } from '../divide.ts';
import { type GraphNode, inputsOf } from '../graph.ts';
import type { Plan } from '../plan.ts';
import { type HandlerMeasure, type Measured, NOTHING_MEASURED } from './measured.ts';
import { nodeText, unreadColumns } from './node-text.ts';

export function explainJson(plan: Plan, measured: Measured = NOTHING_MEASURED): string {
  const { graph, stages, regions, commits, firings, parameters } = plan;
  const shown = {
    parameters: parameters.map(({ name, type, value }) => ({ name, type: typeText(type), value })),
    nodes: graph.nodes.map((node) => nodeJson(node, plan, measured)),
    backEdges: graph.backEdges,
    stages,
    inParts: divisionsOf(plan).map(({ stage, workers, partitions }) => ({ stage, workers, partitions })),
    regions: regions.map((region) => {
      const measure = measured.regions.find((one) => one.region === region.id);
      return measure === undefined ? region : { ...region, measured: { runs: measure.runs, passes: measure.passes } };
    }),
    commits,
    rules: firings.map(({ rule, what, span }) => ({ rule, what, at: placeOf(plan, span) })),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}

function nodeJson(node: GraphNode, plan: Plan, measured: Measured) {
  const { id, label, kind, schema, hints, span } = node;
  const measure = measured.nodes.get(id);
  const handler = measured.handlers.find((one) => one.node === id);
  return {
    id,
    label,
    kind,
    text: nodeText(node),
    inputs: inputsOf(node),
    columns: schema.map(({ qualifier, name, type }) => ({ qualifier, name, type: typeText(type) })),
    ...(node.kind === 'extract' ? { notRead: unreadColumns(node) } : {}),
    hints: [...hints].map(([name, value]) => ({ name, value })),
    at: placeOf(plan, span),
    ...(measure === undefined ? {} : { measured: measure }),
    ...(handler === undefined ? {} : { repairs: repairsJson(handler) }),
  };
}

function repairsJson({ fired, edited, appended, deleted, retried, stale, exhausted, lost }: HandlerMeasure) {
  return { fired, edited, appended, deleted, retried, stale, exhausted, lost };
}

function placeOf({ sources }: Plan, { source, start }: Span) {
  const from = sources[source];
  return from === undefined ? null : { source: from.name, ...positionAt(from.text, start) };
}
