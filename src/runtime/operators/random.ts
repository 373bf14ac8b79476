import { createHash } from 'node:crypto';

/**
 * A generator of numbers at least 0 and below 1 that depends on the seed alone: sfc32 (Chris Doty-Humphrey, PractRand), seeded with the first
 * 128 bits of the seed's SHA-256, 32 random bits a number.
 */
export function seededRandom(seed: string): () => number {
  const digest = createHash('sha256').update(seed).digest();
  let [a, b, c, counter] = [
    digest.readInt32LE(0),
    digest.readInt32LE(4),
    digest.readInt32LE(8),
    digest.readInt32LE(12),
  ];
  return () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
}

/** Numbers of a seed that know how many were drawn, so that another process can go on where one stopped. */
export interface RandomNumbers {
  readonly next: () => number;
  readonly drawn: () => number;
  /** Draws until so many were drawn; what is behind that already stays. */
  readonly skipTo: (drawn: number) => void;
}

export function countedRandom(seed: string): RandomNumbers {
  const draw = seededRandom(seed);
  let count = 0;
  const next = (): number => {
    count += 1;
    return draw();
  };
  return {
    next,
    drawn: () => count,
    skipTo: (drawn) => {
      for (let left = drawn - count; left > 0; left -= 1) next();
    },
  };
}
