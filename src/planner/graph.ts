/**
 * The dataflow graph: what a job does, in the few node kinds the runtime knows. SELECT, HAVING, DISTINCT … of the language were lowered to these; a script
 * and a JobBuilder meet here. Readonly plain data; optimiser rules map graph to graph.
 */
import type { Span } from '../diagnostics/span.ts';
import type { CombineType, JoinType } from '../parser/ast.ts';
import type {
  BoundOperator,
  InputPattern,
  NamedExpr,
  Produce,
  RowsetId,
  Schema,
  TypedAction,
  TypedAggregate,
  TypedExpect,
  TypedExpr,
  TypedSort,
  TypedWindow,
} from '../typecheck/typed.ts';
import type { Type, Value } from '../typecheck/types.ts';

export type NodeId = number;

interface NodeBase {
  readonly id: NodeId;
  /** Shown in plans, progress and reports: the rowset's name, with a suffix where one statement became several nodes; unique in a graph. */
  readonly label: string;
  readonly schema: Schema;
  readonly hints: ReadonlyMap<string, Value>;
  readonly span: Span;
}

export type GraphNode =
  | ExtractNode
  | ValuesNode
  | FilterNode
  | ProjectNode
  | ExplodeNode
  | ProcessNode
  | UnionNode
  | JoinNode
  | AggregateNode
  | WindowNode
  | DistinctNode
  | ExceptNode
  | IntersectNode
  | SortNode
  | TopNode
  | ReduceNode
  | CombineNode
  | HandleNode
  | RoutedNode
  | OutputNode;

/** Reads files. Its schema is the columns that are wanted; `declared` all of them, for position and header. */
export interface ExtractNode extends NodeBase {
  readonly kind: 'extract';
  readonly files: readonly InputPattern[];
  readonly reader: BoundOperator;
  readonly declared: readonly { readonly name: string; readonly type: Type; readonly span: Span }[];
  readonly onError: TypedAction | null;
  /** Over columns that come from the files' paths: only files for which it holds are read. */
  readonly keepsFile?: TypedExpr;
}

export interface ValuesNode extends NodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly Value[])[];
}

/** Keeps the rows where the predicate is true. `clause` is what the script calls it, for the balance. */
export interface FilterNode extends NodeBase {
  readonly kind: 'filter';
  readonly input: NodeId;
  readonly clause: 'WHERE' | 'HAVING';
  readonly predicate: TypedExpr;
  /** Of a SELECT with an ON ERROR clause: what happens to rows on which it fails. */
  readonly onError?: TypedAction;
}

/** Row-wise expressions: exactly the columns of `items`, in that order. */
export interface ProjectNode extends NodeBase {
  readonly kind: 'project';
  readonly input: NodeId;
  readonly items: readonly NamedExpr[];
  /** Of a SELECT with groups or windows, which with its items is one cross-row step: its rows, repaired ones too, are those that others are ordered by (S14). */
  readonly gathers?: true;
  /** Of a SELECT with an ON ERROR clause: what happens to rows on which it fails. */
  readonly onError?: TypedAction;
}

/** CROSS APPLY EXPLODE: one row per element, with the element as column `name`. */
export interface ExplodeNode extends NodeBase {
  readonly kind: 'explode';
  readonly input: NodeId;
  readonly value: TypedExpr;
  readonly name: string;
}

/** Calls an operator per row; the input's columns stay. `using` has its conjectures in order. */
export interface ProcessNode extends NodeBase {
  readonly kind: 'process';
  readonly input: NodeId;
  readonly using: readonly BoundOperator[];
  readonly produce: readonly Produce[];
  readonly onError: TypedAction | null;
  /** Models among the operators are asked once for equal inputs. */
  readonly memoise?: true;
}

/** UNION ALL. `interleave` where both sides are branches of one source (S14): rows then merge in source order. */
export interface UnionNode extends NodeBase {
  readonly kind: 'union';
  readonly left: NodeId;
  readonly right: NodeId;
  readonly interleave: boolean;
}

export interface JoinNode extends NodeBase {
  readonly kind: 'join';
  readonly type: JoinType | 'cross';
  /** `left`: the left side is read first, and right rows that meet none of its keys are not kept. */
  readonly build?: 'left';
  readonly left: NodeId;
  readonly right: NodeId;
  /** Qualifies the side's columns in `keys`, `on` and the schema; null where they already are as those name them. */
  readonly leftAlias: string | null;
  readonly rightAlias: string | null;
  readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
  readonly on: TypedExpr | null;
}

