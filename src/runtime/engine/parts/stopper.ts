/** A promise that never resolves, and rejects when it is told to: what others race with so as not to wait for ever. */
export interface Stopped {
  readonly promise: Promise<never>;
  readonly stop: (reason: unknown) => void;
}

export function stopper(): Stopped {
  let stop: Stopped['stop'] = () => undefined;
  const promise = new Promise<never>((_, reject) => {
    stop = reject;
  });
  // Nobody may be waiting for it.
  promise.catch(() => undefined);
  return { promise, stop };
}
