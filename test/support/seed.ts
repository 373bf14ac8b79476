/** Whether the long forms of the tests run. */
export const LONG = process.env['PYSCOPE_LONG'] !== undefined;

/** What random tests draw from: one seed in `npm test`, so that what passes today passes tomorrow; a new one in the long run. `PYSCOPE_SEED` brings one back. */
export const SEED = Number(process.env['PYSCOPE_SEED'] ?? (LONG ? Date.now() >>> 0 : 20_261_122));
