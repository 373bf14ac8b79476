/** Which cache of answers a run uses, and the one place that opens it: an implementation is loaded only when it is wanted. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Listener, RunEvent } from '../../events.ts';
import type { StoreChoice } from '../../state/open.ts';
import { redact } from '../../state/redact.ts';
import { answerCache } from './cache.ts';
import type { AnswerCache, Trouble } from './cache.ts';
import { engineVersion } from './key.ts';
import type { AnswerTable } from './table.ts';

export type CacheChoice =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'redis'; readonly address: string }
  | { readonly kind: 'none' };

export const DEFAULT_CACHE_BYTES = 1e9;

/**
 * @param cache `--cache`: an address (`redis://…`) or a folder; false for `--no-cache`; where left out, the cache is where the job's state is
 * @param store where the job's state is
 */
export function chooseCache(cache: string | false | undefined, store: StoreChoice): CacheChoice {
  if (cache === false) return { kind: 'none' };
  if (cache !== undefined) {
    return /^[a-z][a-z0-9+.-]*:\/\//i.test(cache)
      ? { kind: 'redis', address: cache }
      : { kind: 'embedded', folder: cache };
  }
  switch (store.kind) {
    case 'none':
      return store;
    case 'embedded':
      return { kind: 'embedded', folder: store.folder };
    case 'redis':
      return { kind: 'redis', address: store.address };
  }
}

export async function openAnswers(choice: Exclude<CacheChoice, { readonly kind: 'none' }>): Promise<AnswerTable> {
  switch (choice.kind) {
    case 'embedded': {
      const { embeddedAnswers } = await import('./embedded.ts');
      return embeddedAnswers(choice.folder);
    }
    case 'redis': {
      const { redisAnswers } = await import('./redis.ts');
      return redisAnswers(choice.address);
    }
  }
}

/** Null where there is none yet: reading must not make one. */
export async function openForReading(
  choice: Exclude<CacheChoice, { readonly kind: 'none' }>,
): Promise<AnswerTable | null> {
  if (choice.kind === 'redis') return openAnswers(choice);
  const { ANSWERS_FILE } = await import('./embedded.ts');
  const there = await stat(join(choice.folder, ANSWERS_FILE)).then(
    () => true,
    () => false,
  );
  return there ? openAnswers(choice) : null;
}

/** The cache of a run. It is opened when it is first needed; what goes wrong with it is a warning of the run, and the run goes on without. */
export function cacheFor(
  choice: Exclude<CacheChoice, { readonly kind: 'none' }>,
  { limit = DEFAULT_CACHE_BYTES, now, listener }: RunCacheSettings,
): AnswerCache {
  const location = choice.kind === 'embedded' ? choice.folder : redact(choice.address);
  const onTrouble = ({ kind, cause }: Trouble): void => listener(warningOf(kind, location, cause));
  return answerCache(() => openAnswers(choice), { limit, engine: engineVersion(), now, onTrouble });
}

interface RunCacheSettings {
  readonly limit: number | undefined;
  readonly now: () => number;
  readonly listener: Listener;
}

function warningOf(kind: Trouble['kind'], location: string, cause: unknown): RunEvent {
  const why = redact(cause instanceof Error ? cause.message : String(cause));
  switch (kind) {
    case 'unusable': {
      const message = `the cache of answers in ${location} cannot be used (${why}); this run asks its models for everything`;
      return { kind: 'warning', code: 'PR4013', message, node: null };
    }
    case 'damaged': {
      const message = `the cache of answers in ${location} has damaged entries (${why}); they are computed anew, pyscope cache verify finds all`;
      return { kind: 'warning', code: 'PR4014', message, node: null };
    }
  }
}
