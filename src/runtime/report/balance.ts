/** The law that no row is lost in silence, checked where a node neither multiplies nor gathers rows. */
import type { GraphNode } from '../../planner/graph.ts';

/** Nodes of which every row that comes in goes on or is ended by something that has a name. */
function keepsRows(kind: GraphNode['kind']): boolean {
  switch (kind) {
    case 'filter':
    case 'project':
    case 'window':
    case 'sort':
    case 'union':
    case 'handle':
    case 'output':
      return true;
    case 'extract':
    case 'values':
    case 'explode':
    case 'process':
    case 'join':
    case 'aggregate':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'top':
    case 'reduce':
    case 'combine':
    case 'routed':
      return false;
  }
}

export function balanceOf(kind: GraphNode['kind'], rowsIn: number, rowsOut: number, ended: number): boolean | null {
  return keepsRows(kind) ? rowsIn === rowsOut + ended : null;
}
