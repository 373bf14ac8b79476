/** Answers in an LMDB file of its own, `answers.mdb`, beside the job store's. Several processes may use it at once. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { prepareFolder, refuseForeign } from '../../state/embedded/lmdb-file.ts';
import { modelOf } from './entry.ts';
import { leastUsed } from './eviction.ts';
import { bytesOf, SAMPLE } from './table.ts';
import type { AnswerTable, Entry, ModelRecord } from './table.ts';

export const ANSWERS_FILE = 'answers.mdb';

/** Entries and bytes of a model, or of all where the model is ''. */
interface Count {
  readonly entries: number;
  readonly bytes: number;
}

const NONE: Count = { entries: 0, bytes: 0 };

interface Tally {
  readonly changed: ReadonlyMap<string, Count>;
  all(): Count;
  add(model: string, entries: number, bytes: number): void;
}

/** Counts as one transaction changes them. */
function tallyOf(stored: (name: string) => Count): Tally {
  const changed = new Map<string, Count>();
  const now = (name: string): Count => changed.get(name) ?? stored(name);
  return {
    changed,
    all: () => now(''),
    add: (model, entries, bytes) => {
      for (const name of new Set([model, ''])) {
        const before = now(name);
        const after = { entries: Math.max(0, before.entries + entries), bytes: Math.max(0, before.bytes + bytes) };
        changed.set(name, after);
      }
    },
  };
}

/** A sample is taken at some places, so that a run of keys that came together does not decide. */
const PLACES = 4;
const SCANNED = 1000;

export async function embeddedAnswers(folder: string): Promise<AnswerTable> {
  const path = join(folder, ANSWERS_FILE);
  await prepareFolder(folder);
  await refuseForeign(path, 'a cache of answers');
  const lmdb = await import('lmdb');
  const root = lmdb.open({ path, noSubdir: true, maxDbs: 4 });
  const values = root.openDB<string, string>({ name: 'answers', encoding: 'string' });
  const records = root.openDB<ModelRecord, string>({ name: 'models', encoding: 'json' });
  const counts = root.openDB<Count, string>({ name: 'counts', encoding: 'json' });

  /** One durable transaction, whose counts are read and written once. */
  const counting = <T>(step: (tally: Tally) => T): T =>
    root.transactionSync(() => {
      const tally = tallyOf((name) => counts.get(name) ?? NONE);
      const answer = step(tally);
      for (const [name, count] of tally.changed) void counts.put(name, count);
      return answer;
    });
  const removeOne = (key: string, value: string, tally: Tally): void => {
    void values.remove(key);
    tally.add(modelOf(value) ?? '', -1, -bytesOf(key, value));
  };
  const sample = (): readonly { readonly key: string; readonly value: string }[] => {
    const found = new Map<string, string>();
    for (let place = 0; place < PLACES; place += 1) {
      const start = randomBytes(6).toString('base64url');
      let left = SAMPLE / PLACES;
      for (const from of [start, undefined]) {
        const range = from === undefined ? { limit: left } : { start: from, limit: left };
        for (const { key, value } of values.getRange(range)) {
          found.set(key, value);
          left -= 1;
        }
        if (left <= 0) break;
      }
    }
    return [...found].map(([key, value]) => ({ key, value }));
  };
  const add = ({ key, value, model }: Entry, tally: Tally): void => {
    const before = values.get(key);
    void values.put(key, value);
    if (before === undefined) tally.add(model, 1, bytesOf(key, value));
    else tally.add(model, 0, bytesOf(key, value) - bytesOf(key, before));
  };

  return {
    location: path,
    async get(keys) {
      return keys.map((key) => values.get(key) ?? null);
    },
    /** Synchronous: the library's asynchronous transactions wait for one another for ever when a process has two handles on a file. */
    async put(entries, limit) {
      const inOrder = entries.toSorted((a, b) => (a.key < b.key ? -1 : 1));
      counting((tally) => {
        for (const entry of inOrder) add(entry, tally);
        while (tally.all().bytes > limit && tally.all().entries > 0) {
          for (const { key, value } of leastUsed(sample())) removeOne(key, value, tally);
        }
      });
    },
    async describe(model) {
      root.transactionSync(() => void records.put(model.id, model));
    },
    async models() {
      return [...records.getRange()].map(({ value }) => ({ ...value, ...(counts.get(value.id) ?? NONE) }));
    },
    async *entries() {
      let after: string | undefined;
      do {
        const start = after === undefined ? {} : { start: after, exclusiveStart: true };
        const some = [...values.getRange({ ...start, limit: SCANNED })];
        if (some.length > 0) yield some;
        after = some.at(-1)?.key;
      } while (after !== undefined);
    },
    async remove(keys) {
      return counting((tally) => {
        const there = keys.filter((key) => {
          const value = values.get(key);
          if (value !== undefined) removeOne(key, value, tally);
          return value !== undefined;
        });
        return there.length;
      });
    },
    async forget(model) {
      root.transactionSync(() => {
        void records.remove(model);
        void counts.remove(model);
      });
    },
    async clear() {
      root.transactionSync(() => {
        for (const table of [values, records, counts]) table.clearSync();
      });
    },
    async close() {
      await root.close();
    },
  };
}
