/** A store whose big answers lie elsewhere: it keeps references to them, by digest and length, so that its own values stay small. */
import { createHash } from 'node:crypto';
import { changedObject, damaged, missingObject } from '../errors.ts';
import type { Answer, Lease, StateStore } from '../store.ts';
import type { ObjectStore } from './object-store.ts';

export const BIG_ANSWER_BYTES = 1024 * 1024;

export interface ObjectPlaces {
  /** Where new jobs keep theirs. */
  readonly own: ObjectStore;
  /** What a job's record says of it; left out where it is the folder that belongs to the store, and moves with it. */
  readonly name?: string;
  /** Where a job keeps its own that began elsewhere. */
  readonly at: (name: string) => Promise<ObjectStore>;
}

interface Reference {
  readonly digest: string;
  readonly length: number;
}

/** What a reference begins with; an answer has its own first bytes. */
const REFERENCE = Buffer.from('pyscope-object:', 'latin1');

function referenceTo({ digest, length }: Reference): Uint8Array {
  return Buffer.concat([REFERENCE, Buffer.from(`${digest}:${length}`, 'latin1')]);
}

/** Null for an answer that is its own value. */
function referenceIn(bytes: Uint8Array, key: string): Reference | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!text.subarray(0, REFERENCE.length).equals(REFERENCE)) return null;
  const [, digest, length] = /^([0-9a-f]{64}):(\d+)$/.exec(text.toString('latin1', REFERENCE.length)) ?? [];
  if (digest === undefined) throw damaged(key, 'what refers to its value is of another version');
  return { digest, length: Number(length) };
}

/** Of the value and its place: a value that was put in the place of another is found, too. */
function digestOf({ key, bytes }: Answer): string {
  return createHash('sha256').update(`${key}\0`).update(bytes).digest('hex');
}

/** Objects are written before the step that refers to them, and removed behind the step that forgets them: no reference leads nowhere. */
export function withObjects(store: StateStore, places: ObjectPlaces, limit: number = BIG_ANSWER_BYTES): StateStore {
  /** By job; only of jobs that this process has to do with. */
  const homes = new Map<string, ObjectStore>();
  /** Jobs of this process that may have objects. */
  const used = new Set<string>();
  /** By job and key: what is in the store now. */
  const references = new Map<string, Reference>();
  const placeOf = (id: string, key: string): string => `${id} ${key}`;

  const homeNamed = async (name: string | undefined): Promise<ObjectStore> =>
    name === undefined || name === places.name ? places.own : places.at(name);
  const homeOf = async (id: string): Promise<ObjectStore> => {
    const known = homes.get(id);
    if (known !== undefined) return known;
    const record = await store.read(id);
    const home = record === null ? places.own : await homeNamed(record.objects);
    homes.set(id, home);
    return home;
  };
  const put = async ({ id }: Lease, answer: Answer): Promise<Answer> => {
    const place = placeOf(id, answer.key);
    if (answer.bytes.byteLength <= limit) return answer;
    const reference = { digest: digestOf(answer), length: answer.bytes.byteLength };
    used.add(id);
    await (await homeOf(id)).put(id, reference.digest, answer.bytes);
    references.set(place, reference);
    return { key: answer.key, bytes: referenceTo(reference) };
  };
  const clear = async (id: string): Promise<void> => {
    await (await homeOf(id)).clear(id);
    used.delete(id);
  };
  return {
    ...store,
    async begin(start) {
      const lease = await store.begin(places.name === undefined ? start : { ...start, objects: places.name });
      homes.set(lease.id, places.own);
      await clear(lease.id);
      return lease;
    },
    async resume(id, owner) {
      const resumed = await store.resume(id, owner);
      homes.set(id, await homeNamed(resumed.record.objects));
      used.add(id);
      return resumed;
    },
    async commit(lease, answers) {
      const before = answers.map(({ key }) => references.get(placeOf(lease.id, key)));
      const placed = await Promise.all(answers.map((answer) => put(lease, answer)));
      await store.commit(lease, placed);
      const home = await homeOf(lease.id);
      for (const [at, old] of before.entries()) {
        const answer = placed[at];
        if (old === undefined || answer === undefined) continue;
        if (referenceIn(answer.bytes, answer.key)?.digest === old.digest) continue;
        if (references.get(placeOf(lease.id, answer.key)) === old) references.delete(placeOf(lease.id, answer.key));
        await home.delete(lease.id, old.digest);
      }
    },
    async answer(id, key) {
      const bytes = await store.answer(id, key);
      const reference = bytes === null ? null : referenceIn(bytes, key);
      if (reference === null) return bytes;
      const home = await homeOf(id);
      const found = await home.get(id, reference.digest);
      if (found === null) throw missingObject(key, home.location);
      const sound = found.byteLength === reference.length && digestOf({ key, bytes: found }) === reference.digest;
      if (!sound) throw changedObject(key, home.location);
      references.set(placeOf(id, key), reference);
      return found;
    },
    async finish(lease, end, answers) {
      await store.finish(lease, end, answers);
      if (answers === 'drop' && used.has(lease.id)) await clear(lease.id);
    },
    async remove(id) {
      const home = await homeOf(id);
      const removed = await store.remove(id);
      await home.clear(id);
      return removed;
    },
  };
}
