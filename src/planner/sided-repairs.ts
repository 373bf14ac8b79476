/** S5, where both sides of a join have rows of one step: all columns of one EDIT or APPEND are columns of the same rows. */
import { diagnostic } from '../diagnostics/catalogue/index.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { TypedAction } from '../typecheck/typed.ts';
import { ladderOf } from './actions.ts';
import type { Graph, GraphNode } from './graph.ts';
import { inputsOf } from './graph.ts';
import { sameTrail, Trails } from './trails.ts';

/** One diagnostic for each column that came by another side than the first of its repair. */
export function mixedSides(graph: Graph): readonly Diagnostic[] {
  const trails = new Trails(graph, new Set(graph.nodes.map(({ id }) => id)));
  return graph.nodes.flatMap((node) => {
    const [input] = inputsOf(node);
    const actions = actionsOf(node).flatMap(ladderOf);
    return actions.flatMap((action) => {
      if ((action.kind !== 'edit' && action.kind !== 'append') || input === undefined) return [];
      const [first, ...others] = action.changes.map(({ target }) => target);
      if (first === undefined || others.length === 0) return [];
      const trail = trails.ofTarget(input, first);
      const facts = { repair: action.kind.toUpperCase(), first: first.name };
      return others
        .filter((other) => !sameTrail(trails.ofTarget(input, other), trail))
        .map((other) => diagnostic('PS6003', other.span, { ...facts, other: other.name }));
    });
  });
}

function actionsOf(node: GraphNode): readonly TypedAction[] {
  if (node.kind === 'handle') return [node.action];
  if (!('onError' in node)) return [];
  return node.onError === null || node.onError === undefined ? [] : [node.onError];
}
