/** Handlers as the script writes them, for explain, reports and the repair log. */
import type { Source, Span } from '../../diagnostics/span.ts';
import { endOf, tokenize } from '../../lexer/tokenize.ts';
import { repairsOf } from '../actions.ts';
import type { GraphNode } from '../graph.ts';
import type { Plan } from '../plan.ts';

/** The nodes that can raise a repair, in script order. */
export function handlersOf({ graph }: Plan): readonly GraphNode[] {
  const raising = new Set(graph.backEdges.map(({ from }) => from));
  return graph.nodes
    .filter(({ id }) => raising.has(id))
    .toSorted((a, b) => a.span.source - b.span.source || a.span.start - b.span.start || a.id - b.id);
}

/** A clause in its script's words, on one line and without comments; an operator that repairs by itself is called by its name, with its ON ERROR. */
export function clauseText(node: GraphNode, sources: readonly Source[]): string {
  if (node.kind === 'process') {
    const { using, onError } = node;
    const repairs = onError !== null && repairsOf(onError).length > 0;
    return `${using.map(({ signature }) => signature.name).join(' ELSE ')}${repairs ? ` ON ERROR ${textAt(onError.span, sources)}` : ''}`;
  }
  if (node.kind === 'reduce' || node.kind === 'combine') {
    const repairs = node.onError !== null && repairsOf(node.onError).length > 0;
    return `${node.using.signature.name}${repairs ? ` ON ERROR ${textAt(node.onError.span, sources)}` : ''}`;
  }
  if ((node.kind === 'filter' || node.kind === 'project') && node.onError !== undefined)
    return `ON ERROR ${textAt(node.onError.span, sources)}`;
  const text = textAt(node.span, sources);
  return text === '' ? node.label : text;
}

function textAt({ source, start, end }: Span, sources: readonly Source[]): string {
  const text = sources[source]?.text.slice(start, end) ?? '';
  let line = '';
  let behind = 0;
  for (const token of tokenize({ name: '', text }, 0).tokens) {
    if (line !== '' && token.startOffset > behind) line += ' ';
    behind = endOf(token);
    line += text.slice(token.startOffset, behind);
  }
  return line;
}
