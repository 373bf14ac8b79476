/** What the runtime lends to an operator while it works. All nondeterminism an operator needs comes through here. */
import type { JsonObject, Model } from '../models/model.ts';

export interface OperatorContext {
  /** The operator's name as the script calls it. */
  readonly operator: string;
  /** 0, 1, 2 … among the workers that run this call of the operator. */
  readonly worker: number;
  /** Aborts when the job is cancelled. */
  readonly signal: AbortSignal;
  /**
   * Opens a model, or joins one that is open: load it in `preCall`. `model` is a folder, relative to the script, or a hub name; `task` and
   * `options` are those of transformers.js. Rejects with a ModelError.
   */
  model(task: string, model: string, options?: JsonObject): Promise<Model>;
  /** A path of the script as an absolute one: relative to the script's own folder. */
  resolvePath(path: string): string;
  /** A line for the job's log. */
  log(message: string): void;
  /** A warning in the job's report. */
  warn(message: string): void;
  /** At least 0, below 1; the same sequence in every run with the same seed. */
  random(): number;
  /** Milliseconds since 1970, UTC. */
  now(): number;
}
