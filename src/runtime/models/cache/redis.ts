/** Answers in Redis: one hash of them, one of the models they are from, one of counts, all in the job store's cluster slot. */
import { parseRedisAddress } from '../../state/redis/address.ts';
import { connect } from '../../state/redis/connection.ts';
import { keysUnder } from '../../state/redis/keys.ts';
import { putAnswers } from './steps/put-answers.ts';
import { removeAnswers } from './steps/remove-answers.ts';
import { clearAnswers, describeModel, forgetModel, getAnswers, listModels, scanAnswers } from './steps/simple-steps.ts';
import { ENTRY_OVERHEAD, EVICTED, SAMPLE } from './table.ts';
import type { AnswerTable, ModelRecord } from './table.ts';

/** Arguments that one step takes: Lua has room for 8,000 on its stack, and a step blocks the server. */
const MOST_KEYS = 2000;
const SCANNED = 1000;

function texts(answer: unknown): readonly string[] {
  return Array.isArray(answer) ? answer.map(String) : [];
}

function parts<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / MOST_KEYS) }, (_, at) =>
    items.slice(at * MOST_KEYS, (at + 1) * MOST_KEYS),
  );
}

/** `[a, 1, b, 2]` as a Map. */
function pairs(flat: readonly string[]): ReadonlyMap<string, string> {
  return new Map(flat.flatMap((name, at) => (at % 2 === 0 ? [[name, flat[at + 1] ?? ''] as const] : [])));
}

/** @throws StateError PR6001, PR6002, PR6003 */
export async function redisAnswers(address: string): Promise<AnswerTable> {
  const parsed = parseRedisAddress(address);
  const { cache: answers, cacheModels, cacheCounts } = keysUnder(parsed.prefix);
  const connection = await connect(parsed);

  const getSome = async (keys: readonly string[]): Promise<readonly (string | null)[]> => {
    const found = await connection.run(getAnswers, [answers], keys);
    return keys.map((_, at) => {
      const value: unknown = Array.isArray(found) ? found[at] : null;
      return typeof value === 'string' ? value : null;
    });
  };
  return {
    location: parsed.shown,
    async get(keys) {
      return (await Promise.all(parts(keys).map(getSome))).flat();
    },
    async put(entries, limit) {
      for (const part of parts(entries)) {
        const flat = part.flatMap(({ key, value, model }) => [key, value, model]);
        await connection.run(putAnswers, [answers, cacheCounts], [limit, ENTRY_OVERHEAD, SAMPLE, EVICTED, ...flat]);
      }
    },
    async describe(model) {
      await connection.run(describeModel, [cacheModels], [model.id, JSON.stringify(model)]);
    },
    async models() {
      const answer = await connection.run(listModels, [cacheModels, cacheCounts], []);
      const [models, counts]: unknown[] = Array.isArray(answer) ? answer : [];
      const counted = pairs(texts(counts));
      return [...pairs(texts(models)).values()].map((text) => {
        const record: ModelRecord = JSON.parse(text);
        const countOf = (what: string): number => Number(counted.get(`${what}:${record.id}`) ?? 0);
        return { ...record, entries: countOf('e'), bytes: countOf('b') };
      });
    },
    async *entries() {
      let cursor = '0';
      do {
        const answer = await connection.run(scanAnswers, [answers], [cursor, SCANNED]);
        const [next, flat]: unknown[] = Array.isArray(answer) ? answer : [];
        yield [...pairs(texts(flat))].map(([key, value]) => ({ key, value }));
        cursor = typeof next === 'string' ? next : '0';
      } while (cursor !== '0');
    },
    async remove(keys) {
      let removed = 0;
      for (const part of parts(keys)) {
        const some = await connection.run(removeAnswers, [answers, cacheCounts], [ENTRY_OVERHEAD, ...part]);
        removed += Number(some);
      }
      return removed;
    },
    async forget(model) {
      await connection.run(forgetModel, [cacheModels, cacheCounts], [model]);
    },
    async clear() {
      await connection.run(clearAnswers, [answers, cacheModels, cacheCounts], []);
    },
    close: () => connection.close(),
  };
}
