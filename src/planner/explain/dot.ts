/** The plan in Graphviz' DOT. */
import type { Plan } from '../plan.ts';
import { type Measured, NOTHING_MEASURED } from './measured.ts';
import { type NodeView, type StageView, viewOf } from './view.ts';

export function explainDot(plan: Plan, measured: Measured = NOTHING_MEASURED): string {
  const { stages, edges, backEdges } = viewOf(plan, measured);
  return [
    'digraph plan {',
    '  node [shape=box, style=rounded, fontname="sans-serif"];',
    '  edge [fontname="sans-serif", fontsize=10];',
    ...stages.flatMap(stageLines),
    ...edges.map(({ from, to, label }) => `  n${from} -> n${to} [label=${quoted([label])}];`),
    ...backEdges.map(
      ({ from, to, label }) => `  n${from} -> n${to} [label=${quoted([label])}, style=dashed, constraint=false];`,
    ),
    '}',
    '',
  ].join('\n');
}

function stageLines({ id, title, nodes }: StageView): readonly string[] {
  return [
    `  subgraph cluster_${id} {`,
    `    label=${quoted([`${id + 1} · ${title}`])}; style=rounded;`,
    ...nodes.map(nodeLine),
    '  }',
  ];
}

function nodeLine({ id, label, text, measure }: NodeView): string {
  return `    n${id} [label=${quoted([label, text, ...(measure === null ? [] : [measure])])}];`;
}

/** A quoted string of lines; DOT has the escapes of `"` and `\`, and none for control characters. */
function quoted(lines: readonly string[]): string {
  const escaped = lines.map((line) => line.replace(/["\\]/g, '\\$&').replace(/[^\P{C}]/gu, ' '));
  return `"${escaped.join('\\n')}"`;
}
