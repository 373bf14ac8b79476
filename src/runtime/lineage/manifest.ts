/** What is written once for a job with its lineage: the job, its files, and the nodes in the script's words. Plain JSON; the rows stand in the packed file beside it. */
import type { NodeId } from '../../planner/graph.ts';
import type { Value } from '../../typecheck/types.ts';

export const LINEAGE_VERSION = 1;

export interface Manifest {
  readonly version: number;
  readonly job: string;
  /** As the user named it. */
  readonly script: string;
  /** Milliseconds since 1970, UTC. */
  readonly endedAt: number;
  readonly nodes: readonly NodeFacts[];
  readonly outputs: readonly OutputFacts[];
  readonly inputs: readonly InputFacts[];
  /** Bytes of the packed rows and of their index. */
  readonly bytes: { readonly rows: number; readonly index: number };
}

/** One file that the job wrote. */
export interface OutputFacts {
  readonly node: NodeId;
  /** As the script writes it. */
  readonly shown: string;
  /** Absolute. */
  readonly path: string;
  /** Which of the node's files, in the order in which they were begun. */
  readonly part: number;
  readonly rows: number;
  readonly sha256: string;
}

/** One file that an EXTRACT read. */
export interface InputFacts {
  readonly node: NodeId;
  readonly shown: string;
  readonly path: string;
  readonly bytes: number;
}

/** Where a column of a node's rows has its value. */
export type ColumnPlace =
  /** Recorded with the row, the n-th of those. */
  | { readonly kind: 'own'; readonly at: number }
  /** That of the row it was made from, on a side. */
  | { readonly kind: 'passed'; readonly side: number; readonly column: number }
  /** That of whichever side the row came from, by name. */
  | { readonly kind: 'either' };

export interface ColumnFacts {
  readonly name: string;
  readonly qualifier: string | null;
  /** As a script writes it. */
  readonly type: string;
  readonly place: ColumnPlace;
  /** The node made the value; it is shown with the node. */
  readonly computed: boolean;
  /** Columns of the inputs that it was computed from. */
  readonly reads: readonly ColumnAt[];
}

export interface ColumnAt {
  readonly side: number;
  readonly column: number;
}

/** An input of an operator: a column of the row, or a value recorded with the call. */
export interface BoundFacts {
  readonly name: string;
  readonly text: string;
  readonly type: string;
  readonly column: number | null;
  /** Where it is recorded, null for a column. */
  readonly own: number | null;
}

/** One operator of a PROCESS, REDUCE or COMBINE. */
export interface OperatorFacts {
  readonly name: string;
  readonly text: string;
  readonly inputs: readonly BoundFacts[];
}

export interface NodeFacts {
  readonly id: NodeId;
  readonly kind: string;
  /** The rowset's name in the plan. */
  readonly label: string;
  /** In the script's words, on one line. */
  readonly text: string;
  readonly place: { readonly file: string; readonly line: number };
  readonly inputs: readonly NodeId[];
  readonly columns: readonly ColumnFacts[];
  /** Columns of its input that its condition, key or order reads. */
  readonly reads: readonly ColumnAt[];
  /** Its alternatives; empty where it calls no operator. */
  readonly operators: readonly OperatorFacts[];
  /** It only passes rows on: nothing to tell of. */
  readonly quiet: boolean;
  /** Rows of the right side only decide which of the left stay. */
  readonly rightDecides: boolean;
  /** Why a row that it takes and does not pass on ends there, where nothing else is recorded of the row. */
  readonly loses: string;
  /** Of an EXTRACT or an OUTPUT: what reads the file back. */
  readonly format: FormatFacts | null;
}

export interface FormatFacts {
  /** The reader or writer. */
  readonly name: string;
  readonly builtIn: boolean;
  readonly options: readonly (readonly [name: string, value: Value])[];
}
