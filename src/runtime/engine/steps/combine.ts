/**
 * COMBINE: collects both sides and calls the operator on each pair of groups with equal keys, in the order in which the left side first has the keys, behind them those
 * that only the right side has. Rows for which no row of the other group meets the rest of ON are in no group, but on a side that is kept: that has whole groups, with an
 * empty one beside them where there is no partner.
 */
import type { CombineNode } from '../../../planner/graph.ts';
import type { Schema } from '../../../typecheck/typed.ts';
import { STRING } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { CompiledExpr } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { rowsByGroup } from '../../relational/by-group.ts';
import type { ByGroup } from '../../relational/by-group.ts';
import { gather, isNullAt, valueAt, vectorOf } from '../../vectors.ts';
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
  return new GroupedSide(schema, keys, keeps(node, which) ? 'equal' : 'never', node.using, context.environment);
}

/** Whether groups of the side count that have no partner. */
export function keeps({ type }: CombineNode, side: 'left' | 'right'): boolean {
  return type === side || type === 'full';
}

const NO_ROWS = new Int32Array(0);

async function combined(
  node: CombineNode,
  [left, right]: readonly [GroupedSide, GroupedSide],
  rest: CompiledExpr | null,
  context: GroupContext,
): Promise<GroupStepAnswer> {
  const leftRows = rowsByGroup(left.groups, left.size);
  const rightRows = rowsByGroup(right.groups, right.size);
  const [leftAll, rightAll] = [left.all(), right.all()];
  const keys = left.keysAt(leftAll, firstsOf(leftRows, left.size));
  const rightKeys = right.keysAt(rightAll, firstsOf(rightRows, right.size));
  const partners = right.groupsOf(keys, left.size);
  const pairs = new Pairs();
  const meets = rest === null ? null : meeting(rest, leftAll, rightAll);
  const [keepsLeft, keepsRight] = [keeps(node, 'left'), keeps(node, 'right')];
  const alone = new Uint8Array(right.size).fill(1);
  partners.forEach((partner, group) => {
    const own = rowsOf(leftRows, group);
    if (partner < 0) {
      if (keepsLeft) pairs.add(group, -1, [own, NO_ROWS]);
      return;
    }
    alone[partner] = 0;
    const all = [own, rowsOf(rightRows, partner)] as const;
    const met = meets === null ? all : meets(...all);
    const rows = [keepsLeft ? all[0] : met[0], keepsRight ? all[1] : met[1]] as const;
    if (node.type !== 'inner' || rows.every(({ length }) => length > 0)) pairs.add(group, partner, rows);
  });
  if (keepsRight)
    alone.forEach((is, partner) => {
      if (is === 1) pairs.add(-1, partner, [NO_ROWS, rowsOf(rightRows, partner)]);
    });
  const inputs = [left.inputVectors(), right.inputVectors()];
  const names = node.keys.map(({ left: key }) => (key.kind === 'column' ? key.name : 'key'));
  const nameOf = (pair: number): string => {
    const [ofLeft, ofRight] = pairs.groupsOf(pair);
    return ofLeft < 0 ? groupName(names, rightKeys, ofRight) : groupName(names, keys, ofLeft);
  };
  return callOnGroups(
    node,
    {
      sides: pairs.sides().map((rows, side) => ({ inputs: inputs[side] ?? [], ...rows })),
      count: pairs.length,
      failures: pairs.failures(left, right),
      failed: { schema: [], vectors: [] },
      nameOf,
      beside: (name, { carried: [ofLeft = NO_ROWS, ofRight = NO_ROWS] }) =>
        columnBeside(
          node,
          name,
          { schema: left.schema, all: leftAll, rows: ofLeft },
          { schema: right.schema, all: rightAll, rows: ofRight },
        ),
    },
    context,
  );
}

/** The first row of each group. */
function firstsOf({ starts, rows }: ByGroup, size: number): Int32Array {
  return starts.subarray(0, size).map((start) => rows[start] ?? 0);
}

function rowsOf({ starts, rows }: ByGroup, group: number): Int32Array {
  return rows.subarray(starts[group], starts[group + 1]);
}

/** The rows of a side that answers carry; −1 where the side's group was empty. */
interface Beside {
  readonly schema: Schema;
  readonly all: Batch;
  readonly rows: Int32Array;
}

/** A key of one name on both sides is one column: that of the side which is there, the left one's where both are. */
function columnBeside(node: CombineNode, name: string, left: Beside, right: Beside): Vector {
  const [ofLeft, ofRight] = [left, right].map(
    ({ schema, all }) => all.vectors[schema.findIndex((column) => column.name === name)],
  );
  if (ofLeft === undefined) return ofRight === undefined ? missing(name) : gather(ofRight, right.rows);
  if (ofRight === undefined || node.type === 'inner' || node.type === 'left') return gather(ofLeft, left.rows);
  if (node.type === 'right') return gather(ofRight, right.rows);
  const type = node.schema.find((column) => column.name === name)?.type ?? STRING;
  const values = Array.from(left.rows, (row, at) =>
    row < 0 ? valueAt(ofRight, right.rows[at] ?? -1) : valueAt(ofLeft, row),
  );
  return vectorOf(type, values);
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
    this.groups.push([left, right]);
    this.rows.push(rows);
  }

  /** −1 for a side without a group. */
  groupsOf(pair: number): readonly [left: number, right: number] {
    return this.groups[pair] ?? [-1, -1];
  }

  sides(): readonly ByGroup[] {
    return [0, 1].map((side) => contiguous(this.rows.map((both) => both[side === 0 ? 0 : 1])));
  }

  /** The first failure of each pair: the left side's, else the right one's. */
  failures(left: GroupedSide, right: GroupedSide): readonly RowFailure[] {
    const [ofLeft, ofRight] = [left.groupFailures(), right.groupFailures()];
    return this.groups.flatMap(([a, b], pair) => {
      const failure = (a < 0 ? undefined : ofLeft.get(a)) ?? (b < 0 ? undefined : ofRight.get(b));
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
