/** What all drawings of a plan show: stages as boxes of nodes, edges between nodes, back edges. */
import { type GraphNode, inputsOf, type NodeId } from '../graph.ts';
import type { Plan, Stage } from '../plan.ts';
import { shortened } from './labels.ts';
import { handlerMeasureText, type Measured, measureText, rowsText } from './measured.ts';
import { nodeText } from './node-text.ts';

export interface PlanView {
  readonly stages: readonly StageView[];
  /** Rows go along these. */
  readonly edges: readonly EdgeView[];
  /** Repairs go back along these. */
  readonly backEdges: readonly EdgeView[];
}

export interface StageView {
  readonly id: number;
  readonly kind: Stage['kind'];
  readonly title: string;
  readonly nodes: readonly NodeView[];
}

export interface NodeView {
  readonly id: NodeId;
  readonly label: string;
  readonly text: string;
  /** Counts of a run; null without one. */
  readonly measure: string | null;
  /** The region the node is in, numbered from 1. */
  readonly region: number | null;
}

export interface EdgeView {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly label: string;
}

export function viewOf(plan: Plan, measured: Measured): PlanView {
  const nodes = new Map(plan.graph.nodes.map((node) => [node.id, node]));
  const regionOf = new Map(plan.regions.flatMap(({ id, nodes }) => nodes.map((node) => [node, id + 1] as const)));
  const nodeView = (id: NodeId): readonly NodeView[] => {
    const node = nodes.get(id);
    if (node === undefined) return [];
    const measure = measured.nodes.get(id);
    const { label } = node;
    const handler = measured.handlers.find((one) => one.node === id);
    const repairs = handler === undefined ? '' : `, ${handlerMeasureText(handler)}`;
    return [
      {
        id,
        label,
        text: nodeText(node),
        measure: measure === undefined ? null : measureText(measure) + repairs,
        region: regionOf.get(id) ?? null,
      },
    ];
  };
  return {
    stages: plan.stages.map(({ id, kind, nodes }) => ({
      id,
      kind,
      title: STAGE_TITLES[kind],
      nodes: nodes.flatMap(nodeView),
    })),
    edges: plan.graph.nodes.flatMap((node) =>
      inputsOf(node).map((input) => ({ from: input, to: node.id, label: edgeLabel(nodes.get(input), node, measured) })),
    ),
    backEdges: plan.graph.backEdges.map(({ from, to, column, repair }) => ({
      from,
      to,
      label: `${repair.toUpperCase()} ${column}`,
    })),
  };
}

export const STAGE_TITLES: Readonly<Record<Stage['kind'], string>> = {
  source: 'reads',
  rows: 'row by row',
  model: 'model',
  merge: 'merges',
  cross: 'needs all rows',
  sink: 'writes',
};

const LABEL_LENGTH = 32;

/** Row counts where a run gave them, else the columns that go along. */
function edgeLabel(from: GraphNode | undefined, to: GraphNode, measured: Measured): string {
  if (from === undefined) return '';
  const columns = to.kind === 'routed' ? to.schema : from.schema;
  const measure = measured.nodes.get(to.kind === 'routed' ? to.id : from.id);
  if (measure !== undefined) return `${rowsText(to.kind === 'routed' ? measure.rowsIn : measure.rowsOut)} rows`;
  return shortened(columns.map(({ name }) => name).join(', '), LABEL_LENGTH);
}
