/** Approximate LRU: of a sample, the entries that were not used for longest go. What Redis does for its own keys; our Lua step repeats these lines. */
import { secondsOf } from './entry.ts';
import { EVICTED } from './table.ts';

export function leastUsed<T extends { readonly value: string }>(sample: readonly T[]): readonly T[] {
  return sample.toSorted((a, b) => secondsOf(a.value) - secondsOf(b.value)).slice(0, EVICTED);
}
