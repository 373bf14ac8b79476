/**
 * A cross-row node inside a region: GROUP BY and DISTINCT. When its level comes, the groups whose live members changed are computed again by the operator that runs
 * outside regions too, and only those; a group's row is a new version when its set of members changed, even if its values are equal (S6, S9).
 */
import type { AggregateNode, DistinctNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch } from '../batch.ts';
import { crossRow } from '../relational/index.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import type { CompiledNode } from './compiled.ts';
import { compareRows, isAlive } from './members.ts';
import type { Member } from './members.ts';

interface Group {
  /** Rows of the input with this key, dead ones too until the group is next looked at. */
  rows: number[];
  /** The live version's row, −1 for none. */
  version: number;
  /** The members of the live version, in the order of their numbers. */
  members: readonly number[];
}

export class Groups {
  private readonly node: AggregateNode | DistinctNode;
  private readonly input: Schema;
  private readonly compile: Compile;
  private readonly keys: readonly Evaluate[];
  private readonly ids: KeyIds;
  private readonly groups: Group[] = [];
  private taken = 0;
  private begun = false;

  private constructor(node: AggregateNode | DistinctNode, input: Schema, compile: Compile) {
    this.node = node;
    this.input = input;
    this.compile = compile;
    this.keys =
      node.kind === 'aggregate'
        ? node.keys.map((key) => compile(key.value, input))
        : input.map((_, at) => (batch) => columnAt(batch, at));
    this.ids = new KeyIds(this.keys.length, 'equal');
  }

  /** null for a node that is no such one. */
  static of({ node }: CompiledNode, inputs: readonly Member[], compile: Compile): Groups | null {
    const [input] = inputs;
    if (input === undefined || (node.kind !== 'aggregate' && node.kind !== 'distinct')) return null;
    return new Groups(node, input.table.schema, compile);
  }

  /** Takes what is new and what died in the input since the last time. */
  update(member: Member, input: Member | undefined): void {
    if (input === undefined) return;
    const touched = this.take(input);
    this.addLosers(touched, input);
    if (!this.begun && this.keys.length === 0 && this.groups.length === 0) {
      this.groups.push({ rows: [], version: -1, members: [] });
      touched.add(0);
    }
    this.begun = true;
    const changed = [...touched].filter((id) => this.refresh(id, member, input));
    this.compute(changed, member, input);
  }

  private take(input: Member): Set<number> {
    const touched = new Set<number>();
    for (const { start, batch } of input.table.since(this.taken)) {
      const ids = this.ids.assign(
        this.keys.map((key) => key(batch)),
        batch.length,
      );
      ids.forEach((id, at) => {
        (this.groups[id] ??= { rows: [], version: -1, members: [] }).rows.push(start + at);
        touched.add(id);
      });
    }
    this.taken = input.table.length;
    return touched;
  }

  private addLosers(touched: Set<number>, input: Member): void {
    this.groups.forEach(({ members }, id) => {
      if (!touched.has(id) && members.some((row) => !isAlive(input, row))) touched.add(id);
    });
  }

  /** Whether the group's members changed; its old version ends then. */
  private refresh(id: number, member: Member, input: Member): boolean {
    const group = this.groups[id];
    if (group === undefined) return false;
    group.rows = group.rows.filter((row) => isAlive(input, row));
    const same = group.version >= 0 && group.rows.length === group.members.length;
    if (same && group.rows.every((row, at) => row === group.members[at])) return false;
    // S12: the repairs of an old version are gone with it.
    if (group.version >= 0) {
      if (member.origin === null) member.table.ended.set(group.version);
      else member.origin.deleteAll(group.version);
    }
    group.version = -1;
    group.members = [...group.rows];
    return group.members.length > 0 || this.keys.length === 0;
  }

  /** New versions of some groups, all in one go: fed group by group, they come out in that order. */
  private compute(changed: readonly number[], member: Member, input: Member): void {
    if (changed.length === 0) return;
    const ordered = changed.map((id) => (this.groups[id]?.members ?? []).toSorted((a, b) => compareRows(input, a, b)));
    const operator = crossRow(this.node, [this.input], this.compile);
    const answers = [...operator.take(0, input.table.batchOf(Int32Array.from(ordered.flat()))), ...operator.end(0)];
    let next = 0;
    for (const batch of answers) {
      const start = member.table.append({ ...batch, source: null });
      for (let at = 0; at < batch.length; at += 1, next += 1) {
        const row = start + at;
        member.table.parents.push(-1);
        member.table.members.set(row, Int32Array.from(ordered[next] ?? []));
        const group = this.groups[changed[next] ?? -1];
        if (group !== undefined) group.version = row;
      }
    }
  }
}

function columnAt(batch: Batch, at: number): ReturnType<Evaluate> {
  const vector = batch.vectors[at];
  if (vector === undefined) throw new RangeError(`the batch has no column ${at}`);
  return vector;
}
