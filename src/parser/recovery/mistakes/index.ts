import type { Mistake } from './mistake.ts';

/** All known mistakes, the more certain first. */
export const mistakes: readonly Mistake[] = [];
