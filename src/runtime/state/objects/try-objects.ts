import { createHash } from 'node:crypto';
import { StateError } from '../errors.ts';
import type { ObjectStore } from './object-store.ts';

/** Tells what is wrong with a place before a job needs it: writes, finds, reads and removes a value. @throws StateError */
export async function tryObjects(objects: ObjectStore): Promise<void> {
  const job = 'pyscope-doctor';
  const value = Buffer.from(`pyscope ${process.pid} ${Date.now()}`);
  const digest = createHash('sha256').update(value).digest('hex');
  await objects.put(job, digest, value);
  const found = await objects.list(job);
  const read = await objects.get(job, digest);
  await objects.delete(job, digest);
  if (read === null || !value.equals(read) || !found.includes(digest)) {
    throw new StateError('PR6025', `${objects.location} gives back something else than was written`);
  }
}
