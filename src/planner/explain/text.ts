/** The plan for a terminal: stages in order, what their nodes do, regions, and what each rule changed. */
import { escapeLines } from '../../diagnostics/render/escape.ts';
import { type BackEdge, type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import { divisionsOf } from '../divide.ts';
import type { CommitPoint, Firing, Plan, Stage } from '../plan.ts';
import { valueText } from './labels.ts';
import { handlerMeasureText, type Measured, measureText, NOTHING_MEASURED } from './measured.ts';
import { counted, nodeText, schemaText, unreadColumns } from './node-text.ts';
import { regionLines } from './regions.ts';
import { STAGE_TITLES } from './view.ts';

/** Lines without colours, ending in a line break; what would act on a terminal is escaped. */
export function explainText(plan: Plan, measured: Measured = NOTHING_MEASURED): string {
  const nodes = new Map(plan.graph.nodes.map((node) => [node.id, node]));
  const divided = new Set(divisionsOf(plan).map(({ stage }) => stage));
  const sections = [
    [summary(plan)],
    parameters(plan),
    commitLines(plan, nodes),
    ...plan.stages.map((stage) => stageLines(stage, plan, nodes, measured, divided.has(stage.id))),
    ...plan.regions.map((region) => regionLines(region, plan, measured)),
    ruleLines(plan.firings),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map(escapeLines).join('\n'))
    .join('\n\n')}\n`;
}

function summary({ graph, stages, regions }: Plan): string {
  const loops = regions.length === 0 ? 'no repairs, no lineage kept' : counted(regions.length, 'region');
  return `${counted(graph.nodes.length, 'node')} in ${counted(stages.length, 'stage')}, ${loops}`;
}

function parameters(plan: Plan): readonly string[] {
  return plan.parameters.map(({ name, value }) => `@${name} = ${valueText(value)}`);
}

const COMMITS: Readonly<Record<CommitPoint['when'], string>> = {
  costly: '',
  slow: ' (calls that took long)',
  hinted: ' (HINT)',
};

/** Where answers are kept: behind these no operator is asked again on a resume. */
function commitLines({ commits }: Plan, nodes: ReadonlyMap<NodeId, GraphNode>): readonly string[] {
  const points = commits.map(({ node, when }) => `${nodes.get(node)?.label ?? node}${COMMITS[when]}`);
  const label = (node: NodeId): string => nodes.get(node)?.label ?? String(node);
  const freed = commits.flatMap(({ node, freed: values }) =>
    values === undefined
      ? []
      : [`${values.outputs.join(', ')} of ${label(node)} once ${label(values.after)} has committed`],
  );
  const frees = freed.length === 0 ? [] : [`frees ${freed.join('; ')}`];
  return points.length === 0 ? [] : [`commits after ${points.join(', ')}`, ...frees];
}

function stageLines(
  stage: Stage,
  plan: Plan,
  nodes: ReadonlyMap<NodeId, GraphNode>,
  measured: Measured,
  divided: boolean,
): readonly string[] {
  const feeds = stage.inputs.map((input) => String(input + 1)).join(', ');
  const heading = `stage ${stage.id + 1}, ${STAGE_TITLES[stage.kind]}${feeds === '' ? '' : ` (from ${feeds})`}`;
  const parts = divided ? ', a large file in parts by several threads' : '';
  return [heading + parts, ...stage.nodes.flatMap((id) => nodeLines(nodes.get(id), plan, nodes, measured))];
}

function nodeLines(
  node: GraphNode | undefined,
  plan: Plan,
  nodes: ReadonlyMap<NodeId, GraphNode>,
  measured: Measured,
): readonly string[] {
  if (node === undefined) return [];
  const inputs = inputsOf(node).map((input) => nodes.get(input)?.label ?? String(input));
  const details = [
    ...(inputs.length === 0 ? [] : [`from ${inputs.join(', ')}`]),
    ...(node.kind === 'output' ? [] : [`gives ${node.schema.length === 0 ? 'no columns' : schemaText(node.schema)}`]),
    ...notRead(node),
    ...repairsFrom(node.id, plan.graph.backEdges, nodes),
    ...hintsOf(node),
    ...measuredOf(node.id, measured),
  ];
  return [`  ${node.label}: ${nodeText(node)}`, ...details.map((detail) => `      ${detail}`)];
}

function notRead(node: GraphNode): readonly string[] {
  const unread = node.kind === 'extract' ? unreadColumns(node) : [];
  return unread.length === 0 ? [] : [`does not read ${unread.join(', ')}`];
}

/** A back edge, drawn as one that goes up. */
function repairsFrom(id: NodeId, edges: readonly BackEdge[], nodes: ReadonlyMap<NodeId, GraphNode>): readonly string[] {
  return edges
    .filter((edge) => edge.from === id)
    .map(
      (edge) => `┄┄▶ ${edge.repair.toUpperCase()} ${edge.column} goes back to ${nodes.get(edge.to)?.label ?? edge.to}`,
    );
}

function hintsOf({ hints }: GraphNode): readonly string[] {
  return hints.size === 0
    ? []
    : [`hints ${[...hints].map(([name, value]) => `${name} = ${valueText(value)}`).join(', ')}`];
}

function measuredOf(id: NodeId, measured: Measured): readonly string[] {
  const measure = measured.nodes.get(id);
  const handler = measured.handlers.find(({ node }) => node === id);
  return [
    ...(measure === undefined ? [] : [`measured ${measureText(measure)}`]),
    ...(handler === undefined ? [] : [handlerMeasureText(handler)]),
  ];
}

function ruleLines(firings: readonly Firing[]): readonly string[] {
  if (firings.length === 0) return [];
  return ['rules', ...firings.map(({ rule, what }) => `  ${rule}: ${what}`)];
}
