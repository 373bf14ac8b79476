/** A join over the columns as they stand on disk: those of the sides, and behind them where the rows stood. */
import type { JoinNode } from '../../../planner/graph.ts';
import type { Column, Schema } from '../../../typecheck/typed.ts';
import { LONG } from '../../../typecheck/types.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Columns } from '../../packed/columns.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, RunWriter, Spool } from '../../spill/spool.ts';
import type { Compile, Evaluate } from '../cross-row.ts';
import { PLACE_TYPES } from './places.ts';

export interface Results {
  readonly spool: Spool;
  /** In order of the left's positions. */
  readonly matched: Run[];
  /** Right rows without a partner, in order of their positions. */
  readonly unmatched: Run[];
}

export interface PartPlan {
  readonly node: JoinNode;
  readonly left: Schema;
  readonly right: Schema;
  readonly compile: Compile;
  readonly room: Room;
  readonly leftKeys: readonly Evaluate[];
  readonly rightKeys: readonly Evaluate[];
  readonly leftColumns: number;
  readonly rightColumns: number;
  readonly leftTypes: readonly Type[];
  readonly rightTypes: readonly Type[];
  /** Whether the answer has the right's columns. */
  readonly hasRight: boolean;
  readonly outTypes: readonly Type[];
}

export function partPlan(node: JoinNode, left: Schema, right: Schema, compile: Compile, room: Room): PartPlan {
  const leftTypes = [...left.map(({ type }) => type), ...PLACE_TYPES];
  const rightTypes = [...right.map(({ type }) => type), LONG];
  const hasRight = node.type !== 'semi' && node.type !== 'anti';
  return {
    node,
    left: [...left, ...PLACE_TYPES.map((type, at) => hidden(`#left ${at}`, type))],
    right: [...right, hidden('#right', LONG)],
    compile,
    room,
    leftKeys: node.keys.map((key) => compile(key.left, left)),
    rightKeys: node.keys.map((key) => compile(key.right, right)),
    leftColumns: left.length,
    rightColumns: right.length,
    leftTypes,
    rightTypes,
    hasRight,
    outTypes: hasRight ? [...leftTypes, ...rightTypes] : leftTypes,
  };
}

function hidden(name: string, type: Type): Column {
  return { qualifier: null, name, type, origins: [] };
}

export function writeAll(batches: readonly Columns[], writer: RunWriter): void {
  for (const batch of batches) writer.add(batch);
}
