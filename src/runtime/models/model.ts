/**
 * What the runtime knows of models: plain data and two interfaces. Nothing here loads anything, so any room may import
 * it; the implementation over transformers.js is {@link createModelHost} in host.ts, and a test may bring its own.
 */

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** Where a model comes from. Made from what a script says by `modelSource` in source.ts. */
export type ModelSource =
  | { readonly kind: 'folder'; readonly written: string; readonly folder: string }
  | { readonly kind: 'hub'; readonly written: string; readonly name: string };

/**
 * Which model, for what. `task` is a transformers.js pipeline task over text (tasks.ts has the list).
 *
 * `options` holds both what loading needs and what goes to each call. Loading takes `dtype` ('fp32', 'q8', …),
 * `revision`, `allow_remote` (false) and `batching` ('exact', or 'padded': see batches.ts); everything else goes to the
 * task under transformers.js's names: `top_k`, `max_new_tokens`, `src_lang`, `tgt_lang`, `candidate_labels`, ….
 * camelCase is read as snake_case, so `allowRemote` and `topK` do too.
 */
export interface ModelSpec {
  readonly task: string;
  readonly source: ModelSource;
  readonly options: JsonObject;
}

/**
 * What a model says to one text: the answer in the shape of its transformers.js pipeline (answers.ts reads the usual
 * ones), or why there is none for this text alone.
 */
export type Answer =
  | { readonly kind: 'answer'; readonly value: Json }
  | { readonly kind: 'refusal'; readonly code: string; readonly message: string };

export interface InferOptions {
  readonly signal?: AbortSignal;
  /** The longest a worker may take over one of its shares of the texts; then it is ended, and the share asked again in parts. A text too slow by itself is refused. */
  readonly timeoutMs?: number;
  /** Whether equal texts are asked once; true where left out. */
  readonly memoise?: boolean;
}

export interface ModelDescription {
  readonly name: string;
  readonly task: string;
  readonly dtype: string;
  /** Bytes of the ONNX files that were loaded. */
  readonly bytes: number;
  readonly workers: number;
  readonly threads: number;
  /** How texts are put together; 'single' where a batch would change the answers. */
  readonly batching: 'single' | 'exact' | 'padded';
}

/** Counted since the model was opened, over all that share it. */
export interface ModelCounts {
  /** Texts asked for with these options: those that were equal to others of the job, found in the cache, and computed by the model. */
  readonly asked: number;
  readonly shared: number;
  readonly cached: number;
  readonly computed: number;
  readonly batches: number;
  /** Time the workers spent computing, added up. */
  readonly busyMs: number;
}

export interface Model {
  readonly spec: ModelSpec;
  /** SHA-256 over the model's files, the task and the options: equal digests give equal answers. */
  readonly digest: string;
  readonly description: ModelDescription;
  /**
   * One answer a text, in the order of the texts. The answer to a text depends on the text alone, not on what else is
   * in the call (unless `batching` is 'padded'). Rejects with a ModelError when the call as a whole fails.
   */
  infer(texts: readonly string[], options?: InferOptions): Promise<readonly Answer[]>;
  counts(): ModelCounts;
}

export interface ModelHost {
  /** Loads a model, or joins one that is loaded or being loaded. Rejects with a ModelError that says what was tried. */
  open(spec: ModelSpec, signal?: AbortSignal): Promise<Model>;
  /** Ends all workers; calls in progress reject. */
  close(): Promise<void>;
}
