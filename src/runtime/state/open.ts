/** Which store a run uses, and the one place that opens it: an implementation is loaded only when it is wanted. */
import { join } from 'node:path';
import { withObjects } from './big-answers.ts';
import { folderObjects } from './objects.ts';
import type { Patience, StateStore } from './store.ts';

export type StoreChoice =
  /** `asked`: the user named it, so that not having it is an error and no reason to go on without. */
  | { readonly kind: 'embedded'; readonly folder: string; readonly asked: boolean }
  | { readonly kind: 'redis'; readonly address: string }
  | { readonly kind: 'none' };

/**
 * @param state `--state`: an address (`redis://…`), a folder, or `none`
 * @param redisUrl the environment's REDIS_URL
 * @param folder where the embedded store is by default
 */
export function chooseStore(state: string | undefined, redisUrl: string | undefined, folder: string): StoreChoice {
  if (state === 'none') return { kind: 'none' };
  if (state !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(state)) return { kind: 'redis', address: state };
  if (state !== undefined) return { kind: 'embedded', folder: state, asked: true };
  if (redisUrl !== undefined && redisUrl !== '') return { kind: 'redis', address: redisUrl };
  return { kind: 'embedded', folder, asked: false };
}

/** @param patience with a store that can be away. @throws StateError when it cannot be had */
export async function openStore(
  choice: Exclude<StoreChoice, { readonly kind: 'none' }>,
  patience: Patience = {},
): Promise<StateStore> {
  switch (choice.kind) {
    case 'embedded': {
      const { embeddedStore } = await import('./embedded/store.ts');
      return withObjects(await embeddedStore(choice.folder), folderObjects(join(choice.folder, 'objects')));
    }
    case 'redis': {
      const { redisStore } = await import('./redis/store.ts');
      return redisStore(choice.address, { patience });
    }
  }
}
