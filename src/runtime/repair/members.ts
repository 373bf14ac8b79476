/** The nodes of a region with their tables, and the walks over parents that everything else is made of. */
import type { GraphNode } from '../../planner/graph.ts';
import type { Trail } from '../../planner/trails.ts';
import type { Origin } from './origin.ts';
import type { SortOrder } from './sorted.ts';
import type { Table } from './table.ts';

/** A node of the region, or one outside that feeds it (`entry`). */
export interface Member {
  readonly node: GraphNode;
  readonly entry: boolean;
  readonly table: Table;
  /** Set where a back edge of the region names the node. */
  readonly origin: Origin | null;
  /** Its inputs, in order; none for an entry or a source. */
  readonly inputs: readonly Member[];
  /** S9. */
  readonly level: number;
  /** S14: the member whose order its rows follow. */
  readonly root: Member | null;
  /** Of an ORDER BY. */
  readonly sort: SortOrder | null;
}

/** The input that a row's parent is a row of. */
export function parentMember(member: Member, row: number): Member | null {
  return member.inputs[isSided(member) ? member.table.sides.at(row) : 0] ?? null;
}

/** Whether each row is made from a list of members. */
export function gathersGroups({ kind }: GraphNode): boolean {
  switch (kind) {
    case 'aggregate':
    case 'distinct':
    case 'except':
    case 'intersect':
    case 'reduce':
    case 'combine':
      return true;
    default:
      return false;
  }
}

/** Whether each row comes from one of several inputs. */
export function isSided({ node, inputs }: Member): boolean {
  return inputs.length > 1 && (node.kind === 'union' || node.kind === 'routed');
}

/** Whether each row came from one row of one source or entry, and stands where that does. */
export function isChain(member: Member): boolean {
  const [input, ...others] = member.inputs;
  if (member.sort !== null) return false;
  return input === undefined || (others.length === 0 && member.level === 0 && isChain(input));
}

/** Calls `visit` for each parent of a row, with the input it is a row of. */
function eachParent(member: Member, row: number, visit: (parent: Member, row: number, side: number) => void): void {
  const { table } = member;
  const parent = parentMember(member, row);
  if (parent === null) return;
  const group = table.members.get(row);
  if (group !== undefined) {
    for (const other of group) visit(parent, other, 0);
    const [, right] = member.inputs;
    const partners = table.partnerMembers.get(row);
    if (right !== undefined && partners !== undefined) for (const other of partners) visit(right, other, 1);
    return;
  }
  const first = table.parents.at(row);
  if (first >= 0) visit(parent, first, isSided(member) ? table.sides.at(row) : 0);
  const partner = table.partners.at(row);
  const right = member.inputs[1];
  if (partner >= 0 && right !== undefined && member.node.kind === 'join') visit(right, partner, 1);
}

/** A row lives while no repair ended it or anything it was made from. */
export function isAlive(member: Member, row: number): boolean {
  let at = member;
  let above = row;
  while (!at.table.ended.has(above)) {
    const input = soleInput(at);
    const parent = at.table.parents.at(above);
    if (input === null || parent < 0) return parentsLive(at, above);
    at = input;
    above = parent;
  }
  return false;
}

/** The input that each row has one parent in; null where there may be several. */
function soleInput({ inputs, table }: Member): Member | null {
  return inputs.length === 1 && table.members.size === 0 ? (inputs[0] ?? null) : null;
}

function parentsLive(member: Member, row: number): boolean {
  if (member.inputs.length === 0) return true;
  let alive = true;
  eachParent(member, row, (parent, other) => {
    alive = alive && isAlive(parent, other);
  });
  return alive;
}

/** Whether nothing upstream was ever repaired: then every row is alive, without a history, and where it was computed. */
export function isUntouched(member: Member): boolean {
  const { table, origin } = member;
  return table.ended.count === 0 && (origin === null || origin.untouched) && member.inputs.every(isUntouched);
}

export interface Ancestor {
  readonly member: Member;
  readonly row: number;
}

/** S4: the ancestor rows that a column came from, in row order, each once. The trail begins at the member. */
export function trace(member: Member, row: number, trail: Trail | null): readonly Ancestor[] {
  let at = member;
  let above = row;
  let way = trail;
  // While each row has one parent there is one way.
  while (way !== null && !way.isOrigin) {
    const input = soleInput(at);
    const parent = at.table.parents.at(above);
    if (input === null || parent < 0) break;
    at = input;
    above = parent;
    way = way.behind[0] ?? null;
  }
  if (way === null) return [];
  if (way.isOrigin) return [{ member: at, row: above }];
  const found = new Found();
  visit(at, above, way, found);
  return found.all;
}

function visit(member: Member, row: number, way: Trail, found: Found): void {
  if (way.isOrigin) {
    found.add(member, row);
    return;
  }
  eachParent(member, row, (parent, next, side) => {
    const behind = way.behind[side] ?? null;
    if (behind !== null) visit(parent, next, behind, found);
  });
}

