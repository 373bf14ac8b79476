/** The cross-row operators, one per node kind. */
import type {
  AggregateNode,
  DistinctNode,
  ExceptNode,
  GraphNode,
  IntersectNode,
  JoinNode,
  SortNode,
  TopNode,
  WindowNode,
} from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import { aggregate } from './aggregate.ts';
import type { Compile, CrossRow } from './cross-row.ts';
import { join } from './join.ts';
import { distinct, membership } from './sets.ts';
import { sort, top } from './sort.ts';
import { window } from './window.ts';

export type { Compile, CrossRow, Evaluate } from './cross-row.ts';

export type CrossRowNode =
  AggregateNode | DistinctNode | ExceptNode | IntersectNode | JoinNode | SortNode | TopNode | WindowNode;

export function isCrossRow(node: GraphNode): node is CrossRowNode {
  switch (node.kind) {
    case 'aggregate':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'join':
    case 'sort':
    case 'top':
    case 'window':
      return true;
    default:
      return false;
  }
}

/** The operator of a node; `inputs` are the schemas its expressions see, one per side (qualified by alias for a join). */
export function crossRow(node: CrossRowNode, inputs: readonly Schema[], compile: Compile): CrossRow {
  const [left = [], right = []] = inputs;
  switch (node.kind) {
    case 'aggregate':
      return aggregate(node, left, compile);
    case 'distinct':
      return distinct(node, left);
    case 'except':
    case 'intersect':
      return membership(node, left, right);
    case 'join':
      return join(node, left, right, compile);
    case 'sort':
      return sort(node, left, compile);
    case 'top':
      return top(node, left, compile);
    case 'window':
      return window(node, left, compile);
  }
}
