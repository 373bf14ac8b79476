/** A join inside a region (a side from outside is complete before it begins): pairs of live rows with equal keys, made once each. A null key matches nothing. */
import type { JoinNode } from '../../planner/graph.ts';
import { sideSchema } from '../../planner/sides.ts';
import type { Batch } from '../batch.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import { isNullAt } from '../vectors.ts';
import type { CompiledNode } from './compiled.ts';
import { isAlive } from './members.ts';
import type { Member } from './members.ts';

interface Side {
  readonly keys: readonly Evaluate[];
  /** Rows by key id. */
  readonly rows: number[][];
  taken: number;
}

export class InnerPairs {
  private readonly ids: KeyIds;
  private readonly left: Side;
  private readonly right: Side;
  private readonly residual: Evaluate | null;

  private constructor(node: JoinNode, left: Member, right: Member, compile: Compile) {
    const leftSchema = sideSchema(left.table.schema, node.leftAlias);
    const rightSchema = sideSchema(right.table.schema, node.rightAlias);
    this.ids = new KeyIds(node.keys.length, 'never');
    this.left = { keys: node.keys.map((key) => compile(key.left, leftSchema)), rows: [], taken: 0 };
    this.right = { keys: node.keys.map((key) => compile(key.right, rightSchema)), rows: [], taken: 0 };
    this.residual = node.on === null ? null : compile(node.on, [...leftSchema, ...rightSchema]);
  }

  /** null for anything but an inner or cross join of two members. */
  static of({ node }: CompiledNode, inputs: readonly Member[], compile: Compile): InnerPairs | null {
    const [left, right] = inputs;
    if (node.kind !== 'join' || left === undefined || right === undefined) return null;
    return new InnerPairs(node, left, right, compile);
  }

  /** New left rows meet all right rows, old left rows the new right ones. */
  update(member: Member & { readonly inputs: readonly Member[] }): void {
    const [left, right] = member.inputs;
    if (left === undefined || right === undefined) return;
    const newRight = this.take(this.right, right);
    const pairs: (readonly [number, number])[] = [];
    for (const [row, id] of newRight) for (const other of this.left.rows[id] ?? []) pairs.push([other, row]);
    for (const [row, id] of this.take(this.left, left))
      for (const other of this.right.rows[id] ?? []) pairs.push([row, other]);
    const live = pairs.filter(([a, b]) => isAlive(left, a) && isAlive(right, b));
    if (live.length > 0) this.add(member, left, right, live);
  }

  private take(side: Side, input: Member): readonly (readonly [row: number, id: number])[] {
    const fresh: (readonly [number, number])[] = [];
    for (const { start, batch } of input.table.since(side.taken)) {
      const ids = this.ids.assign(
        side.keys.map((key) => key(batch)),
        batch.length,
      );
      ids.forEach((id, at) => {
        if (id < 0) return;
        (side.rows[id] ??= []).push(start + at);
        fresh.push([start + at, id]);
      });
    }
    side.taken = input.table.length;
    return fresh;
  }

  private add(member: Member, left: Member, right: Member, pairs: readonly (readonly [number, number])[]): void {
    const leftRows = Int32Array.from(pairs, ([row]) => row);
    const rightRows = Int32Array.from(pairs, ([, row]) => row);
    const batch: Batch = {
      length: pairs.length,
      vectors: [...left.table.gather(leftRows), ...right.table.gather(rightRows)],
      sequence: 0,
      ordinals: null,
      source: null,
    };
    const start = member.table.append(batch);
    member.table.parents.pushAll(leftRows);
    member.table.partners.pushAll(rightRows);
    const holds = this.residual?.(batch);
    if (holds === undefined) return;
    for (let at = 0; at < pairs.length; at += 1) {
      const kept = holds.kind === 'bool' && holds.values[at] === 1 && !isNullAt(holds, at);
      if (!kept) member.table.ended.set(start + at);
    }
  }
}