/** Rows in the order in which they were first found. */
class Found {
  readonly all: Ancestor[] = [];
  private readonly rows = new Map<Member, Set<number>>();

  add(member: Member, row: number): void {
    let rows = this.rows.get(member);
    if (rows === undefined) {
      rows = new Set();
      this.rows.set(member, rows);
    }
    if (rows.has(row)) return;
    rows.add(row);
    this.all.push({ member, row });
  }
}

/** The ancestors of several rows, each once. */
export function traceAll(member: Member, rows: readonly number[], trail: Trail | null): readonly Ancestor[] {
  const found = new Found();
  for (const row of rows) for (const one of trace(member, row, trail)) found.add(one.member, one.row);
  return found.all;
}

/** The ancestor of a row that stands in its order root, or (where the root is null, outside) the one that entered the region. */
export function rootRow(member: Member, row: number, root: Member | null): Ancestor {
  let at: Ancestor = { member, row };
  while (at.member !== root) {
    const parent = parentMember(at.member, at.row);
    const first = at.member.table.members.get(at.row)?.[0] ?? at.member.table.parents.at(at.row);
    if (parent === null || first < 0) return at;
    at = { member: parent, row: first };
  }
  return at;
}

/**
 * 0 for a row of an order root. What an outer join keeps of its right side has no row there: it stands behind all that have, and behind what such a join before it
 * kept, by how many of them there are between the root and it.
 */
export function unrooted({ member }: Ancestor): number {
  if (member.entry || member.node.kind !== 'join') return 0;
  let count = 0;
  for (let at: Member | undefined = member; at !== undefined && at !== member.root; at = at.inputs[0]) {
    if (!at.entry && at.node.kind === 'join' && (at.node.type === 'right' || at.node.type === 'full')) count += 1;
  }
  return count;
}

/** The Order rule (S14) on two rows of one member: negative where `a` comes first. */
export function compareRows(member: Member, a: number, b: number): number {
  if (a === b) return 0;
  const { table, origin, node } = member;
  if (member.inputs.length === 0) return compareHere(origin, a, b);
  if (node.kind === 'union' || node.kind === 'routed') return compareUnited(member, a, b);
  const [left, right] = member.inputs;
  if (left === undefined) return a - b;
  const order = member.sort?.compare(a, b) ?? 0;
  if (order !== 0) return order;
  const [parentA, parentB] = [firstParent(table, a), firstParent(table, b)];
  // What an outer join keeps of its right side stands behind all that has a left row.
  if (parentA < 0 || parentB < 0) {
    if (parentA !== parentB) return parentA < 0 ? 1 : -1;
  } else if (parentA !== parentB) return compareRows(left, parentA, parentB);
  const [partnerA, partnerB] = [table.partners.at(a), table.partners.at(b)];
  if (right !== undefined && partnerA !== partnerB) return compareRows(right, partnerA, partnerB);
  return compareHere(origin, a, b);
}

function firstParent(table: Table, row: number): number {
  const parent = table.parents.at(row);
  return parent < 0 ? (table.members.get(row)?.[0] ?? -1) : parent;
}

/** Rows of one parent: in the order computed; what goes back to one computed row by its places. */
function compareHere(origin: Origin | null, a: number, b: number): number {
  if (origin === null) return a - b;
  return origin.baseOf(a) - origin.baseOf(b) || origin.placeOf(a) - origin.placeOf(b);
}

function compareUnited(member: Member, a: number, b: number): number {
  const { table, root } = member;
  const [sideA, sideB] = [table.sides.at(a), table.sides.at(b)];
  const [inputA, inputB] = [member.inputs[sideA], member.inputs[sideB]];
  if (inputA === undefined || inputB === undefined) return a - b;
  const [parentA, parentB] = [table.parents.at(a), table.parents.at(b)];
  if (root !== member) {
    const order = compareRoots(root, rootRow(inputA, parentA, root), rootRow(inputB, parentB, root));
    if (order !== 0) return order;
  }
  if (sideA !== sideB) return sideA - sideB;
  return parentA === parentB ? compareHere(member.origin, a, b) : compareRows(inputA, parentA, parentB);
}

function compareRoots(root: Member | null, a: Ancestor, b: Ancestor): number {
  const [lateA, lateB] = [unrooted(a), unrooted(b)];
  if (lateA > 0 || lateB > 0) return lateA - lateB;
  const inside = root !== null && a.member === root && b.member === root;
  return inside ? compareRows(root, a.row, b.row) : compareEntered(a, b);
}

/** Rows of entries whose common root lies outside or is one of them, which its numbering tells apart: rows with one number come from one row of it. */
function compareEntered(a: Ancestor, b: Ancestor): number {
  const [placeA, placeB] = [a.member.table.placeOf(a.row), b.member.table.placeOf(b.row)];
  const ordinalOf = ({ batch, at }: typeof placeA): number => batch.ordinals?.[at] ?? at;
  return placeA.batch.sequence - placeB.batch.sequence || ordinalOf(placeA) - ordinalOf(placeB);
}
