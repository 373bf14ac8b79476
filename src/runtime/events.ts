/** What the engine tells while it runs. The terminal, the report, traces are listeners; nothing of them is inside the engine. */
import type { NodeId } from '../planner/graph.ts';
import type { Value } from '../typecheck/types.ts';
import type { DataPlace } from './errors.ts';

export type RunEvent =
  | { readonly kind: 'run-started'; readonly job: string; readonly at: number }
  /** Bytes of all input files together, once known; null for a source whose size cannot be known. */
  | {
      readonly kind: 'source-opened';
      readonly node: NodeId;
      readonly files: readonly string[];
      /** Files that a WHERE on the columns of their paths passes over; left out is 0. */
      readonly skipped?: number;
      readonly bytes: number | null;
    }
  /** Totals so far, never increments; sent after each batch. */
  | { readonly kind: 'source-read'; readonly node: NodeId; readonly bytes: number }
  /** So many parts of a source's files were read by so many workers, and so many of them once more where the job runs. Totals so far. */
  | {
      readonly kind: 'parts-read';
      readonly node: NodeId;
      readonly workers: number;
      readonly parts: number;
      readonly again: number;
    }
  | {
      readonly kind: 'node-rows';
      readonly node: NodeId;
      readonly in: number;
      readonly out: number;
      readonly milliseconds: number;
    }
  /** Rows that ended at a node, by the clause that ended them. Totals so far. */
  | {
      readonly kind: 'rows-ended';
      readonly node: NodeId;
      readonly how: 'dropped' | 'routed' | 'failed' | 'replaced';
      readonly clause: string;
      readonly rows: number;
    }
  | {
      readonly kind: 'operator-calls';
      readonly node: NodeId;
      readonly operator: string;
      readonly calls: number;
      readonly rows: number;
      readonly milliseconds: number;
    }
  /** What a node has written to disk because it did not fit in memory, in so many runs, partitions and lists. Totals so far. */
  | { readonly kind: 'spilled'; readonly node: NodeId; readonly bytes: number; readonly parts: number }
  /** Before a model is loaded, which may take a while: the terminal says what is being waited for. */
  | { readonly kind: 'model-loading'; readonly model: string }
  | { readonly kind: 'model-loaded'; readonly model: string; readonly milliseconds: number }
  /** Texts that a model was asked for, by where their answers came from: an equal text of the job, the cache, the model itself. Totals so far, of each digest. */
  | {
      readonly kind: 'model-asked';
      readonly model: string;
      readonly digest: string;
      readonly asked: number;
      readonly shared: number;
      readonly cached: number;
      readonly computed: number;
    }
  /** A repair that acted on one row of its origin. Those of one firing (through a group) share `firing`, which no other firing in the region has. */
  | {
      readonly kind: 'repair';
      readonly node: NodeId;
      readonly repair: 'edit' | 'append' | 'delete' | 'retry';
      readonly origin: NodeId;
      /** Of an EDIT or APPEND each column it sets; of a DELETE or RETRY the column it names, with nothing behind it. */
      readonly changes: readonly { readonly column: string; readonly before: Value; readonly after: Value }[];
      readonly reason: string;
      /** Repairs on the row's chain with this one. */
      readonly attempt: number;
      readonly firing: number;
      readonly place: DataPlace | null;
    }
  /** Repairs of a clause that were raised for rows which had died meanwhile. */
  | { readonly kind: 'repairs-stale'; readonly node: NodeId; readonly rows: number }
  /** A row for which a clause had to take the action behind an ELSE. */
  | { readonly kind: 'repairs-exhausted'; readonly node: NodeId }
  /** A region has settled: over a batch of its source, or over all of its rows. `passes` are those in which a repair acted. */
  | { readonly kind: 'region-settled'; readonly region: number; readonly passes: number }
  | {
      readonly kind: 'output-committed';
      readonly node: NodeId;
      readonly path: string;
      readonly rows: number;
      readonly bytes: number;
      readonly sha256: string;
    }
  | { readonly kind: 'expectation'; readonly node: NodeId; readonly expectation: Expectation }
  | { readonly kind: 'warning'; readonly code: string; readonly message: string; readonly node: NodeId | null }
  | {
      readonly kind: 'run-ended';
      readonly outcome: 'done' | 'failed' | 'gate-failed' | 'interrupted';
      readonly at: number;
    };

/** How the rows written compare with the ground truth, counted as multisets. `passed` null without HAVING. */
export interface Expectation {
  readonly truth: string;
  readonly output: string;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly gate: string | null;
  readonly passed: boolean | null;
}

export type Listener = (event: RunEvent) => void;