export interface AggregateNode extends NodeBase {
  readonly kind: 'aggregate';
  readonly input: NodeId;
  readonly keys: readonly NamedExpr[];
  readonly aggregates: readonly { readonly name: string; readonly value: TypedAggregate }[];
  /** Parts of its input may be grouped apart, by several threads, and the groups merged. */
  readonly inParts?: true;
}

/** Adds window columns. */
export interface WindowNode extends NodeBase {
  readonly kind: 'window';
  readonly input: NodeId;
  readonly windows: readonly { readonly name: string; readonly value: TypedWindow }[];
}

export interface DistinctNode extends NodeBase {
  readonly kind: 'distinct';
  readonly input: NodeId;
}

export interface ExceptNode extends NodeBase {
  readonly kind: 'except';
  readonly left: NodeId;
  readonly right: NodeId;
}

export interface IntersectNode extends NodeBase {
  readonly kind: 'intersect';
  readonly left: NodeId;
  readonly right: NodeId;
}

export interface SortNode extends NodeBase {
  readonly kind: 'sort';
  readonly input: NodeId;
  readonly by: readonly TypedSort[];
}

export interface TopNode extends NodeBase {
  readonly kind: 'top';
  readonly input: NodeId;
  readonly count: number;
  /** The first `count` rows in this (stable) order, which is also their order; empty is the input's. */
  readonly by: readonly TypedSort[];
}

export interface ReduceNode extends NodeBase {
  readonly kind: 'reduce';
  readonly input: NodeId;
  readonly on: readonly string[];
  readonly presort: readonly TypedSort[];
  readonly using: BoundOperator;
  readonly produce: readonly Produce[];
  readonly onError: TypedAction | null;
}

export interface CombineNode extends NodeBase {
  readonly kind: 'combine';
  readonly type: CombineType;
  readonly left: NodeId;
  readonly right: NodeId;
  readonly leftAlias: string | null;
  readonly rightAlias: string | null;
  readonly keys: readonly { readonly left: TypedExpr; readonly right: TypedExpr }[];
  readonly on: TypedExpr | null;
  readonly using: BoundOperator;
  readonly produce: readonly Produce[];
  readonly onError: TypedAction | null;
}

/** WHEN, ASSERT or a bare action: a clause that can drop, route, end the job or repair what an earlier node produced. */
export interface HandleNode extends NodeBase {
  readonly kind: 'handle';
  readonly input: NodeId;
  readonly fires: 'true' | 'false';
  readonly condition: TypedExpr | null;
  readonly message: TypedExpr | null;
  readonly conditionText: string;
  readonly action: TypedAction;
}

/**
 * What the clauses of `from` route to one name: the routed rows of a handle node, the failed ones of an operator. All of `from` have one
 * order root (S14): the rows come in source order, in the order of `from` on ties. What clauses of different sources route to
 * one name is a union of several routed nodes.
 */
export interface RoutedNode extends NodeBase {
  readonly kind: 'routed';
  readonly name: string;
  /** What a `route` action names. */
  readonly rowset: RowsetId;
  readonly from: readonly NodeId[];
}

export interface OutputNode extends NodeBase {
  readonly kind: 'output';
  readonly input: NodeId;
  readonly path: string;
  readonly pathText: string;
  readonly partitionBy: readonly string[];
  readonly writer: BoundOperator;
  readonly expect: TypedExpect | null;
}

/** A repair's way back: from the handler (or operator) that raises it to the node that computed the column. */
export interface BackEdge {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly column: string;
  readonly repair: 'edit' | 'append' | 'delete' | 'retry';
}

export interface Graph {
  readonly kind: 'graph';
  /** In an order in which every node follows its inputs. */
  readonly nodes: readonly GraphNode[];
  readonly backEdges: readonly BackEdge[];
  /** The node that computes a rowset's own columns: where an {@link Origin} stands, and repairs of it enter. */
  readonly computedBy: ReadonlyMap<RowsetId, NodeId>;
}

/** The forward inputs of a node, in order. */
export function inputsOf(node: GraphNode): readonly NodeId[] {
  switch (node.kind) {
    case 'extract':
    case 'values':
      return [];
    case 'union':
    case 'join':
    case 'except':
    case 'intersect':
    case 'combine':
      return [node.left, node.right];
    case 'routed':
      return node.from;
    case 'filter':
    case 'project':
    case 'explode':
    case 'process':
    case 'aggregate':
    case 'window':
    case 'distinct':
    case 'sort':
    case 'top':
    case 'reduce':
    case 'handle':
    case 'output':
      return [node.input];
  }
}

/** The operators that a node calls, alternatives in their order. */
export function operatorsOf(node: GraphNode): readonly BoundOperator[] {
  switch (node.kind) {
    case 'process':
      return node.using;
    case 'reduce':
    case 'combine':
      return [node.using];
    default:
      return [];
  }
}
