/** Precision, recall and F1 of an output, and whether its gate lets the job pass. */
import type { OutputNode } from '../../planner/graph.ts';
import type { Schema, TypedExpect } from '../../typecheck/typed.ts';
import { FLOAT } from '../../typecheck/types.ts';
import type { Expectation } from '../events.ts';
import { compilePredicate } from '../expressions/compile.ts';
import type { ExpressionEnvironment } from '../expressions/compile.ts';
import { vectorOf } from '../vectors.ts';
import type { Counted } from './truth-count.ts';

const MEASURES: Schema = ['precision', 'recall', 'f1'].map((name) => ({
  qualifier: null,
  name,
  type: FLOAT,
  origins: [],
}));

/** With nothing written and nothing expected all three are 1; else a measure of nothing is 0. */
export function expectation(
  node: OutputNode,
  expect: TypedExpect,
  counted: Counted,
  environment: ExpressionEnvironment,
): Expectation {
  const { truePositives, falsePositives, falseNegatives } = counted;
  const precision = share(truePositives, truePositives + falsePositives, falseNegatives);
  const recall = share(truePositives, truePositives + falseNegatives, falsePositives);
  const f1 = share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives, 0);
  return {
    truth: expect.truthText,
    output: node.pathText,
    ...counted,
    precision,
    recall,
    f1,
    gate: expect.having === null ? null : expect.havingText,
    passed: expect.having === null ? null : holds(expect.having, [precision, recall, f1], environment),
  };
}

function share(part: number, whole: number, otherErrors: number): number {
  if (whole > 0) return part / whole;
  return otherErrors === 0 ? 1 : 0;
}

function holds(
  having: NonNullable<TypedExpect['having']>,
  values: readonly number[],
  environment: ExpressionEnvironment,
): boolean {
  const rows = compilePredicate(
    having,
    MEASURES,
    environment,
  )({
    length: 1,
    vectors: values.map((value) => vectorOf(FLOAT, [value])),
    sequence: 0,
    ordinals: null,
    source: null,
  });
  return rows.length === 1;
}
