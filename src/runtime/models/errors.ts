import { RunError } from '../errors.ts';

/** Everything that can go wrong with a model, by code. docs/ and the report show the code beside the message. */
export const modelFaults = {
  PR4001: 'the model folder is not there',
  PR4002: 'the model folder lacks files',
  PR4003: 'a hub model, and nothing remote may be loaded',
  PR4004: 'the hub model could not be fetched',
  PR4005: 'the model files cannot be loaded',
  PR4006: 'the task or an option does not suit the model',
  PR4007: 'the model worker died',
  PR4008: 'the model took too long',
  PR4009: 'the call was cancelled',
  PR4010: 'the model gave no usable answer',
  PR4011: 'the model failed on the texts',
  PR4012: 'the model host is closed',
  PR4013: 'the cache of answers cannot be used',
  PR4014: 'an answer in the cache is damaged',
} as const;

export type ModelFault = keyof typeof modelFaults;

/** A fault as plain data, so that it crosses from a worker. */
export interface ModelFailure {
  readonly code: ModelFault;
  /** What happened, naming the model as the script wrote it. */
  readonly message: string;
  /** What was looked at, in order: folders, files, dtypes, addresses. */
  readonly tried: readonly string[];
  /** What to do about it, where that is known. */
  readonly help: string | null;
}

/** An error about a model. `model` is what the script wrote; the message ends with what was tried, a line each. */
export class ModelError extends RunError {
  readonly model: string;
  readonly failure: ModelFailure;

  constructor(model: string, failure: ModelFailure, cause?: unknown) {
    const message = [failure.message, ...failure.tried.map((one) => `  tried: ${one}`)].join('\n');
    super(failure.code, message, { help: failure.help, cause });
    this.model = model;
    this.failure = failure;
  }
}

/** The model failed on these texts, and may do better on others. */
export class TextsFailed extends ModelError {}

/** The text of anything thrown. */
export function textOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
