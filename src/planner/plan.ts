/** The stage plan: the graph after optimisation, cut into stages that the engine runs. Plain data. */
import type { Source, Span } from '../diagnostics/span.ts';
import type { Type, Value } from '../typecheck/types.ts';
import type { Graph, NodeId } from './graph.ts';

export type StageId = number;

/**
 * A run of nodes that one task takes a batch through without a queue in between (row-wise chains are melded), fed by the stages `inputs`.
 * - `source`: begins with an extract or values node.
 * - `rows`: row-wise nodes only.
 * - `model`: begins with a costly operator; row-wise nodes may follow.
 * - `merge`: a union, or what is routed to one name.
 * - `cross`: a node that needs all of its input (aggregate, join, sort, …).
 * - `sink`: an output.
 *
 * Row-wise nodes follow only in the first three kinds. A stage hands on the rows of its last node; what a node inside it routes goes from there
 * to the stage of the routed node, which has this one among its inputs.
 */
export interface Stage {
  readonly id: StageId;
  readonly kind: 'source' | 'rows' | 'model' | 'merge' | 'cross' | 'sink';
  /** In the order a batch passes them. */
  readonly nodes: readonly NodeId[];
  /** The stages that feed the first node, in the order of its inputs. */
  readonly inputs: readonly StageId[];
}

/** A strongly connected part of the graph with its back edges. */
export interface Region {
  readonly id: number;
  readonly nodes: readonly NodeId[];
  /**
   * Its strongly connected components by back edges alone, each behind those that feed it. There are several, or nodes beside them, where a node
   * further down asks for the lineage of a repaired column: it runs with the region, but sees only what has settled.
   */
  readonly loops: readonly (readonly NodeId[])[];
  readonly rowLocal: boolean;
  /** Nodes whose output rows keep their lineage, because a back edge of the region names them. */
  readonly origins: readonly NodeId[];
}

/**
 * A node whose operator's answers are kept in the job store, call by call.
 * - `costly`: it asks a model. A job that is done in a second keeps none.
 * - `slow`: a class of the user; a call is kept when it took long, which shows only while it runs.
 * - `hinted`: HINT(commit = true); from the first call on.
 */
export interface CommitPoint {
  readonly node: NodeId;
  readonly when: 'costly' | 'slow' | 'hinted';
  /** Outputs of the operator whose values go once the answers of `after` for the same rows are committed: nothing else reads them. */
  readonly freed?: { readonly outputs: readonly string[]; readonly after: NodeId };
}

/** What a rule changed, for explain. */
export interface Firing {
  readonly rule: string;
  /** A sentence: `moved WHERE stars > 3 before TextClassifier`. */
  readonly what: string;
  readonly span: Span;
}

export interface Plan {
  readonly kind: 'plan';
  readonly graph: Graph;
  readonly stages: readonly Stage[];
  readonly regions: readonly Region[];
  readonly commits: readonly CommitPoint[];
  readonly firings: readonly Firing[];
  /** Spans of nodes index this list. */
  readonly sources: readonly Source[];
  readonly parameters: readonly { readonly name: string; readonly type: Type; readonly value: Value }[];
  readonly settings: ReadonlyMap<string, Value>;
}
