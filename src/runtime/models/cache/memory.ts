/** Answers that live as long as their process: for tests, and the plainest reading of the interface. */
import { leastUsed } from './eviction.ts';
import { bytesOf, SAMPLE } from './table.ts';
import type { AnswerTable, Entry, ModelRecord } from './table.ts';

export function memoryAnswers(): AnswerTable {
  const kept = new Map<string, Entry>();
  const records = new Map<string, ModelRecord>();
  const sizeOf = (entries: Iterable<Entry>): number => {
    let sum = 0;
    for (const { key, value } of entries) sum += bytesOf(key, value);
    return sum;
  };
  const sample = (): readonly Entry[] => {
    const all = [...kept.values()];
    const places = new Set(Array.from({ length: SAMPLE }, () => Math.floor(Math.random() * all.length)));
    return [...places].flatMap((at) => all[at] ?? []);
  };
  return {
    location: 'memory',
    async get(keys) {
      return keys.map((key) => kept.get(key)?.value ?? null);
    },
    async put(entries, limit) {
      for (const entry of entries) kept.set(entry.key, entry);
      while (kept.size > 0 && sizeOf(kept.values()) > limit) {
        for (const { key } of leastUsed(sample())) kept.delete(key);
      }
    },
    async describe(model) {
      records.set(model.id, model);
    },
    async models() {
      return [...records.values()].map((record) => {
        const own = [...kept.values()].filter(({ model }) => model === record.id);
        return { ...record, entries: own.length, bytes: sizeOf(own) };
      });
    },
    async *entries() {
      yield [...kept.values()];
    },
    async remove(keys) {
      return keys.filter((key) => kept.delete(key)).length;
    },
    async forget(model) {
      records.delete(model);
    },
    async clear() {
      kept.clear();
      records.clear();
    },
    async close() {},
  };
}
