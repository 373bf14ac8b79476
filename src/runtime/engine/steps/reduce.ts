/** REDUCE: collects its input, puts it in groups in order of first appearance, each in the order of PRESORT, and calls the operator on each. */
import type { ReduceNode } from '../../../planner/graph.ts';
import type { Schema, TypedExpr } from '../../../typecheck/typed.ts';
import type { Vector } from '../../batch.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { rowsByGroup } from '../../relational/by-group.ts';
import { rowOrder } from '../../relational/ranks.ts';
import { gather } from '../../vectors.ts';
import { evaluating } from '../faults.ts';
import { callOnGroups, groupName } from './group-calls.ts';
import type { GroupContext, GroupStep } from './group-calls.ts';
import { GroupedSide } from './grouped-side.ts';

export function reduceStep(node: ReduceNode, input: Schema, context: GroupContext): GroupStep {
  const places = node.on.map((name) => input.findIndex((column) => column.name === name));
  const keys = keysOfReduce(node, input);
  const side = new GroupedSide(input, keys, 'equal', node.using, context.environment);
  const presort = node.presort.map(({ value }) => compileExpr(value, input, context.environment));
  return {
    take: (_, batch) => side.take(batch),
    end: async () => {
      const all = side.all();
      const { starts, rows } = rowsByGroup(side.groups, side.size);
      const first = Int32Array.from({ length: side.size }, (_, group) => rows[starts[group] ?? 0] ?? 0);
      sortGroups(
        { starts, rows },
        presort.map((key) => evaluating(all, key)),
        node,
      );
      const keyVectors = places.map((place) => gather(vectorAt(all.vectors, place), first));
      const onSchema = node.schema.filter(({ name }) => node.on.includes(name));
      return callOnGroups(
        node,
        {
          sides: [{ inputs: side.inputVectors(), starts, rows }],
          count: side.size,
          failures: failures(side),
          failed: {
            schema: onSchema,
            vectors: onSchema.map(({ name }) => vectorAt(keyVectors, node.on.indexOf(name))),
          },
          nameOf: (group) => groupName(node.on, keyVectors, group),
          beside: (name, { groups }) => gather(vectorAt(keyVectors, node.on.indexOf(name)), groups),
        },
        context,
      );
    },
  };
}

/** The columns of ON. */
export function keysOfReduce({ on, span }: ReduceNode, input: Schema): readonly TypedExpr[] {
  return on.flatMap((name): TypedExpr[] => {
    const column = input.find((candidate) => candidate.name === name);
    return column === undefined ? [] : [{ ...column, kind: 'column', span }];
  });
}

function sortGroups(
  { starts, rows }: ReturnType<typeof rowsByGroup>,
  keys: readonly Vector[],
  { presort }: ReduceNode,
): void {
  if (keys.length === 0) return;
  const order = rowOrder(keys, presort);
  for (let group = 0; group + 1 < starts.length; group += 1)
    rows.subarray(starts[group], starts[group + 1]).sort(order);
}

function failures(side: GroupedSide): readonly RowFailure[] {
  return [...side.groupFailures()].map(([group, failure]) => ({ ...failure, row: group }));
}

function vectorAt(vectors: readonly Vector[], at: number): Vector {
  const vector = vectors[at];
  if (vector === undefined) throw new RangeError(`there is no column ${at}`);
  return vector;
}
