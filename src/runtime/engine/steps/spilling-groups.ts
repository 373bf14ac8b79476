/** REDUCE and COMBINE of more rows than fit: whole groups come back from disk some at a time, in the order of first appearance, and the operator is called on them. */
import type { CombineNode, ReduceNode } from '../../../planner/graph.ts';
import type { Schema, TypedExpr } from '../../../typecheck/typed.ts';
import { INT } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { Columns } from '../../packed/columns.ts';
import { batchOf } from '../../relational/external/operator.ts';
import { GroupsOnDisk } from '../../relational/external/groups.ts';
import { joined } from '../../spill/collect.ts';
import type { Room } from '../../spill/room.ts';
import { Weight } from '../../spill/weight.ts';
import { evaluating } from '../faults.ts';
import { combineStep, keeps } from './combine.ts';
import { groupName } from './group-calls.ts';
import type { GroupContext, GroupStep, GroupStepAnswer } from './group-calls.ts';
import { keysOfReduce, reduceStep } from './reduce.ts';
import type { Routed, RoutedNodes } from './routing.ts';

export interface SpillingGroupStep {
  take(side: number, batch: Batch): void;
  end(side: number): AsyncIterable<GroupStepAnswer>;
}

/** Grouping holds the rows, all of them as one, keys and inputs. */
const WHILE_GROUPING = 3;

/** `sides`: the inputs' columns as the node's expressions name them. */
export function spillingGroups(
  node: ReduceNode | CombineNode,
  sides: readonly Schema[],
  context: GroupContext,
  room: Room,
): SpillingGroupStep {
  const [left = [], right = []] = sides;
  const stepFor = (given: GroupContext): GroupStep =>
    node.kind === 'reduce' ? reduceStep(node, left, given) : combineStep(node, left, right, given);
  const weight = new Weight();
  let inner = stepFor(context);
  let held: (readonly [side: number, batch: Batch])[] = [];
  let disk: GroupsOnDisk | null = null;
  let open = sides.length;

  async function* answers(groups: GroupsOnDisk): AsyncGenerator<GroupStepAnswer> {
    try {
      const telling = new Telling(context.routes);
      let piece = 0;
      for await (const { sides: rows, count } of groups.complete()) {
        const step = stepFor({ ...context, staysOpen: true, name: `${context.name}.${piece}` });
        rows.forEach((columns, side) => step.take(side, batchOf(columns)));
        for (const side of rows.keys()) {
          const answer = await step.end(side);
          if (answer !== null) yield telling.numbered(answer, count);
        }
        piece += 1;
      }
      yield telling.rest();
    } finally {
      await context.runner.close();
    }
  }
  return {
    take(side, batch) {
      if (disk !== null) {
        disk.add(side, batch);
        return;
      }
      inner.take(side, batch);
      held.push([side, batch]);
      weight.add(batch.vectors);
      if (!room.claim.set(weight.bytes * WHILE_GROUPING)) return;
      disk = onDisk(node, sides, context, room);
      for (const each of held) disk.add(...each);
      held = [];
      weight.clear();
      inner = stepFor(context);
      room.claim.set(0);
    },
    async *end(side) {
      open -= 1;
      if (open === 0) held = [];
      if (disk !== null) {
        if (open === 0) yield* answers(disk);
        return;
      }
      const answer = await inner.end(side);
      if (answer !== null) yield answer;
    },
  };
}

function onDisk(
  node: ReduceNode | CombineNode,
  sides: readonly Schema[],
  { environment }: GroupContext,
  room: Room,
): GroupsOnDisk {
  const keysOf = (side: number): readonly TypedExpr[] =>
    node.kind === 'reduce'
      ? keysOfReduce(node, sides[0] ?? [])
      : node.keys.map((key) => (side === 0 ? key.left : key.right));
  const names = keysOf(0).map((key) => (key.kind === 'column' ? key.name : 'key'));
  const given = sides.map((schema, side) => ({
    types: schema.map(({ type }) => type),
    kept: node.kind === 'combine' && keeps(node, side === 0 ? 'left' : 'right'),
    keys: keysOf(side).map((key) => {
      const value = compileExpr(key, schema, environment);
      return (batch: Batch): Vector => evaluating(batch, value);
    }),
  }));
  return new GroupsOnDisk(given, (keys) => groupName(names, keys, 0), room);
}

/** Answers on some groups as parts of the answer on all: batches are numbered through, and routed rows come at the end as one batch, at their groups' numbers. */
class Telling {
  private sequence = 0;
  private groups = 0;
  private readonly routed: Routed[] = [];
  private readonly routes: RoutedNodes;

  constructor(routes: RoutedNodes) {
    this.routes = routes;
  }

  numbered(answer: GroupStepAnswer, count: number): GroupStepAnswer {
    const batches = answer.batches.map((batch) => {
      this.sequence += 1;
      return { ...batch, sequence: this.sequence - 1 };
    });
    if (answer.routed !== null) {
      const { rowset, batch } = answer.routed;
      const from = this.groups;
      const ordinals = Int32Array.from({ length: batch.length }, (_, row) => from + (batch.ordinals?.[row] ?? row));
      this.routed.push({ rowset, batch: { ...batch, ordinals } });
    }
    this.groups += count;
    return { ...answer, batches, routed: null };
  }

  rest(): GroupStepAnswer {
    const told = { sides: [], groups: new Int32Array(0), failures: [] };
    return { batches: [], ended: [], calls: null, unsettled: null, told, routed: this.allRouted() };
  }

  private allRouted(): Routed | null {
    const [first] = this.routed;
    if (first === undefined) return null;
    const batches = this.routed.map(({ batch }) => batch);
    const whole: Columns = joined(
      batches.map(({ vectors, length, ordinals }) => ({
        vectors: [...vectors, { kind: 'int', values: ordinals ?? new Int32Array(length), nulls: null }],
        length,
      })),
      [...(this.routes.get(first.rowset)?.schema ?? []).map(({ type }) => type), INT],
    );
    const ordinals = whole.vectors.at(-1);
    return {
      rowset: first.rowset,
      batch: {
        ...first.batch,
        length: whole.length,
        vectors: whole.vectors.slice(0, -1),
        ordinals: ordinals?.kind === 'int' ? ordinals.values : null,
      },
    };
  }
}
