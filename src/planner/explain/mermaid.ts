/** The plan as a Mermaid flowchart, for Markdown pages. */
import type { Plan } from '../plan.ts';
import { type Measured, NOTHING_MEASURED } from './measured.ts';
import { type NodeView, type StageView, viewOf } from './view.ts';

export function explainMermaid(plan: Plan, measured: Measured = NOTHING_MEASURED): string {
  const { stages, edges, backEdges } = viewOf(plan, measured);
  return [
    'flowchart TD',
    ...stages.flatMap(stageLines),
    ...edges.map(({ from, to, label }) => `  n${from} -->${labelText(label)} n${to}`),
    ...backEdges.map(({ from, to, label }) => `  n${from} -.->${labelText(label)} n${to}`),
    '',
  ].join('\n');
}

function stageLines({ id, title, nodes }: StageView): readonly string[] {
  return [`  subgraph s${id} [${quoted(`${id + 1} · ${title}`)}]`, ...nodes.map(nodeLine), '  end'];
}

function nodeLine({ id, label, text, measure }: NodeView): string {
  const lines = [
    `<b>${escaped(label)}</b>`,
    escaped(text),
    ...(measure === null ? [] : [`<i>${escaped(measure)}</i>`]),
  ];
  return `    n${id}["${lines.join('<br/>')}"]`;
}

function labelText(label: string): string {
  return label === '' ? '' : `|${quoted(label)}|`;
}

function quoted(text: string): string {
  return `"${escaped(text)}"`;
}

/** Mermaid reads entities by name or number behind a #; everything else between quotes is text. */
function escaped(text: string): string {
  return text.replace(/[#"<>&`\\]|[^\P{C}]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
