/** What a run needs of the world: all outside nondeterminism enters here. */
import type { GraphNode } from '../../planner/graph.ts';
import type { Listener } from '../events.ts';
import type { OperatorLibrary } from '../operators/library.ts';
import type { OutputFiles } from '../outputs/files.ts';
import type { InputFiles } from '../readers/input-files.ts';
import type { AnswerKeeper } from '../state/answers.ts';
import type { SpillFiles } from '../spill/files.ts';
import type { PartWorkers } from './parts/task.ts';

export interface Clock {
  /** Milliseconds since 1970, UTC. */
  now(): number;
  /** Milliseconds from some moment, with fractions; it only ever grows. For durations. */
  elapsed(): number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when that aborts first. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export interface RunEnvironment {
  /** The job's id: `[A-Za-z0-9_-]+`. */
  readonly job: string;
  readonly library: OperatorLibrary;
  /** Where outputs go. */
  readonly outputs: OutputFiles;
  /** Where ground truths come from; readers have their own. */
  readonly inputs: InputFiles;
  readonly clock: Clock;
  readonly listener: Listener;
  /** Aborted to interrupt the job. */
  readonly signal: AbortSignal;
  /** Rows of a batch, as far as the reader can. It never changes what is written. */
  readonly batchRows: number;
  /** What calls of operators came to is kept there, and asked for first; null where nothing is kept. */
  readonly answers: AnswerKeeper | null;
  /** Batches that wait between two stages at most. */
  readonly queueBatches: number;
  /** A folder of this run's own, to record in it which rows each row was made from; null or left out: it is not recorded, at no cost. */
  readonly lineageFolder?: string | null;
  /** How much operators may hold in memory, in bytes, and where the rest goes; left out, they hold whatever they need. Neither changes what is written. */
  readonly spill?: SpillSettings;
  /** Who reads parts of large files, of several at a time; left out, all is read where the job runs. It never changes what is written. */
  readonly parts?: PartsSettings;
}

export interface PartsSettings {
  /** Workers that the job may have, where no step has a HINT(workers = n). */
  readonly workers: number;
  /** From how many bytes on a file is read in parts, where no step has a HINT. */
  readonly leastBytes: number;
  /** So many workers; asked for when a file is worth it. */
  readonly start: (workers: number) => PartWorkers;
}

export interface SpillSettings {
  readonly budget: number;
  readonly files: SpillFiles;
}

export const DEFAULT_BATCH_ROWS = 4096;
export const DEFAULT_QUEUE_BATCHES = 2;

/** Rows of a batch of a source: HINT(batch = n), else as the job has it. */
export function batchRowsFor({ hints }: GraphNode, { batchRows }: Pick<RunEnvironment, 'batchRows'>): number {
  const hint = hints.get('batch');
  return typeof hint === 'number' && hint >= 1 ? Math.floor(hint) : batchRows;
}
