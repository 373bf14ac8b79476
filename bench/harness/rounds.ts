/** Rounds of measurements: in each, every contestant has one go at every case, so that a drift of the machine meets all alike. */

/** Something to be measured in every round. */
export interface Contest<M> {
  readonly key: string;
  readonly go: () => Promise<M>;
}

/** The measurements of each contest, one a round. A contest that gives `null` is left out from then on. */
export async function rounds<M>(
  contests: readonly Contest<M>[],
  count: number,
  told: (round: number) => void,
): Promise<ReadonlyMap<string, readonly M[]>> {
  const samples = new Map<string, M[]>(contests.map(({ key }) => [key, []]));
  for (let round = 0; round < count; round++) {
    told(round);
    // Every second round goes backwards: whoever follows a hungry one is not always the same.
    for (const { key, go } of round % 2 === 0 ? contests : contests.toReversed()) samples.get(key)?.push(await go());
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [below, above] = [sorted[Math.ceil(middle) - 1] ?? Number.NaN, sorted[Math.floor(middle)] ?? Number.NaN];
  return (below + above) / 2;
}
