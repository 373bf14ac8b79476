/** The values of hidden lineage columns for some rows of an input (S12). */
import { INT } from '../../typecheck/types.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import { constantVector, vectorOf } from '../vectors.ts';
import type { HiddenColumn } from './lineage.ts';
import { isUntouched, trace } from './members.ts';
import type { Ancestor, Member } from './members.ts';

export function hiddenVectors(hidden: readonly HiddenColumn[], input: Member, rows: Int32Array): readonly Vector[] {
  return hidden.map(({ fn, of, origins, trail, column }) => {
    if (fn === 'attempts' && isUntouched(input)) return constantVector(INT, 0, rows.length);
    const values = Array.from(rows, (row): Value => {
      const ancestors = trace(input, row, trail);
      return fn === 'attempts' ? attempts(ancestors) : (original(ancestors, origins) ?? input.table.value(row, of));
    });
    return vectorOf(column.type, values);
  });
}

/** Over several ancestors the largest. */
function attempts(ancestors: readonly Ancestor[]): number {
  let most = 0;
  for (const { member, row } of ancestors) most = Math.max(most, member.origin?.repairsOf(row) ?? 0);
  return most;
}

/** Over several ancestors that of the first in row order; undefined where there is none. */
function original(ancestors: readonly Ancestor[], origins: HiddenColumn['origins']): Value | undefined {
  const [first] = ancestors;
  if (first === undefined) return undefined;
  const { member, row } = first;
  const name = origins.get(member.node.id);
  const column = member.table.schema.findIndex((candidate) => candidate.name === name);
  return member.table.value(member.origin?.chainOf(row).first ?? row, column);
}
