import type { Graph } from '../graph.ts';
import type { Firing } from '../plan.ts';

/**
 * An optimiser rule. Laws: `apply` is pure; the graph it gives writes the same bytes, routes and repairs the same rows and fails where the one
 * it was given does, but that no operator is called for rows nobody sees; on its own result it fires no more.
 */
export interface Rule {
  readonly name: string;
  /** A line for `explain` and docs: what it saves. */
  readonly why: string;
  /** It makes clauses of the script disappear: it is left out where the lineage of a run is to name them. */
  readonly hides?: boolean;
  apply(graph: Graph): Applied;
}

/** `firings` is empty exactly where `graph` is the one given. */
export interface Applied {
  readonly graph: Graph;
  readonly firings: readonly Firing[];
}

export function unchanged(graph: Graph): Applied {
  return { graph, firings: [] };
}
