/**
 * The answers of models, kept across jobs by what decides them. Looking up is one round trip a batch; writing happens behind the job's back, in batches, from a
 * queue that has an end. A job never fails because of its cache: trouble is told once, and from then on nothing is found and nothing kept.
 */
import type { Answer, Json, ModelSpec } from '../model.ts';
import { readAnswer, secondsOf, touched, writeEntry } from './entry.ts';
import { answersId, keyOf } from './key.ts';
import { bytesOf } from './table.ts';
import type { AnswerTable, Entry, ModelRecord } from './table.ts';
import { writeQueue } from './write-queue.ts';

/** The answers of one model. */
export interface ModelAnswers {
  /** Whether there is any answer of the model; it may be that nothing has to be computed. Never rejects. */
  hasAny(): Promise<boolean>;
  /** Never rejects. */
  lookup(texts: readonly string[]): Promise<Looked>;
}

/** What was found of some texts. */
export interface Looked {
  /** One a text, in their order; null where there is none. */
  readonly answers: readonly (Json | null)[];
  /** Keeps what is an answer, for the texts at these places. Waits only while too much waits to be written; never rejects. */
  keep(places: readonly number[], answers: readonly Answer[]): Promise<void>;
}

export interface AnswerCache {
  /** @param digest {@link import('../model.ts').Model.digest} */
  of(spec: ModelSpec, digest: string): ModelAnswers;
  /** Writes what still waits. Never rejects. */
  close(): Promise<void>;
}

export interface CacheSettings {
  /** Most bytes of entries; what is used least goes beyond. */
  readonly limit: number;
  readonly engine: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once of what keeps the cache from working, and once of a damaged entry. */
  readonly onTrouble: (trouble: Trouble) => void;
  /** The longest that a job waits for its cache. */
  readonly patienceMs?: number;
}

export interface Trouble {
  readonly kind: 'unusable' | 'damaged';
  readonly cause: unknown;
}

/** How old the last use of an entry must be to be noted anew: order among entries used within an hour does not matter. */
const TOUCH_SECONDS = 3600;
/** Longer answers are no longer small beside the work of making them anew. */
const LONGEST = 1 << 20;
const PATIENCE_MS = 10_000;

export function answerCache(open: () => Promise<AnswerTable>, settings: CacheSettings): AnswerCache {
  const { limit, engine, now, onTrouble, patienceMs = PATIENCE_MS } = settings;
  let opening: Promise<AnswerTable> | undefined;
  const told = new Set<Trouble['kind']>();
  const tell = (kind: Trouble['kind'], cause: unknown): void => {
    if (!told.has(kind)) onTrouble({ kind, cause });
    told.add(kind);
  };
  const isOff = (): boolean => told.has('unusable');
  /** What the work gives, or null where it fails or takes too long; then the cache is off. */
  const using = async <T>(work: (table: AnswerTable) => Promise<T>): Promise<T | null> => {
    if (isOff()) return null;
    try {
      return await soon((opening ??= open()).then(work), patienceMs);
    } catch (thrown) {
      tell('unusable', thrown);
      return null;
    }
  };
  const seconds = (): number => Math.floor(now() / 1000);
  const queue = writeQueue(async (entries) => {
    await using((opened) => opened.put(entries, limit));
  });

  return {
    of(spec, digest) {
      const record = recordOf(spec, digest, engine);
      const described = using((opened) => opened.describe(record));
      const { id } = record;
      const keepAll = async (
        asked: readonly { readonly key: string; readonly text: string }[],
        answers: readonly Answer[],
      ): Promise<void> => {
        if (isOff()) return;
        const time = seconds();
        const entries: Entry[] = [];
        asked.forEach(({ key, text }, at) => {
          const answer = answers[at];
          if (answer?.kind !== 'answer') return;
          const value = writeEntry({ model: id, text, answer: answer.value }, time);
          if (value.length <= LONGEST && bytesOf(key, value) <= limit) entries.push({ key, value, model: id });
        });
        if (entries.length > 0) await queue.add(entries);
      };
      return {
        async hasAny() {
          const models = await using((opened) => opened.models());
          return models?.some((model) => model.id === id && model.entries > 0) ?? false;
        },
        async lookup(texts) {
          await described;
          const keys = texts.map((text) => keyOf(id, text));
          const values = await using((opened) => opened.get(keys));
          const keep = (places: readonly number[], answers: readonly Answer[]): Promise<void> =>
            keepAll(
              places.map((at) => ({ key: keys[at] ?? '', text: texts[at] ?? '' })),
              answers,
            );
          if (values === null) return { answers: texts.map(() => null), keep };
          const time = seconds();
          const stale: Entry[] = [];
          const answers = texts.map((text, at) => {
            const [key = '', value = null] = [keys[at], values[at]];
            if (value === null) return null;
            const read = readAnswer(value, id, text);
            if (read === null) tell('damaged', `entry ${key}`);
            if (read?.answer === undefined) return null;
            if (time - secondsOf(value) > TOUCH_SECONDS) stale.push({ key, value: touched(value, time), model: id });
            return read.answer;
          });
          if (stale.length > 0) await queue.add(stale);
          return { answers, keep };
        },
      };
    },
    async close() {
      await queue.drain();
      if (opening !== undefined)
        await opening.then((opened) => soon(opened.close(), patienceMs)).catch(() => undefined);
    },
  };
}

export function recordOf({ task, source, options }: ModelSpec, digest: string, engine: string): ModelRecord {
  return { id: answersId(digest, engine), digest, task, source, options, engine };
}

async function soon<T>(work: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it did not answer within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
