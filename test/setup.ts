/** Before all tests: random ones without a seed of their own draw from one that is known. */
import fc from 'fast-check';
import { LONG, SEED } from './support/seed.ts';

fc.configureGlobal({ seed: SEED });
if (LONG) console.warn(`PYSCOPE_SEED=${SEED}`);
