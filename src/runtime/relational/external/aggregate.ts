/**
 * GROUP BY of more groups than fit. The groups that came first stay in memory and go on taking their rows; rows of groups that come later are cut into parts on disk
 * and grouped part by part (hybrid hashing: G. Graefe, Query Evaluation Techniques for Large Databases, ACM Computing Surveys 25(2), 1993, section 4.3). So no
 * accumulator is ever written, and what stays in memory is also first in the answer's order; the groups of the parts are merged by their first rows.
 */
import type { AggregateNode } from '../../../planner/graph.ts';
import type { Column, Schema, TypedExpr } from '../../../typecheck/typed.ts';
import { LONG } from '../../../typecheck/types.ts';
import type { Type, Value } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { hashKeys } from '../../spill/hash.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run } from '../../spill/spool.ts';
import { valueAt } from '../../vectors.ts';
import { aggregate } from '../aggregate.ts';
import type { Aggregation, GroupsPart } from '../aggregate.ts';
import { List } from '../aggregates/index.ts';
import type { Compile } from '../cross-row.ts';
import { pickRows } from '../pick-rows.ts';
import { ListsOnDisk } from './lists.ts';
import { SpillingSeen } from './seen.ts';
import { batchOf, MOST_LEVELS, renumbered, upTo } from './operator.ts';
import type { Spilling } from './operator.ts';

/** Answering holds the results beside the accumulators. */
const WHILE_ANSWERING = 1.5;

export function externalAggregate(node: AggregateNode, input: Schema, compile: Compile, room: Room): Spilling {
  const narrow = narrowed(node, input, compile);
  const grouping = new Grouping(narrow, narrow.node, compile, room, 0);
  let position = 0;
  return {
    take(_side, batch) {
      const from = position;
      position += batch.length;
      grouping.take(narrow.evaluate(batch), () => positionsFrom(from, batch.length));
      return [];
    },
    merge(part) {
      position += part.rows;
      return grouping.merge(part);
    },
    end() {
      const whole = grouping.whole();
      return whole ?? drained(grouping, narrow, compile, room);
    },
  };
}

async function* drained(first: Grouping, narrow: Narrow, compile: Compile, room: Room): AsyncGenerator<Batch> {
  let sequence = 0;
  for await (const batch of first.answer()) {
    yield batch;
    sequence += 1;
  }
  if (first.overflow === null) return;
  const types = narrow.node.schema.map(({ type }) => type);
  const results = room.spool();
  const runs: Run[] = [];
  const settle = async (parts: Partitions, level: number): Promise<void> => {
    for (const part of parts.finish()) {
      if (part.rows === 0) continue;
      const grouping = new Grouping(narrow, withFirst(narrow.node), compile, room, level);
      for (const columns of part.read()) {
        grouping.take(batchOf(columns), () => lastOf(columns));
        await room.breathe();
      }
      const writer = room.writer([...types, LONG], results);
      for await (const batch of grouping.answer()) writer.add(batch);
      runs.push(writer.finish());
      if (grouping.overflow !== null) await settle(grouping.overflow, level + 1);
    }
    parts.close();
  };
  await settle(first.overflow, 1);
  yield* renumbered(merged(runs, byNumber(types.length), room), upTo(types.length), sequence);
  results.close();
}

/** Groups as far as they fit; rows of the others are in `overflow`. */
class Grouping {
  overflow: Partitions | null = null;
  private inner: Aggregation;
  private readonly narrow: Narrow;
  private readonly room: Room;
  private readonly level: number;
  private readonly seen: SpillingSeen[] = [];
  private readonly lists: readonly (ListsOnDisk | null)[];

  constructor(narrow: Narrow, node: AggregateNode, compile: Compile, room: Room, level: number) {
    this.narrow = narrow;
    this.inner = aggregate(node, [...narrow.schema, POSITION], compile, (type) => {
      // What an aggregate holds beside its distinct values is small, or a list that is written when it is large.
      const seen: SpillingSeen = new SpillingSeen(type, room, () => this.inner.bytes - seen.bytes);
      this.seen.push(seen);
      return seen;
    });
    this.lists = this.inner.folds.map(({ into }, at) =>
      into instanceof List ? new ListsOnDisk(into, node.aggregates[at]?.value.arg?.type ?? LONG, room) : null,
    );
    this.room = room;
    this.level = level;
  }

  /** `positions`: where the rows stood among all, asked for only where rows go to disk. */
  take(batch: Batch, positions: () => Vector): void {
    if (batch.length === 0) return;
    const { inner, narrow } = this;
    const keys = batch.vectors.slice(0, narrow.node.keys.length);
    if (this.overflow === null) {
      inner.take(0, batch);
      this.overflowIf(this.isOver());
      return;
    }
    const known = inner.find(batch);
    const rows = Int32Array.from(known.keys()).filter((row) => (known[row] ?? -1) >= 0);
    if (rows.length > 0) {
      inner.take(0, pickRows(batch, rows));
      this.isOver();
    }
    if (rows.length === batch.length) return;
    const vectors = [...batch.vectors.slice(0, narrow.types.length), positions()];
    this.overflow.add({ vectors, length: batch.length }, hashKeys(keys, batch.length), known);
  }

