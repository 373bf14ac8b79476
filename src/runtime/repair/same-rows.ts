/**
 * Names for rows that do not tell versions of a group apart. A group that comes back to members which it had before is a new version (S9) with its own turn: an APPEND
 * that it raises, and that another clause undoes, would be raised for ever. So an APPEND counts its firings for the same rows too (S13).
 */
import type { RepairRung } from './ladder.ts';
import { parentMember } from './members.ts';
import type { Member } from './members.ts';

/** What raises a repair: one row of an input, or all members of a group that failed. */
export interface RaisedBy {
  /** Of the clause or operator. */
  readonly level: number;
  readonly input: Member;
  readonly rows: readonly number[];
}

/** How often which APPEND has fired for which rows. Only an APPEND leaves all that its row was made from alive, so that the same rows can raise it again. */
export class SameRows {
  private readonly fired = new Map<string, number>();

  /** Whether the action may fire once more. Below all groups a row never comes again. */
  allows(rung: RepairRung, by: RaisedBy): boolean {
    if (rung.kind !== 'append' || by.level === 0) return true;
    return (this.fired.get(keyOf(rung, by)) ?? 0) < rung.limit;
  }

  count(rung: RepairRung, by: RaisedBy): void {
    if (rung.kind !== 'append' || by.level === 0) return;
    const key = keyOf(rung, by);
    this.fired.set(key, (this.fired.get(key) ?? 0) + 1);
  }
}

function keyOf({ key }: RepairRung, { input, rows }: RaisedBy): string {
  const names = rows.map((row) => nameOf(input, row));
  return `${key} ${names.toSorted().join(' ')}`;
}

/** A group is named by its members, anything else above one by what it was made from. */
function nameOf(member: Member, row: number): string {
  const { node, table, origin, level } = member;
  const base = origin?.baseOf(row) ?? row;
  const parent = parentMember(member, base);
  if (level === 0 || parent === null) return `${node.id}.${row}`;
  const history = origin === null ? '' : `/${origin.placeOf(row)}/${origin.chainOf(row).repairs}`;
  const group = table.members.get(base);
  if (group !== undefined) {
    const names = Array.from(group, (one) => nameOf(parent, one)).toSorted();
    return `${node.id}[${names.join(' ')}]${placeAmong((at) => table.members.get(at), base)}${history}`;
  }
  const made = [nameOr(parent, table.parents.at(base))];
  const right = node.kind === 'join' ? member.inputs[1] : undefined;
  if (right !== undefined) made.push(nameOr(right, table.partners.at(base)));
  return `${node.id}(${made.join(' ')})${placeAmong((at) => table.parents.at(at), base)}${history}`;
}

function nameOr(member: Member, row: number): string {
  return row < 0 ? '' : nameOf(member, row);
}

/** Rows that were made from the same stand side by side: which of them this is. */
function placeAmong(madeFrom: (row: number) => unknown, row: number): number {
  let first = row;
  while (first > 0 && madeFrom(first - 1) === madeFrom(row)) first -= 1;
  return row - first;
}
