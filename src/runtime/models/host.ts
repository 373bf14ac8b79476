import { createHash } from 'node:crypto';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { orCancelled, refused } from './cancel.ts';
import { ModelError } from './errors.ts';
import { fetchFromHub } from './hub.ts';
import type { ModelFolder } from './folder.ts';
import { inspectFolder } from './folder.ts';
import type { LoadedModel } from './loaded.ts';
import { openLoaded } from './loaded.ts';
import type { Limits } from './batches.ts';
import type { AnswerCache } from './cache/cache.ts';
import type { MemoryLimits } from './memory.ts';
import type { Model, ModelHost, ModelSpec } from './model.ts';
import type { ReadOptions } from './options.ts';
import { readOptions } from './options.ts';
import { Pool } from './pool.ts';
import { textTasks } from './tasks.ts';
import { WORKER } from './thread.ts';

export interface ModelHostOptions {
  /** Whether hub models may be fetched though the script does not say so (`--allow-remote`). */
  readonly allowRemote?: boolean;
  /** Where hub models are kept; ~/.cache/pyscope/models, or XDG_CACHE_HOME's. */
  readonly cache?: string;
  /** Where hub models come from; the Hugging Face hub, or HF_ENDPOINT's. */
  readonly hub?: string;
  /** Most worker threads of a small model, and most threads of a large one's only worker; the cores, at most 8. */
  readonly parallelism?: number;
  /** Answers kept in memory for texts that come again, a model and options; 10,000, of 16 million letters together. */
  readonly remembered?: MemoryLimits;
  /** Where answers are kept across jobs; the caller closes it. */
  readonly answers?: AnswerCache | null;
  /** The worker's module, for tests of what happens when it misbehaves. */
  readonly worker?: URL;
}

/**
 * ONNX bytes from which a model gets one worker whose sessions use all threads. Below, several workers of one thread
 * each are quicker (they tokenise in parallel too); above, each would hold its own copy, and the work is long enough
 * to be shared inside a session.
 */
const LARGE = 32 * 1024 * 1024;

/** On CPUs a large model gains nothing from wide batches: its weights are what has to be read. */
const WIDE: Limits = { rows: 64, tokens: 4096 };
const NARROW: Limits = { rows: 8, tokens: 1024 };

/** Models over transformers.js in worker threads. Nothing is loaded, and no thread runs, before the first `open`. */
export function createModelHost(options: ModelHostOptions = {}): ModelHost {
  const settings = complete(options);
  const loaded = new Map<string, Promise<LoadedModel>>();
  const closing = new AbortController();
  return {
    async open(spec: ModelSpec, signal?: AbortSignal): Promise<Model> {
      const { written } = spec.source;
      if (closing.signal.aborted) throw refused(written, 'PR4012', 'is asked for after its host was closed');
      const read = readOptions(spec);
      const { dtype, revision, batching } = read;
      const key = JSON.stringify([spec.task, spec.source, dtype, revision, batching]);
      const loading = loaded.get(key) ?? load(spec, read, settings, closing.signal);
      loaded.set(key, loading);
      const bound = loading.then((model) => model.bind(spec, read.call));
      bound.catch(() => loaded.delete(key));
      return orCancelled(bound, written, signal);
    },
    async close(): Promise<void> {
      closing.abort();
      const models = await Promise.allSettled(loaded.values());
      await Promise.all(models.flatMap((model) => (model.status === 'fulfilled' ? [model.value.close()] : [])));
      loaded.clear();
    },
  };
}

type Settings = Required<ModelHostOptions>;

function complete(options: ModelHostOptions): Settings {
  const home = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return {
    allowRemote: options.allowRemote ?? false,
    cache: options.cache ?? join(home, 'pyscope', 'models'),
    hub: `${options.hub ?? process.env['HF_ENDPOINT'] ?? 'https://huggingface.co'}/`.replace(/\/+$/, '/'),
    parallelism: options.parallelism ?? Math.min(availableParallelism(), 8),
    remembered: options.remembered ?? { answers: 10_000, letters: 16_000_000 },
    answers: options.answers ?? null,
    worker: options.worker ?? WORKER,
  };
}

async function load(
  spec: ModelSpec,
  read: ReadOptions,
  settings: Settings,
  closing: AbortSignal,
): Promise<LoadedModel> {
  const { written } = spec.source;
  const folder = await locate(spec, read, settings, closing);
  checkHead(spec, folder);
  if (closing.aborted) throw refused(written, 'PR4012', 'was closed while it was loading');
  const large = folder.bytes >= LARGE;
  const [workers, threads] = large ? [1, settings.parallelism] : [settings.parallelism, 1];
  const batching = read.batching === 'exact' && folder.dynamic ? 'single' : read.batching;
  const { dtype } = folder;
  const limits = large ? NARROW : WIDE;
  const pool = new Pool(
    { kind: 'load', written, task: spec.task, folder: folder.folder, dtype, threads, batching, limits },
    settings.worker,
    workers,
  );
  closing.addEventListener('abort', () => void pool.close(), { once: true });
  const digest = createHash('sha256').update(`${spec.task}\0${batching}\0${dtype}\0${folder.digest}`).digest('hex');
  const { remembered, answers: cache } = settings;
  const { bytes, samples } = folder;
  return openLoaded({ pool, digest, remembered, cache, samples, dtype, bytes, threads });
}

/** The folder that a spec's model is in: the script's, or the cache's, filled from the hub if need be. */
async function locate(
  { task, source }: ModelSpec,
  { dtype, revision, allowRemote }: ReadOptions,
  settings: Settings,
  closing: AbortSignal,
): Promise<ModelFolder> {
  if (source.kind === 'folder') return inspectFolder(source.written, source.folder, dtype);
  const { written, name } = source;
  if (!allowRemote && !settings.allowRemote) {
    throw new ModelError(written, {
      code: 'PR4003',
      message: `model '${written}' is a hub model, and nothing remote may be loaded`,
      tried: ['no folder of that name beside the script'],
      help: "run with --allow-remote, or say allowRemote = true in the script; a folder is written './name'",
    });
  }
  const { cache, hub } = settings;
  const folder = join(cache, name, ...(revision === 'main' ? [] : [revision]));
  // Not the first dtype that is there: what else was fetched before must not decide what is loaded.
  const inspect = (): Promise<ModelFolder> => inspectFolder(written, folder, dtype, 'fp32');
  const cached = await inspect().catch(() => null);
  if (cached !== null) return cached;
  await fetchFromHub({ kind: 'fetch', written, task, name, revision, dtype, cache, hub }, settings.worker, closing);
  return inspect();
}

/** A model made for another task would load and answer nonsense. */
function checkHead({ task, source }: ModelSpec, { architectures, folder }: ModelFolder): void {
  const head = textTasks.get(task)?.head;
  if (head === undefined || architectures.length === 0 || architectures.some((name) => name.endsWith(head))) return;
  throw new ModelError(source.written, {
    code: 'PR4006',
    message: `model '${source.written}' was made for another task than ${task}: it is a ${architectures.join(', ')}`,
    tried: [`architectures in ${join(folder, 'config.json')}`],
    help: `${task} wants a model …${head}`,
  });
}
