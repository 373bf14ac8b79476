/** How many random cases a test takes: few that are the same each time, or in the long run many new ones. */

export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
}

export const LONG = process.env['PYSCOPE_LONG'] !== undefined;

/** The long run prints its seed; `PYSCOPE_SEED` and `PYSCOPE_RUNS` choose another seed and number. */
export function runs(short: Runs, long: number): Runs {
  if (!LONG) return short;
  const seed = Number(process.env['PYSCOPE_SEED'] ?? Date.now() % 1e9);
  const numRuns = Number(process.env['PYSCOPE_RUNS'] ?? long);
  process.stdout.write(`      ${numRuns} cases from seed ${seed}\n`);
  return { numRuns, seed };
}
