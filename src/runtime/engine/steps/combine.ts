/**
 * COMBINE: collects both sides and calls the operator on each pair of groups with equal keys, in the order in which the left side first has the keys. Rows for
 * which no row of the other group meets the rest of ON are in no group; a pair with an empty side is not asked for.
 */
import type { CombineNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import type { Batch, Vector } from '../../batch.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { CompiledExpr } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { rowsByGroup } from '../../relational/by-group.ts';
import type { ByGroup } from '../../relational/by-group.ts';
import { gather, isNullAt } from '../../vectors.ts';
import { evaluating } from '../faults.ts';
import { callOnGroups, groupName } from './group-calls.ts';
import type { GroupContext, GroupStep, GroupStepAnswer } from './group-calls.ts';
import { GroupedSide } from './grouped-side.ts';

/** `left` and `right` are qualified as the node's expressions name them. */
export function combineStep(node: CombineNode, left: Schema, right: Schema, context: GroupContext): GroupStep {
  const sides = [sideOf(node, left, 'left', context), sideOf(node, right, 'right', context)] as const;
  const rest = node.on === null ? null : compileExpr(node.on, [...left, ...right], context.environment);
  let open = 2;
  return {
    take: (side, batch) => sides[side === 0 ? 0 : 1].take(batch),
    end: async () => {
      open -= 1;
      return open > 0 ? null : combined(node, sides, rest, context);
    },
  };
}

function sideOf(node: CombineNode, schema: Schema, which: 'left' | 'right', context: GroupContext): GroupedSide {
  const keys = node.keys.map((key) => key[which]);
  return new GroupedSide(schema, keys, 'never', node.using, context.environment);
}

async function combined(
  node: CombineNode,
  [left, right]: readonly [GroupedSide, GroupedSide],
  rest: CompiledExpr | null,
  context: GroupContext,
): Promise<GroupStepAnswer> {
  const leftRows = rowsByGroup(left.groups, left.size);
  const rightRows = rowsByGroup(right.groups, right.size);
  const [leftAll, rightAll] = [left.all(), right.all()];
  const first = leftRows.starts.subarray(0, left.size).map((start) => leftRows.rows[start] ?? 0);
  const keys = left.keysAt(leftAll, first);
  const partners = right.groupsOf(keys, left.size);
  const pairs = new Pairs();
  const meets = rest === null ? null : meeting(rest, leftAll, rightAll);
  partners.forEach((partner, group) => {
    if (partner < 0) return;
    const all = [rowsOf(leftRows, group), rowsOf(rightRows, partner)] as const;
    pairs.add(group, partner, meets === null ? all : meets(...all));
  });
  const inputs = [left.inputVectors(), right.inputVectors()];
  const names = node.keys.map(({ left: key }) => (key.kind === 'column' ? key.name : 'key'));
  return callOnGroups(
    node,
    {
      sides: pairs.sides().map((rows, side) => ({ inputs: inputs[side] ?? [], ...rows })),
      count: pairs.length,
      failures: pairs.failures(left, right),
      failed: { schema: [], vectors: [] },
      nameOf: (pair) => groupName(names, keys, pairs.leftGroup(pair)),
      beside: (name, { carried: [ofLeft, ofRight] }) =>
        columnAt(left.schema, leftAll, name, ofLeft) ??
        columnAt(right.schema, rightAll, name, ofRight) ??
        missing(name),
    },
    context,
  );
}

function rowsOf({ starts, rows }: ByGroup, group: number): Int32Array {
  return rows.subarray(starts[group], starts[group + 1]);
}

/** A key of one name on both sides is one column: the left one's. */
function columnAt(schema: Schema, { vectors }: Batch, name: string, rows: Int32Array | undefined): Vector | null {
  const vector = vectors[schema.findIndex((column) => column.name === name)];
  return vector === undefined || rows === undefined ? null : gather(vector, rows);
}

function missing(name: string): never {
  throw new RangeError(`neither side has a column ${name}`);
}

type Both = readonly [left: Int32Array, right: Int32Array];

/** The rows of two groups that meet some row of the other; one left row at a time, so that a giant pair needs no giant product. */
function meeting(rest: CompiledExpr, left: Batch, right: Batch): (...rows: Both) => Both {
  return (leftRows, rightRows) => {
    const partners = right.vectors.map((vector) => gather(vector, rightRows));
    const met = new Uint8Array(rightRows.length);
    const kept = leftRows.filter((row) => {
      const same = new Int32Array(rightRows.length).fill(row);
      const vectors = [...left.vectors.map((vector) => gather(vector, same)), ...partners];
      const holds = evaluating({ ...left, length: rightRows.length, vectors }, rest);
      let any = false;
      for (let at = 0; at < rightRows.length; at++) {
        if (holds.kind !== 'bool' || holds.values[at] !== 1 || isNullAt(holds, at)) continue;
        met[at] = 1;
        any = true;
      }
      return any;
    });
    return [kept, rightRows.filter((_, at) => met[at] === 1)];
  };
}

/** Pairs of groups with their rows. */
class Pairs {
  private readonly groups: (readonly [left: number, right: number])[] = [];
  private readonly rows: Both[] = [];

  get length(): number {
    return this.groups.length;
  }

  add(left: number, right: number, rows: Both): void {
    if (rows.some(({ length }) => length === 0)) return;
    this.groups.push([left, right]);
    this.rows.push(rows);
  }

  leftGroup(pair: number): number {
    return this.groups[pair]?.[0] ?? -1;
  }

  sides(): readonly ByGroup[] {
    return [0, 1].map((side) => contiguous(this.rows.map((both) => both[side === 0 ? 0 : 1])));
  }

  /** The first failure of each pair: the left side's, else the right one's. */
  failures(left: GroupedSide, right: GroupedSide): readonly RowFailure[] {
    const [ofLeft, ofRight] = [left.groupFailures(), right.groupFailures()];
    return this.groups.flatMap(([a, b], pair) => {
      const failure = ofLeft.get(a) ?? ofRight.get(b);
      return failure === undefined ? [] : [{ ...failure, row: pair }];
    });
  }
}

function contiguous(parts: readonly Int32Array[]): ByGroup {
  const starts = new Int32Array(parts.length + 1);
  parts.forEach((part, at) => {
    starts[at + 1] = (starts[at] ?? 0) + part.length;
  });
  const rows = new Int32Array(starts[parts.length] ?? 0);
  parts.forEach((part, at) => rows.set(part, starts[at]));
  return { starts, rows };
}
