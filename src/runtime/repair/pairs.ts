/**
 * A join inside a region (a side from outside is complete before it begins): pairs of live rows with equal keys, made once each. A null key matches nothing. Where
 * the right side comes from outside, a left row has all of its partners when it comes, so LEFT, SEMI and ANTI are decided for each row alone.
 */
import type { JoinNode } from '../../planner/graph.ts';
import { sideSchema } from '../../planner/sides.ts';
import { nullable } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import { isNullAt, vectorOf } from '../vectors.ts';
import type { CompiledNode } from './compiled.ts';
import { isAlive } from './members.ts';
import type { Member } from './members.ts';

interface Side {
  readonly keys: readonly Evaluate[];
  /** Rows by key id. */
  readonly rows: number[][];
  taken: number;
}

export class JoinPairs {
  private readonly ids: KeyIds;
  private readonly left: Side;
  private readonly right: Side;
  private readonly residual: Evaluate | null;
  private readonly type: JoinNode['type'];

  private constructor(node: JoinNode, left: Member, right: Member, compile: Compile) {
    const leftSchema = sideSchema(left.table.schema, node.leftAlias);
    const rightSchema = sideSchema(right.table.schema, node.rightAlias);
    this.type = node.type;
    this.ids = new KeyIds(node.keys.length, 'never');
    this.left = { keys: node.keys.map((key) => compile(key.left, leftSchema)), rows: [], taken: 0 };
    this.right = { keys: node.keys.map((key) => compile(key.right, rightSchema)), rows: [], taken: 0 };
    this.residual = node.on === null ? null : compile(node.on, [...leftSchema, ...rightSchema]);
  }

  /** null for anything but a join of two members. */
  static of({ node }: CompiledNode, inputs: readonly Member[], compile: Compile): JoinPairs | null {
    const [left, right] = inputs;
    if (node.kind !== 'join' || left === undefined || right === undefined) return null;
    return new JoinPairs(node, left, right, compile);
  }

  /** New left rows meet all right rows, old left rows the new right ones. */
  update(member: Member & { readonly inputs: readonly Member[] }): void {
    const [left, right] = member.inputs;
    if (left === undefined || right === undefined) return;
    const from = this.left.taken;
    const newRight = this.take(this.right, right);
    const pairs: Pair[] = [];
    for (const [row, id] of newRight) for (const other of this.left.rows[id] ?? []) pairs.push([other, row]);
    for (const [row, id] of this.take(this.left, left))
      for (const other of this.right.rows[id] ?? []) pairs.push([row, other]);
    const live = pairs.filter(([a, b]) => isAlive(left, a) && isAlive(right, b));
    const matching = this.matching(left, right, live);
    if (this.type === 'inner' || this.type === 'cross') return this.add(member, left, right, matching);
    const matched = new Set(matching.map(([row]) => row));
    const fresh = Array.from({ length: left.table.length - from }, (_, at) => from + at);
    const alone = fresh.filter((row) => isAlive(left, row) && matched.has(row) === (this.type === 'semi'));
    if (this.type === 'left') this.add(member, left, right, matching);
    this.add(
      member,
      left,
      this.type === 'left' ? right : null,
      alone.map((row) => [row, -1]),
    );
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

  /** The pairs on which the rest of ON holds. */
  private matching(left: Member, right: Member, pairs: readonly Pair[]): readonly Pair[] {
    if (this.residual === null || pairs.length === 0) return pairs;
    const holds = this.residual(pairBatch(left, right, pairs));
    return pairs.filter((_, at) => holds.kind === 'bool' && holds.values[at] === 1 && !isNullAt(holds, at));
  }

  /** `right` is null where its columns are not wanted. */
  private add({ table }: Member, left: Member, right: Member | null, pairs: readonly Pair[]): void {
    if (pairs.length === 0) return;
    table.append(pairBatch(left, right, pairs));
    table.parents.pushAll(Int32Array.from(pairs, ([row]) => row));
    table.partners.pushAll(Int32Array.from(pairs, ([, row]) => row));
  }
}

/** Partner −1 is none. */
type Pair = readonly [row: number, partner: number];

function pairBatch(left: Member, right: Member | null, pairs: readonly Pair[]): Batch {
  const rows = Int32Array.from(pairs, ([row]) => row);
  const partners = Int32Array.from(pairs, ([, row]) => row);
  return {
    length: pairs.length,
    vectors: [...left.table.gather(rows), ...(right === null ? [] : partnerVectors(right, partners))],
    sequence: 0,
    ordinals: null,
    source: null,
  };
}

function partnerVectors({ table }: Member, rows: Int32Array): readonly Vector[] {
  if (rows.every((row) => row >= 0)) return table.gather(rows);
  return table.schema.map(({ type }, column) =>
    vectorOf(
      nullable(type),
      Array.from(rows, (row) => (row < 0 ? null : table.value(row, column))),
    ),
  );
}
