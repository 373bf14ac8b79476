/** The expressions of a node, wherever its kind keeps them. */
import type {
  BoundOperator,
  TypedAction,
  TypedAggregate,
  TypedExpr,
  TypedSort,
  TypedWindow,
} from '../../typecheck/typed.ts';
import type { GraphNode, JoinNode } from '../graph.ts';

type Map = (expr: TypedExpr) => TypedExpr;

/** The node with each expression that is evaluated for rows mapped; one that maps to itself leaves the node as it is. */
export function mapExpressions(node: GraphNode, map: Map): GraphNode {
  switch (node.kind) {
    case 'extract':
      return { ...node, onError: mapOnError(node.onError, map) };
    case 'filter':
      return { ...node, predicate: map(node.predicate), ...guarded(node, map) };
    case 'project':
      return { ...node, items: named(node.items, map), ...guarded(node, map) };
    case 'explode':
      return { ...node, value: map(node.value) };
    case 'process':
      return {
        ...node,
        using: node.using.map((each) => mapOperator(each, map)),
        onError: mapOnError(node.onError, map),
      };
    case 'reduce':
      return {
        ...node,
        presort: sorts(node.presort, map),
        using: mapOperator(node.using, map),
        onError: mapOnError(node.onError, map),
      };
    case 'combine':
      return {
        ...node,
        ...condition(node, map),
        using: mapOperator(node.using, map),
        onError: mapOnError(node.onError, map),
      };
    case 'join':
      return { ...node, ...condition(node, map) };
    case 'aggregate':
      return {
        ...node,
        keys: named(node.keys, map),
        aggregates: node.aggregates.map((each) => ({ ...each, value: mapAggregate(each.value, map) })),
      };
    case 'window':
      return { ...node, windows: node.windows.map((each) => ({ ...each, value: mapWindow(each.value, map) })) };
    case 'sort':
    case 'top':
      return { ...node, by: sorts(node.by, map) };
    case 'handle':
      return {
        ...node,
        condition: node.condition === null ? null : map(node.condition),
        message: node.message === null ? null : map(node.message),
        action: mapAction(node.action, map),
      };
    case 'values':
    case 'union':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'routed':
    case 'output':
      return node;
  }
}

function named<N extends { readonly value: TypedExpr }>(items: readonly N[], map: Map): readonly N[] {
  return items.map((item) => ({ ...item, value: map(item.value) }));
}

function sorts(by: readonly TypedSort[], map: Map): readonly TypedSort[] {
  return named(by, map);
}

function condition({ keys, on }: Pick<JoinNode, 'keys' | 'on'>, map: Map): Pick<JoinNode, 'keys' | 'on'> {
  return {
    keys: keys.map(({ left, right }) => ({ left: map(left), right: map(right) })),
    on: on === null ? null : map(on),
  };
}

function mapAggregate(aggregate: TypedAggregate, map: Map): TypedAggregate {
  return { ...aggregate, arg: aggregate.arg === null ? null : map(aggregate.arg) };
}

function mapWindow(window: TypedWindow, map: Map): TypedWindow {
  const { args, partitionBy, orderBy } = window;
  return { ...window, args: args.map(map), partitionBy: partitionBy.map(map), orderBy: sorts(orderBy, map) };
}

function mapOperator(operator: BoundOperator, map: Map): BoundOperator {
  return { ...operator, inputs: named(operator.inputs, map) };
}

function mapOnError(action: TypedAction | null, map: Map): TypedAction | null {
  return action === null ? null : mapAction(action, map);
}

function guarded({ onError }: { readonly onError?: TypedAction }, map: Map): { readonly onError?: TypedAction } {
  return onError === undefined ? {} : { onError: mapAction(onError, map) };
}

export function mapAction(action: TypedAction, map: Map): TypedAction {
  switch (action.kind) {
    case 'edit':
    case 'append':
      return { ...action, changes: named(action.changes, map), otherwise: mapAction(action.otherwise, map) };
    case 'delete':
    case 'retry':
    case 'retry-times':
      return { ...action, otherwise: mapAction(action.otherwise, map) };
    case 'abort':
      return { ...action, message: action.message === null ? null : map(action.message) };
    case 'drop':
    case 'keep':
    case 'route':
      return action;
  }
}
