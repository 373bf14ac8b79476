/** A part of a file as a task for a thread, and what comes back: plain data all of it, so that a worker on another machine may take it as well. */
import type { DividedEnd } from '../../../planner/divide.ts';
import type { ExtractNode, GraphNode, NodeId } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { DescribedFile } from '../../operators/runner.ts';
import type { GroupsPart } from '../../relational/aggregate.ts';
import type { Ended } from '../result.ts';

/** What is done to the rows of each part of a file. */
export interface PartsJob {
  /** Names it among those of a run. */
  readonly id: number;
  readonly file: DescribedFile;
  readonly source: ExtractNode;
  /** Filters, projects and explodes, each with the columns of its input. */
  readonly steps: readonly { readonly node: GraphNode; readonly input: Schema }[];
  readonly ends: readonly DividedEnd[];
  /** The columns that the ends get. */
  readonly schema: Schema;
  readonly batchRows: number;
  /** Bytes that the answer to a part may hold. */
  readonly mostBytes: number;
}

/** The records that begin at byte `from` or behind it, and before `to`. */
export interface Part {
  readonly from: number;
  readonly to: number;
}

/**
 * - `done`: right if a record begins at `start` indeed. `end` is the byte behind its last record, `lines` the lines in between. Where no record begins in the
 *   part if that is so, `start` is null.
 * - `left`: something failed, or it was too much; whoever reads the part from its true first record finds out what.
 */
export type PartAnswer = PartDone | { readonly kind: 'left'; readonly why: 'failed' | 'memory' };

export interface PartDone {
  readonly kind: 'done';
  readonly start: number | null;
  readonly end: number;
  readonly lines: number;
  /** In the order a row passes them, the source first. */
  readonly counts: readonly PartCounts[];
  /** One for each end. */
  readonly given: readonly PartGiven[];
}

export interface PartCounts {
  readonly node: NodeId;
  readonly in: number;
  readonly passed: number;
  readonly out: number;
  readonly ended: readonly Ended[];
  readonly milliseconds: number;
}

export type PartGiven =
  | { readonly kind: 'groups'; readonly node: NodeId; readonly part: GroupsPart; readonly milliseconds: number }
  | {
      readonly kind: 'bytes';
      readonly node: NodeId;
      readonly bytes: Uint8Array;
      readonly rows: number;
      readonly milliseconds: number;
    };

/** Whoever does such tasks, several at a time. */
export interface PartWorkers {
  /** Rejects with a RunError where the worker is gone. */
  run(job: PartsJob, part: Part): Promise<PartAnswer>;
  /** Ends all that is under way. */
  close(): Promise<void>;
}
