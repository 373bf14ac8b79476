import { createHash } from 'node:crypto';
import { orCancelled } from './cancel.ts';
import type { Answer, InferOptions, JsonObject, Model, ModelSpec } from './model.ts';
import { draws } from './options.ts';
import type { Pool, Share } from './pool.ts';
import { Memory, UNANSWERED } from './memory.ts';

/** A model in memory, which any number of specs that differ only in the options of a call can use. */
export interface LoadedModel {
  bind(spec: ModelSpec, call: JsonObject): Model;
  close(): Promise<void>;
}

export interface Loading {
  readonly pool: Pool;
  /** Of files, task, dtype and batching. */
  readonly digest: string;
  readonly remembered: number;
  readonly dtype: string;
  readonly bytes: number;
  readonly threads: number;
}

/** Fewer texts than this are not worth a second worker. */
const LEAST = 32;
/** More than this in one share would keep a call from being cancelled, and a second worker from helping, for long. */
const MOST = 512;

export function openLoaded({ pool, digest, remembered, dtype, bytes, threads }: Loading): LoadedModel {
  const memories = new Map<string, Memory>();
  const asked = { texts: 0, computed: 0 };
  const memoryOf = (key: string): Memory => {
    const memory = memories.get(key) ?? new Memory(remembered);
    memories.set(key, memory);
    return memory;
  };
  return {
    close: () => pool.close(),
    bind: (spec, call) => {
      const callKey = JSON.stringify(call);
      const ask = async (texts: readonly string[], options: InferOptions): Promise<readonly Answer[]> => {
        asked.computed += texts.length;
        const { signal = null, timeoutMs = null } = options;
        const parts = stripes(texts, pool.size);
        const shares = parts.map((part): Share => ({
          texts: part.map((at) => texts[at] ?? ''),
          call,
          signal,
          timeoutMs,
        }));
        const got = await Promise.all(shares.map((share) => pool.run(share)));
        const answers: Answer[] = [];
        parts.forEach((part, which) => part.forEach((at, place) => (answers[at] = got[which]?.[place] ?? UNANSWERED)));
        return answers;
      };
      return {
        spec,
        digest: createHash('sha256').update(`${digest}\0${callKey}`).digest('hex'),
        get description() {
          const { size: workers, batching } = pool;
          return { name: spec.source.written, task: spec.task, dtype, bytes, workers, threads, batching };
        },
        counts: () => ({ asked: asked.texts, computed: asked.computed, ...pool.counts }),
        infer: (texts, options = {}) => {
          asked.texts += texts.length;
          const fresh = (some: readonly string[]): Promise<readonly Answer[]> => ask(some, options);
          const work = draws(call) ? fresh(texts) : memoryOf(callKey).through(texts, fresh);
          return orCancelled(work, spec.source.written, options.signal);
        },
      };
    },
  };
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
