/** All optimiser rules, in the order they are tried. */
import { columnPruning } from './column-pruning.ts';
import { commonSubplan } from './common-subplan.ts';
import { constantFolding } from './constant-folding.ts';
import { costOrder } from './cost-order.ts';
import { joinSide } from './join-side.ts';
import { fileSkipping } from './file-skipping.ts';
import { deadNodes } from './dead-nodes.ts';
import { meld } from './meld.ts';
import { memoise } from './memoise.ts';
import { preAggregation } from './pre-aggregation.ts';
import { predicatePushdown } from './predicate-pushdown.ts';
import type { Rule } from './rule.ts';
import { topK } from './top-k.ts';

export const rules: readonly Rule[] = [
  deadNodes,
  constantFolding,
  commonSubplan,
  predicatePushdown,
  fileSkipping,
  meld,
  columnPruning,
  costOrder,
  topK,
  joinSide,
  memoise,
  preAggregation,
];
