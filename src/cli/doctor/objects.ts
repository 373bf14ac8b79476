/** Where big answers go: a bucket that can be written, read and emptied, or a folder. */
import type { Io } from '../io.ts';
import { fine, messageOf, wrong } from './finding.ts';
import type { Finding } from './finding.ts';
import { folderCheck } from './folder.ts';

/** @param objects as `--objects` has it */
export async function objectsChecks(objects: string, env: Io['env']): Promise<readonly Finding[]> {
  const [{ openObjects, parseObjects }, { tryObjects }, { StateError }] = await Promise.all([
    import('../../runtime/state/objects/place.ts'),
    import('../../runtime/state/objects/try-objects.ts'),
    import('../../runtime/state/errors.ts'),
  ]);
  try {
    if (parseObjects(objects) === null) return [{ ...(await folderCheck(objects)), code: 'objects' }];
    const store = await openObjects(objects, env, { milliseconds: 5000 });
    await tryObjects(store);
    return [fine('objects', `${store.location} can be written, read and emptied`)];
  } catch (thrown) {
    if (!(thrown instanceof StateError)) throw thrown;
    return [wrong('objects', `${thrown.code}: ${messageOf(thrown)}`, thrown.help ?? 'look at the server')];
  }
}
