/** What came of a run, as plain data: what `--json` prints, what the job store keeps, what the closing report is drawn from. docs/cli.md describes it. */
import type { JsonPlace } from '../../diagnostics/render/json.ts';
import type { GraphNode, NodeId } from '../../planner/graph.ts';
import type { DataPlace } from '../errors.ts';
import type { Expectation, RunEvent } from '../events.ts';

export type Outcome = Extract<RunEvent, { readonly kind: 'run-ended' }>['outcome'];
export type HowEnded = Extract<RunEvent, { readonly kind: 'rows-ended' }>['how'];

export interface Report {
  /** Changes when a field changes its meaning or goes. */
  readonly version: 1;
  readonly job: string;
  readonly script: string;
  /** `running` in a report that is read while the job runs. */
  readonly outcome: Outcome | 'running';
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** Of the whole process, model workers included. */
  readonly peakMemoryBytes: number;
  readonly nodes: readonly NodeReport[];
  /** What can repair, in script order; empty for a job without repairs. */
  readonly handlers: readonly HandlerReport[];
  readonly regions: readonly RegionReport[];
  readonly sources: readonly SourceReport[];
  readonly operators: readonly OperatorReport[];
  readonly models: readonly ModelReport[];
  readonly outputs: readonly OutputReport[];
  readonly expectations: readonly (Expectation & { readonly node: NodeId })[];
  readonly warnings: readonly WarningReport[];
  readonly error: ErrorReport | null;
}

/** A node of the plan. Nodes that the optimiser melded into one step are counted apart. */
export interface NodeReport {
  readonly id: NodeId;
  readonly label: string;
  readonly kind: GraphNode['kind'];
  readonly place: JsonPlace;
  readonly rowsIn: number;
  readonly rowsOut: number;
  /** Rows that went no further, by what ended them. */
  readonly ended: readonly { readonly how: HowEnded; readonly clause: string; readonly rows: number }[];
  readonly milliseconds: number;
  /** What did not fit in memory and went to disk, in so many runs, partitions and lists; null where nothing did. */
  readonly spilled: { readonly bytes: number; readonly parts: number } | null;
  /** Whether rows in = rows out + rows ended; null where a node makes rows of its own (a join, an aggregate) or the run did not end well. */
  readonly balanced: boolean | null;
}

/** A clause that repairs, or an operator that does so by itself. */
export interface HandlerReport {
  readonly node: NodeId;
  readonly label: string;
  /** In the script's words, on one line. */
  readonly clause: string;
  readonly place: JsonPlace;
  /** Repairs that acted; through a group one repair may change several rows. */
  readonly fired: number;
  readonly edited: number;
  readonly appended: number;
  readonly deleted: number;
  readonly retried: number;
  /** Repairs raised for a row that another one had taken away meanwhile. */
  readonly stale: number;
  /** Rows for which no repair was left, so that the last ELSE counted. */
  readonly exhausted: number;
  /** Rows that the clause dropped or routed. */
  readonly lost: number;
}

/** A cycle of the plan. */
export interface RegionReport {
  readonly region: number;
  readonly nodes: readonly NodeId[];
  /** How often it settled: once a batch of its source, or once over all of its rows. */
  readonly runs: number;
  /** The most passes with a repair that one of them took. */
  readonly passes: number;
}

export interface SourceReport {
  readonly node: NodeId;
  readonly files: readonly string[];
  /** Files that a WHERE on the columns of their paths passed over. */
  readonly skipped: number;
  readonly bytes: number | null;
  readonly bytesRead: number;
  /** Parts of its files that other threads read; null where none did. */
  readonly parts: PartsReport | null;
}

/** `again`: parts that were read once more where the job ran, since they began in the middle of a record, or something failed. */
export interface PartsReport {
  readonly workers: number;
  readonly parts: number;
  readonly again: number;
}

export interface OperatorReport {
  readonly node: NodeId;
  readonly label: string;
  readonly operator: string;
  readonly calls: number;
  readonly rows: number;
  readonly milliseconds: number;
  /** Null before the first call has ended. */
  readonly rowsPerSecond: number | null;
}

/** `milliseconds` null: still loading, or it could not be loaded. */
export interface ModelReport {
  readonly model: string;
  readonly milliseconds: number | null;
  /** Texts it was asked for, and where their answers came from: equal texts of this job, the cache of earlier ones, the model. */
  readonly asked: number;
  readonly shared: number;
  readonly cached: number;
  readonly computed: number;
}

export interface OutputReport {
  readonly node: NodeId;
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface WarningReport {
  readonly code: string;
  readonly message: string;
  readonly label: string | null;
}

export interface ErrorReport {
  readonly code: string;
  readonly message: string;
  readonly help: string | null;
  /** In the script. */
  readonly place: JsonPlace | null;
  /** In the data. */
  readonly data: DataPlace | null;
}
