/** What a run gives back. */
import type { NodeId } from '../../planner/graph.ts';
import type { RunError } from '../errors.ts';
import type { Expectation } from '../events.ts';
import type { LineageReport } from '../lineage/session.ts';

export type Outcome = 'done' | 'failed' | 'gate-failed' | 'interrupted';

/** Rows that ended at a node, by the clause that ended them. */
export interface Ended {
  readonly how: 'dropped' | 'routed' | 'failed' | 'replaced';
  /** As the script calls it: `WHERE`, `ON ERROR DROP`, `ASSERT confidence >= 0.8`. */
  readonly clause: string;
  readonly rows: number;
}

export interface NodeReport {
  readonly node: NodeId;
  readonly label: string;
  /** Rows in, one figure per input; for a source the lines or rows it read. */
  readonly in: readonly number[];
  readonly out: number;
  readonly ended: readonly Ended[];
  readonly milliseconds: number;
}

export interface OperatorReport {
  readonly node: NodeId;
  readonly operator: string;
  readonly calls: number;
  readonly rows: number;
  readonly milliseconds: number;
}

export interface OutputReport {
  readonly node: NodeId;
  /** As the script wrote it; a partition's own path for a partitioned output. */
  readonly path: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RunResult {
  readonly job: string;
  readonly outcome: Outcome;
  readonly nodes: readonly NodeReport[];
  readonly operators: readonly OperatorReport[];
  /** Those under their final names; empty unless the outcome is `done` or `gate-failed`. */
  readonly outputs: readonly OutputReport[];
  readonly expectations: readonly Expectation[];
  /** What was recorded of it; null where nothing was asked for, or could be written. */
  readonly lineage: LineageReport | null;
  /** Why the job failed; null unless it did. */
  readonly error: RunError | null;
  readonly milliseconds: number;
  /** The most memory the process has had, in bytes. */
  readonly peakRss: number;
}
