import type { Answer, Json, JsonObject } from './model.ts';
import type { Batching, Limits } from './batches.ts';
import type { ModelFailure } from './errors.ts';

/** What a worker needs to load a model: plain data, sent as `workerData`. */
export interface LoadOrder {
  readonly kind: 'load';
  /** As the script wrote it, for messages. */
  readonly written: string;
  readonly task: string;
  readonly folder: string;
  readonly dtype: string;
  readonly threads: number;
  readonly batching: Batching;
  readonly limits: Limits;
}

/** What a worker needs to copy a hub model into the cache. */
export interface FetchOrder {
  readonly kind: 'fetch';
  readonly written: string;
  readonly task: string;
  readonly name: string;
  readonly revision: string;
  readonly dtype: string | null;
  readonly cache: string;
  /** Where models are fetched from; ends with a slash. */
  readonly hub: string;
}

export type WorkerOrder = LoadOrder | FetchOrder;

/** One share of texts at a time; it is answered before the next is sent. */
export type ToWorker =
  { readonly kind: 'infer'; readonly texts: readonly string[]; readonly call: JsonObject } | { readonly kind: 'close' };

export type FromWorker =
  /** Loaded, or fetched; `batching` may be stricter than ordered. */
  | { readonly kind: 'ready'; readonly batching: Batching }
  | { readonly kind: 'unusable'; readonly failure: ModelFailure }
  | {
      readonly kind: 'answers';
      readonly answers: readonly Answer[];
      readonly batches: number;
      readonly busyMs: number;
    }
  | { readonly kind: 'failed'; readonly message: string };

/** An answer, if the value is plain JSON without a number that is not one; else a refusal that says what it is. */
export function answerOf(value: unknown): Answer {
  return isJson(value)
    ? { kind: 'answer', value }
    : { kind: 'refusal', code: 'PR4010', message: 'the model gave a value that is not a finite number or text' };
}

function isJson(value: unknown): value is Json {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isJson);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}
