/** All optimiser rules, in the order they are tried. */
import { deadNodes } from './dead-nodes.ts';
import type { Rule } from './rule.ts';

export const rules: readonly Rule[] = [deadNodes];