  /** Groups of the next rows, while all groups fit; false where they do no longer. */
  merge(part: GroupsPart): boolean {
    if (this.overflow !== null) throw new RangeError('groups are merged only while all of them are in memory');
    this.inner.merge(part);
    this.overflowIf(this.isOver());
    return this.overflow === null;
  }

  private overflowIf(over: boolean): void {
    const { keys } = this.narrow.node;
    if (over && keys.length > 0 && this.level < MOST_LEVELS)
      this.overflow = new Partitions([...this.narrow.types, LONG], this.level, this.room);
  }

  /** The answer where nothing went to disk; null where something did. */
  whole(): readonly Batch[] | null {
    const isWhole = this.overflow === null && this.lists.every((list) => list?.isEmpty !== false);
    return isWhole && this.seen.every(({ isWhole: all }) => all) ? this.inner.end(0) : null;
  }

  /** The groups that fitted, in order of first appearance; what held them is free then. */
  async *answer(): AsyncGenerator<Batch> {
    const { inner, seen, lists, narrow, room } = this;
    let at = 0;
    for (const fold of inner.folds) {
      if (fold.seen === null) continue;
      await seen[at]?.settle(fold.into, () => this.isOver());
      at += 1;
    }
    for (const list of lists) if (list?.isEmpty === false) list.spill();
    const batches = inner.end(0);
    this.inner = aggregate(narrow.node, narrow.schema, () => none);
    room.claim.set(0);
    const keys = narrow.node.keys.length;
    let current = 0;
    let start = 0;
    const nameOf = (group: number): string =>
      groupText(narrow.node, batches[current]?.vectors.slice(0, keys) ?? [], group - start);
    const readers = lists.map((list) => (list?.isEmpty === false ? list.reader(nameOf) : null));
    for (const batch of batches) {
      const vectors = [...batch.vectors];
      for (const [column, reader] of readers.entries()) {
        if (reader === null) continue;
        const values: Value[] = [];
        for (let row = 0; row < batch.length; row += 1) values.push(await reader(start + row));
        vectors[keys + column] = { kind: 'object', values };
      }
      yield { ...batch, vectors };
      start += batch.length;
      current += 1;
    }
  }

  /** Says what it holds; lists that are too large go to disk at once. */
  private isOver(): boolean {
    const { room, inner, lists } = this;
    if (!room.claim.set(inner.bytes * WHILE_ANSWERING)) return false;
    const large = lists.filter((list) => list !== null && list.bytes * 8 > room.claim.share);
    if (large.length === 0) return true;
    for (const list of large) list?.spill();
    return room.claim.set(inner.bytes * WHILE_ANSWERING);
  }
}

/** The keys of a group as messages show them. */
function groupText({ keys }: AggregateNode, vectors: readonly Vector[], row: number): string {
  if (keys.length === 0) return 'of all rows';
  return keys
    .map(({ name }, at) => `${name} = ${JSON.stringify(vectors[at] === undefined ? null : valueAt(vectors[at], row))}`)
    .join(', ');
}

function none(): never {
  throw new TypeError('the groups have been answered');
}

// ── What is grouped ─────────────────────────────────────────────────────────────────────────────────────────────────

/** The aggregation over columns of its own: the keys, then the arguments. Only they are written, and an expression fails on the batch that it fails on in memory. */
interface Narrow {
  readonly node: AggregateNode;
  readonly schema: Schema;
  readonly types: readonly Type[];
  readonly evaluate: (batch: Batch) => Batch;
}

const POSITION: Column = { qualifier: null, name: '#position', type: LONG, origins: [] };

function narrowed(node: AggregateNode, input: Schema, compile: Compile): Narrow {
  const values: TypedExpr[] = [];
  const columnFor = (value: TypedExpr): TypedExpr => {
    values.push(value);
    return { kind: 'column', qualifier: null, name: `#${values.length - 1}`, type: value.type, span: value.span };
  };
  const keys = node.keys.map((key) => ({ ...key, value: columnFor(key.value) }));
  const aggregates = node.aggregates.map((one) => {
    const { arg } = one.value;
    return arg === null ? one : { ...one, value: { ...one.value, arg: columnFor(arg) } };
  });
  const evaluates = values.map((value) => compile(value, input));
  const schema = values.map(({ type }, at): Column => ({ qualifier: null, name: `#${at}`, type, origins: [] }));
  return {
    node: { ...node, keys, aggregates },
    schema,
    types: values.map(({ type }) => type),
    evaluate: (batch) => ({ ...batch, vectors: evaluates.map((evaluate) => evaluate(batch)) }),
  };
}

/** With the position of each group's first row behind the answer's columns. */
function withFirst(node: AggregateNode): AggregateNode {
  const { span } = node;
  const arg: TypedExpr = { kind: 'column', qualifier: null, name: POSITION.name, type: LONG, span };
  const first = { kind: 'aggregate', fn: 'MIN', distinct: false, arg, type: LONG, span } as const;
  return {
    ...node,
    schema: [...node.schema, POSITION],
    aggregates: [...node.aggregates, { name: POSITION.name, value: first }],
  };
}

function positionsFrom(start: number, length: number): Vector {
  return { kind: 'number', values: Float64Array.from({ length }, (_, row) => start + row), nulls: null };
}

function lastOf({ vectors }: Columns): Vector {
  const last = vectors.at(-1);
  if (last === undefined) throw new RangeError('rows on disk have no position');
  return last;
}
