/** Which store a run uses, and the one place that opens it: an implementation is loaded only when it is wanted. */
import { join } from 'node:path';
import { withObjects } from './objects/big-answers.ts';
import type { ObjectPlaces } from './objects/big-answers.ts';
import type { ObjectStore } from './objects/object-store.ts';
import { openObjects, placeName } from './objects/place.ts';
import type { Environment } from './objects/place.ts';
import type { Patience, StateStore } from './store.ts';

export type StoreChoice =
  /**
   * `asked`: the user named it, so that not having it is an error and no reason to go on without. `objects`: where big answers go, `s3://…` or a folder;
   * left out, they go to a folder in the store's own.
   */
  | { readonly kind: 'embedded'; readonly folder: string; readonly asked: boolean; readonly objects?: string }
  | { readonly kind: 'redis'; readonly address: string; readonly objects: string }
  | { readonly kind: 'none' };

const OBJECTS = 'objects';

/**
 * @param state `--state`: an address (`redis://…`), a folder, or `none`
 * @param redisUrl the environment's REDIS_URL
 * @param folder where the embedded store is by default
 * @param objects `--objects`
 */
export function chooseStore(
  state: string | undefined,
  redisUrl: string | undefined,
  folder: string,
  objects?: string,
): StoreChoice {
  const embedded = objects === undefined ? {} : { objects };
  const redis = { kind: 'redis', objects: objects ?? join(folder, OBJECTS) } as const;
  if (state === 'none') return { kind: 'none' };
  if (state !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(state)) return { ...redis, address: state };
  if (state !== undefined) return { kind: 'embedded', folder: state, asked: true, ...embedded };
  if (redisUrl !== undefined && redisUrl !== '') return { ...redis, address: redisUrl };
  return { kind: 'embedded', folder, asked: false, ...embedded };
}

/** Where the big answers of a choice's jobs are. @throws StateError PR6026, PR6028 */
async function placesOf(choice: Opened, patience: Patience, env: Environment): Promise<ObjectPlaces> {
  const at = (text: string): Promise<ObjectStore> => openObjects(text, env, patience);
  if (choice.kind === 'embedded' && choice.objects === undefined) {
    return { own: await at(join(choice.folder, OBJECTS)), at };
  }
  const { objects = OBJECTS } = choice;
  return { own: await at(objects), name: placeName(objects), at };
}

type Opened = Exclude<StoreChoice, { readonly kind: 'none' }>;

/**
 * @param patience with a store that can be away
 * @param env keys for S3 are there
 * @throws StateError when it cannot be had
 */
export async function openStore(
  choice: Opened,
  patience: Patience = {},
  env: Environment = process.env,
): Promise<StateStore> {
  const places = await placesOf(choice, patience, env);
  switch (choice.kind) {
    case 'embedded': {
      const { embeddedStore } = await import('./embedded/store.ts');
      return withObjects(await embeddedStore(choice.folder), places);
    }
    case 'redis': {
      const { redisStore } = await import('./redis/store.ts');
      const onForgotten = async (ids: readonly string[]): Promise<void> => {
        for (const id of ids) await places.own.clear(id);
      };
      return withObjects(await redisStore(choice.address, { patience, onForgotten }), places);
    }
  }
}
