/**
 * Where answers are kept: a table of texts by key, with what it knows of the models they are from. Memory, the embedded database and Redis pass one
 * test suite. Whoever writes says how many bytes there may be; what is used least goes then. All methods can reject.
 */
import type { JsonObject, ModelSource } from '../model.ts';

/** A model as `pyscope cache` shows it and opens it again. */
export interface ModelRecord {
  /** Of all that decides an answer but the text: see {@link import('./key.ts').answersId}. */
  readonly id: string;
  /** {@link import('../model.ts').Model.digest} */
  readonly digest: string;
  readonly task: string;
  readonly source: ModelSource;
  readonly options: JsonObject;
  /** The versions of the libraries that compute, and the kind of processor. */
  readonly engine: string;
}

export interface Entry {
  readonly key: string;
  /** As entry.ts writes it. */
  readonly value: string;
  readonly model: string;
}

export interface ModelUse extends ModelRecord {
  readonly entries: number;
  readonly bytes: number;
}

export interface AnswerTable {
  /** Where it is, for messages; without any password. */
  readonly location: string;
  /** One value a key, in their order; null where there is none. One round trip. */
  get(keys: readonly string[]): Promise<readonly (string | null)[]>;
  /** Adds or replaces entries in one atomic step; while there are more than `limit` bytes, the least recently used of samples go. */
  put(entries: readonly Entry[], limit: number): Promise<void>;
  describe(model: ModelRecord): Promise<void>;
  models(): Promise<readonly ModelUse[]>;
  /** All entries, some at a time, in no order; entries that are added or removed meanwhile may be in it or not. */
  entries(): AsyncIterable<readonly Pick<Entry, 'key' | 'value'>[]>;
  /** How many of them were there. */
  remove(keys: readonly string[]): Promise<number>;
  /** Removes a model that has no entries any more. */
  forget(model: string): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** What an entry costs beside its key and value: nodes of the tree, free room in pages; the same in each table. */
export const ENTRY_OVERHEAD = 32;

export function bytesOf(key: string, value: string): number {
  return key.length + Buffer.byteLength(value) + ENTRY_OVERHEAD;
}

/** How many entries are looked at, and how many of them go, at one step of making room. */
export const SAMPLE = 64;
export const EVICTED = 16;
