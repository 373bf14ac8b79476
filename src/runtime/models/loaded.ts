import { createHash } from 'node:crypto';
import { orCancelled } from './cancel.ts';
import type { Answer, InferOptions, JsonObject, Model, ModelSpec } from './model.ts';
import { draws } from './options.ts';
import { isolating } from './isolation.ts';
import type { Pool, Share } from './pool.ts';
import type { AnswerCache, ModelAnswers } from './cache/cache.ts';
import { Memory, UNANSWERED } from './memory.ts';
import type { MemoryLimits } from './memory.ts';

/** A model that is there, which any number of specs that differ only in the options of a call can use. */
export interface LoadedModel {
  /** Rejects with a ModelError where the model cannot be loaded. With answers in the cache it is loaded only when a text is not among them. */
  bind(spec: ModelSpec, call: JsonObject): Promise<Model>;
  close(): Promise<void>;
}

export interface Loading {
  readonly pool: Pool;
  /** Of files, task, dtype and batching. */
  readonly digest: string;
  readonly remembered: MemoryLimits;
  /** Null where answers are not kept across jobs. */
  readonly cache: AnswerCache | null;
  /** Whether the model's own settings make its answers differ from call to call. */
  readonly samples: boolean;
  readonly dtype: string;
  readonly bytes: number;
  readonly threads: number;
}

/** Fewer texts than this are not worth a second worker. */
const LEAST = 32;
/** More than this in one share would keep a call from being cancelled, and a second worker from helping, for long. */
const MOST = 512;

export function openLoaded(loading: Loading): LoadedModel {
  const { pool, dtype, bytes, threads } = loading;
  const memories = new Map<string, Memory>();
  let starting: Promise<void> | undefined;
  const start = (): Promise<void> => (starting ??= pool.start());
  return {
    close: () => pool.close(),
    bind: async (spec, call) => {
      const callKey = JSON.stringify(call);
      const digest = createHash('sha256').update(`${loading.digest}\0${callKey}`).digest('hex');
      const drawn = draws(call, loading.samples);
      const cache = cacheOf(spec, digest, drawn, loading);
      const memory = memories.get(callKey) ?? new Memory(loading.remembered, cache);
      memories.set(callKey, memory);
      if (cache === null || !(await cache.hasAny())) await start();
      return {
        spec,
        digest,
        get description() {
          const { size: workers, batching } = pool;
          return { name: spec.source.written, task: spec.task, dtype, bytes, workers, threads, batching };
        },
        counts: () => ({ ...memory.counts, ...pool.counts }),
        infer: (texts, options = {}) => {
          const ask = async (some: readonly string[]): Promise<readonly Answer[]> => {
            await start();
            return askPool(pool, some, call, options);
          };
          const work = drawn
            ? memory.fresh(texts, ask)
            : options.memoise === false
              ? memory.apart(texts, ask)
              : memory.through(texts, ask);
          return orCancelled(work, spec.source.written, options.signal);
        },
      };
    },
  };
}

/** Null where an answer could be another next time: by chance, or because padding changes last digits with the company. */
function cacheOf(spec: ModelSpec, digest: string, drawn: boolean, { cache, pool }: Loading): ModelAnswers | null {
  return cache === null || drawn || pool.batching === 'padded' ? null : cache.of(spec, digest);
}

async function askPool(
  pool: Pool,
  texts: readonly string[],
  call: JsonObject,
  options: InferOptions,
): Promise<readonly Answer[]> {
  const { signal = null, timeoutMs = null } = options;
  const parts = stripes(texts, pool.size);
  const shares = parts.map((part): Share => ({
    texts: part.map((at) => texts[at] ?? ''),
    call,
    signal,
    timeoutMs,
  }));
  const isolation = isolating(pool);
  const got = await Promise.all(shares.map((share) => isolation(share)));
  const answers: Answer[] = [];
  parts.forEach((part, which) => part.forEach((at, place) => (answers[at] = got[which]?.[place] ?? UNANSWERED)));
  return answers;
}

/**
 * Cuts texts into shares of about equal work: neighbours in length stay together, so that a share finds many texts of
 * one length, and each share has about the same number of characters.
 */
export function stripes(texts: readonly string[], workers: number): readonly (readonly number[])[] {
  const count = Math.max(Math.min(workers, Math.floor(texts.length / LEAST)), Math.ceil(texts.length / MOST), 1);
  const cost = (at: number): number => (texts[at] ?? '').length + 20;
  const order = [...texts.keys()].toSorted((a, b) => cost(a) - cost(b) || a - b);
  const total = order.reduce((sum, at) => sum + cost(at), 0);
  const parts: number[][] = [[]];
  let done = 0;
  for (const at of order) {
    const part = parts.at(-1);
    if (part === undefined || (part.length > 0 && done >= (total * parts.length) / count)) parts.push([at]);
    else part.push(at);
    done += cost(at);
  }
  return texts.length === 0 ? [] : parts;
}
