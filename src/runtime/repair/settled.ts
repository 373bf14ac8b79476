/** A settled run seen as whole columns: who lives, in which order, with which ordinals. Each is computed once per node, from that of its inputs. */
import { placesOf } from '../row-numbers.ts';
import { lineOf } from './line.ts';
import type { Line } from './line.ts';
import { isSided, isUntouched, parentMember, unrooted } from './members.ts';
import type { Member } from './members.ts';
import type { Running } from './run.ts';
import { inOrder } from './sorted-rows.ts';

export class SettledView {
  private readonly lines = new Map<Member, Line | null>();
  private readonly lives = new Map<Member, Uint8Array>();
  private readonly orders = new Map<Member, Int32Array>();
  private readonly numbers = new Map<Member, Int32Array>();

  /** 1 for each live row. */
  live(member: Member): Uint8Array {
    const known = this.lives.get(member);
    if (known !== undefined) return known;
    const { table } = member;
    const flags = new Uint8Array(table.length).fill(1);
    if (!isUntouched(member)) {
      for (const row of table.ended.all()) flags[row] = 0;
      this.endWithParents(member, flags);
    }
    this.lives.set(member, flags);
    return flags;
  }

  /** How many rows live. */
  count(member: Running): number {
    // Nothing dies but what was ended here.
    if (member.inputs.every(isUntouched)) return member.table.length - member.table.ended.count;
    const line = this.line(member);
    if (line !== null) return line.count;
    let count = 0;
    for (const one of this.live(member)) count += one;
    return count;
  }

  /** The live rows in the order of S14. */
  order(member: Running): Int32Array {
    const known = this.orders.get(member);
    if (known !== undefined) return known;
    const order = this.line(member)?.order(null) ?? inOrder(member, placesOf(this.live(member)));
    this.orders.set(member, order);
    return order;
  }

  /** The ordinal of every row: the place of its root row among the settled ones, or the one its ancestor had when it entered the region. */
  ordinals(member: Running): Int32Array {
    const known = this.numbers.get(member);
    if (known !== undefined) return known;
    const ordinals = this.numbered(member);
    this.numbers.set(member, ordinals);
    return ordinals;
  }

  /** null where rows do not stand in a line. */
  line(member: Running): Line | null {
    const known = this.lines.get(member);
    if (known !== undefined) return known;
    const line = lineOf(member);
    this.lines.set(member, line);
    return line;
  }

  private endWithParents(member: Member, flags: Uint8Array): void {
    const { table, inputs, node } = member;
    const above = inputs.map((input) => this.live(input));
    const [left, right] = above;
    if (left === undefined) return;
    const sided = isSided(member);
    if (!sided && node.kind !== 'join' && table.members.size === 0) {
      for (let row = 0; row < flags.length; row += 1) if (left[table.parents.at(row)] === 0) flags[row] = 0;
      return;
    }
    for (let row = 0; row < flags.length; row += 1) {
      const parents = sided ? (above[table.sides.at(row)] ?? left) : left;
      const group = table.members.get(row);
      const parent = table.parents.at(row);
      if (group === undefined ? parent >= 0 && parents[parent] === 0 : group.some((one) => parents[one] === 0))
        flags[row] = 0;
      if (table.partnerMembers.get(row)?.some((one) => right?.[one] === 0) === true) flags[row] = 0;
      const partner = node.kind === 'join' ? table.partners.at(row) : -1;
      if (partner >= 0 && right?.[partner] === 0) flags[row] = 0;
    }
  }

  private numbered(member: Running): Int32Array {
    const { table, root } = member;
    const out = new Int32Array(table.length);
    if (root === member && !member.entry) {
      this.order(member).forEach((row, place) => void (out[row] = place));
      return out;
    }
    if (member.inputs.length === 0) {
      for (const { start, batch } of table.since(0)) {
        for (let at = 0; at < batch.length; at += 1) out[start + at] = batch.ordinals?.[at] ?? at;
      }
      return out;
    }
    const above = new Map(member.inputs.map((input) => [input as Member, this.ordinals(input)]));
    const behindRoot = this.behindRoot(member);
    for (let row = 0; row < out.length; row += 1) {
      const parent = parentMember(member, row);
      const at = table.members.get(row)?.[0] ?? table.parents.at(row);
      if (at < 0) {
        out[row] = behindRoot;
        continue;
      }
      out[row] = (parent === null ? undefined : above.get(parent)?.[at]) ?? 0;
    }
    return out;
  }

  /** The ordinal of a row that an outer join keeps of its right side; where the root lies outside, such rows have a batch of their own. */
  private behindRoot(member: Running): number {
    const { root } = member;
    const inRegion = [...this.rootsOf(member)].find((one) => one === root && !one.entry);
    return inRegion === undefined ? 0 : this.order(inRegion).length + unrooted({ member, row: -1 });
  }

  private *rootsOf(member: Running): Iterable<Running> {
    for (let at: Running | undefined = member; at !== undefined; at = at.inputs[0]) yield at;
  }
}
