/** A store whose big answers lie elsewhere: it keeps references to them, so that its own values stay small. */
import { damaged, StateError } from './errors.ts';
import type { Objects } from './objects.ts';
import type { Answer, Lease, StateStore } from './store.ts';

export const BIG_ANSWER_BYTES = 1024 * 1024;

/** What a reference begins with; an answer has its own first bytes. */
const REFERENCE = Buffer.from('pyscope-object:', 'latin1');

function referenceIn(bytes: Uint8Array): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.subarray(0, REFERENCE.length).equals(REFERENCE)) return null;
  return text.toString('latin1', REFERENCE.length);
}

/** Objects are written before the step that refers to them, and removed behind the step that forgets them: no reference leads nowhere. */
export function withObjects(store: StateStore, objects: Objects, limit: number = BIG_ANSWER_BYTES): StateStore {
  let written = 0;
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (thrown) {
      const why = thrown instanceof Error ? thrown.message : String(thrown);
      throw new StateError('PR6007', `the folder for big values ${objects.location} failed: ${why}`, null, thrown);
    }
  };
  const placed = async ({ id, epoch }: Lease, answer: Answer): Promise<Answer> => {
    if (answer.bytes.byteLength <= limit) return answer;
    written += 1;
    const name = `${epoch}-${written}`;
    await guarded(() => objects.put(id, name, answer.bytes));
    return { key: answer.key, bytes: Buffer.concat([REFERENCE, Buffer.from(name, 'latin1')]) };
  };
  const forget = (id: string): Promise<void> => guarded(() => objects.remove(id));
  return {
    ...store,
    async begin(start) {
      const lease = await store.begin(start);
      await forget(lease.id);
      return lease;
    },
    async commit(lease, answers) {
      await store.commit(lease, await Promise.all(answers.map((answer) => placed(lease, answer))));
    },
    async answer(id, key) {
      const bytes = await store.answer(id, key);
      const name = bytes === null ? null : referenceIn(bytes);
      if (name === null) return bytes;
      const found = await guarded(() => objects.get(id, name));
      if (found === null) throw damaged(key, `${objects.location} has lost the value it refers to`);
      return found;
    },
    async finish(lease, end, answers) {
      await store.finish(lease, end, answers);
      if (answers === 'drop') await forget(lease.id);
    },
    async remove(id) {
      const removed = await store.remove(id);
      await forget(id);
      return removed;
    },
  };
}
