/** Places the stages of a plan on a page: dagre arranges the boxes, boxes hold their nodes one below the other. */
import type { NodeId } from '../graph.ts';
import { shortened } from './labels.ts';
import type { EdgeView, NodeView, PlanView, StageView } from './view.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** `x`, `y` are the upper left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedNode extends Box {
  readonly node: NodeView;
  /** The text broken into lines; the last ends in an ellipsis where some did not fit. */
  readonly lines: readonly string[];
}

export interface PlacedStage extends Box {
  readonly stage: StageView;
  readonly nodes: readonly PlacedNode[];
}

export interface PlacedEdge {
  readonly back: boolean;
  readonly label: string;
  readonly labelAt: Point;
  readonly points: readonly Point[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly stages: readonly PlacedStage[];
  readonly edges: readonly PlacedEdge[];
}

/** Pixels; text is measured by its characters, since nothing draws it here. */
export const SIZES = {
  margin: 24,
  padding: 12,
  header: 26,
  labelLine: 18,
  textLine: 15,
  gap: 8,
  textCharacter: 6.7,
  labelCharacter: 7.8,
  edgeCharacter: 6.1,
  charactersPerLine: 52,
  linesPerNode: 4,
} as const;

export async function layoutOf(view: PlanView): Promise<Layout> {
  const { Graph, layout } = await import('@dagrejs/dagre');
  const page = new Graph({ multigraph: true });
  page.setGraph({ rankdir: 'TB', nodesep: 36, ranksep: 44, edgesep: 18, marginx: SIZES.margin, marginy: SIZES.margin });
  const stageOf = new Map(view.stages.flatMap(({ id, nodes }) => nodes.map((node) => [node.id, id] as const)));
  const loops = loopsWithin(view, stageOf);
  const sized = new Map(view.stages.map((stage) => [stage.id, stackNodes(stage)]));
  for (const [id, { width, height }] of sized) {
    page.setNode(String(id), { width: width + loopWidth(loops.get(id) ?? []), height });
  }
  const between = edgesBetween(view, stageOf);
  for (const [at, { from, to, label, back }] of between.entries()) {
    const width = label.length * SIZES.edgeCharacter + 12;
    const weight = back ? 0.1 : 1;
    page.setEdge(String(from), String(to), { width, height: 18, labelpos: 'c', weight }, String(at));
  }
  layout(page);
  const { width = 0, height = 0 } = page.graph();
  const stages = view.stages.map((stage) => {
    const stack = sized.get(stage.id) ?? stackNodes(stage);
    return placed(stage, stack, loopWidth(loops.get(stage.id) ?? []), page.node(String(stage.id)));
  });
  const boxOf = new Map(stages.map((placed) => [placed.stage.id, placed]));
  const edges = between.map(({ from, to, label, back }, at): PlacedEdge => {
    const { points = [], x = 0, y = 0 } = page.edge(String(from), String(to), String(at));
    return { back, label, labelAt: { x, y }, points: withEnds(points, boxOf.get(from), boxOf.get(to)) };
  });
  return {
    width: Math.ceil(width),
    height: Math.ceil(height),
    stages,
    edges: [...edges, ...stages.flatMap((stage) => placedLoops(stage, loops.get(stage.stage.id) ?? []))],
  };
}

interface StageEdge {
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly back: boolean;
}

/** Repairs that stay in their stage are drawn at its right side. */
function loopsWithin(view: PlanView, stageOf: ReadonlyMap<NodeId, number>): ReadonlyMap<number, readonly EdgeView[]> {
  return new Map(
    view.stages.map(({ id }) => [
      id,
      view.backEdges.filter(({ from, to }) => stageOf.get(from) === id && stageOf.get(to) === id),
    ]),
  );
}

const LOOP = 34;

function loopWidth(loops: readonly EdgeView[]): number {
  const widths = loops.map(({ label }) => label.length * SIZES.edgeCharacter + LOOP + 12);
  return Math.max(0, ...widths);
}

function placedLoops({ nodes, x, width }: PlacedStage, loops: readonly EdgeView[]): readonly PlacedEdge[] {
  const right = x + width;
  const middleOf = (id: NodeId): number => {
    const node = nodes.find((candidate) => candidate.node.id === id);
    return node === undefined ? 0 : node.y + node.height / 2;
  };
  return loops.map(({ from, to, label }) => {
    const [start, end] = [middleOf(from), middleOf(to)];
    const points = [
      { x: right, y: start },
      { x: right + LOOP, y: start },
      { x: right + LOOP, y: end },
      { x: right + 1, y: end },
    ];
    const half = (label.length * SIZES.edgeCharacter) / 2;
    return { back: true, label, labelAt: { x: right + LOOP - 4 + half, y: (start + end) / 2 }, points };
  });
}

/** The ends moved to the boxes themselves, where the room for loops beside them was part of what dagre placed. */
function withEnds(points: readonly Point[], from: Box | undefined, to: Box | undefined): readonly Point[] {
  return points.map((point, at) => {
    const box = at === 0 ? from : at === points.length - 1 ? to : undefined;
    return box === undefined ? point : { ...point, x: Math.min(point.x, box.x + box.width) };
  });
}

/** Edges between stages, each once. */
function edgesBetween(view: PlanView, stageOf: ReadonlyMap<NodeId, number>): readonly StageEdge[] {
  const edges = new Map<string, StageEdge>();
  const add = ({ from, to, label }: EdgeView, back: boolean): void => {
    const edge = { from: stageOf.get(from) ?? 0, to: stageOf.get(to) ?? 0, label, back };
    if (edge.from !== edge.to) edges.set(JSON.stringify(edge), edge);
  };
  for (const edge of view.edges) add(edge, false);
  for (const edge of view.backEdges) add(edge, true);
  return [...edges.values()];
}

interface Stack {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly PlacedNode[];
}

/** The nodes of a stage below its header, at places relative to the box. */
function stackNodes(stage: StageView): Stack {
  const nodes: PlacedNode[] = [];
  let y: number = SIZES.header + SIZES.padding;
  for (const node of stage.nodes) {
    const lines = [...broken(node.text), ...(node.measure === null ? [] : [node.measure])];
    const height = SIZES.labelLine + lines.length * SIZES.textLine;
    const widths = [
      node.label.length * SIZES.labelCharacter,
      ...lines.map((line) => line.length * SIZES.textCharacter),
    ];
    nodes.push({ node, lines, x: SIZES.padding, y, width: Math.max(...widths), height });
    y += height + SIZES.gap;
  }
  const width = Math.max(120, ...nodes.map((node) => node.width)) + 2 * SIZES.padding;
  return { width: Math.ceil(width), height: y - SIZES.gap + SIZES.padding, nodes };
}

function placed(
  stage: StageView,
  { width, height, nodes }: Stack,
  beside: number,
  centre: Partial<Point>,
): PlacedStage {
  const x = (centre.x ?? 0) - (width + beside) / 2;
  const y = (centre.y ?? 0) - height / 2;
  return { stage, x, y, width, height, nodes: nodes.map((node) => ({ ...node, x: x + node.x, y: y + node.y })) };
}

/** Broken at spaces; a word longer than a line is shortened. */
function broken(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= SIZES.charactersPerLine) line = longer;
    else {
      if (line !== '') lines.push(line);
      line = shortened(word, SIZES.charactersPerLine);
    }
  }
  lines.push(line);
  if (lines.length <= SIZES.linesPerNode) return lines;
  const last = lines[SIZES.linesPerNode - 1] ?? '';
  return [...lines.slice(0, SIZES.linesPerNode - 1), `${last.slice(0, SIZES.charactersPerLine - 2)} …`];
}
