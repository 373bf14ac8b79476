/**
 * Window functions over more rows than fit: rows are cut into parts by the hash of PARTITION BY, each part is answered in memory, and the parts are merged by the rows'
 * positions. Windows with other partitions take another round over the rows.
 */
import { exprKey } from '../../../planner/expressions/key.ts';
import type { WindowNode } from '../../../planner/graph.ts';
import type { Column, Schema, TypedExpr } from '../../../typecheck/typed.ts';
import { LONG } from '../../../typecheck/types.ts';
import type { Type } from '../../../typecheck/types.ts';
import type { Batch, Vector } from '../../batch.ts';
import type { Columns } from '../../packed/columns.ts';
import { groupTooLarge } from '../../spill/faults.ts';
import { hashKeys } from '../../spill/hash.ts';
import { byNumber, merged } from '../../spill/merge.ts';
import { Partitions } from '../../spill/partitions.ts';
import type { Room } from '../../spill/room.ts';
import type { Run, RunWriter } from '../../spill/spool.ts';
import { Weight } from '../../spill/weight.ts';
import { valueAt } from '../../vectors.ts';
import type { Compile, Evaluate } from '../cross-row.ts';
import { window } from '../window.ts';
import { batchOf, MOST_LEVELS, renumbered, upTo } from './operator.ts';
import type { Spilling } from './operator.ts';

/** Answering holds the rows, all of them as one, arguments, keys and answers. */
const WHILE_ANSWERING = 3;

export function externalWindow(node: WindowNode, input: Schema, compile: Compile, room: Room): Spilling {
  const weight = new Weight();
  let inner = window(node, input, compile);
  let batches: Batch[] = [];
  let rounds: Rounds | null = null;
  return {
    take(_side, batch) {
      if (rounds !== null) {
        rounds.add(batch);
        return [];
      }
      inner.take(0, batch);
      batches.push(batch);
      weight.add(batch.vectors);
      if (!room.claim.set(weight.bytes * WHILE_ANSWERING)) return [];
      rounds = new Rounds(node, input, compile, room);
      for (const each of batches) rounds.add(each);
      batches = [];
      weight.clear();
      inner = window(node, input, compile);
      room.claim.set(0);
      return [];
    },
    end() {
      batches = [];
      return rounds === null ? inner.end(0) : rounds.answer();
    },
  };
}

/** Windows with the same partitions. */
interface Round {
  readonly node: WindowNode;
  readonly partitionBy: readonly TypedExpr[];
  readonly keys: readonly Evaluate[];
  /** What goes in: the node's input, positions, and what rounds before added. */
  readonly schema: Schema;
}

class Rounds {
  private readonly node: WindowNode;
  private readonly input: Schema;
  private readonly compile: Compile;
  private readonly room: Room;
  private readonly rounds: readonly Round[];
  private readonly first: Partitions;
  private position = 0;

  constructor(node: WindowNode, input: Schema, compile: Compile, room: Room) {
    this.node = node;
    this.input = input;
    this.compile = compile;
    this.room = room;
    this.rounds = roundsOf(node, input, compile);
    this.first = new Partitions([...input.map(({ type }) => type), LONG], 0, room);
  }

  add(batch: Batch): void {
    const [round] = this.rounds;
    const start = this.position;
    this.position += batch.length;
    const values = Float64Array.from({ length: batch.length }, (_, row) => start + row);
    const vectors: readonly Vector[] = [...batch.vectors, { kind: 'number', values, nulls: null }];
    this.first.add({ vectors, length: batch.length }, hashesOf(round?.keys ?? [], batch));
  }

  answer(): AsyncIterable<Batch> {
    const names = this.rounds.flatMap(({ node }) => node.windows.map(({ name }) => name));
    const added = this.node.windows.map(({ name }) => this.input.length + 1 + names.indexOf(name));
    return renumbered(this.answered(), [...upTo(this.input.length), ...added], 0);
  }

  private async *answered(): AsyncGenerator<Columns> {
    const { room, rounds } = this;
    let parts = this.first;
    for (const [at, round] of rounds.entries()) {
      const types = [...round.schema, ...round.node.windows.map(({ value }) => value)].map(({ type }) => type);
      const results = room.spool();
      const runs: Run[] = [];
      await this.settle(round, parts, 0, () => room.writer(types, results), runs);
      const inOrder = merged(runs, byNumber(this.input.length), room);
      const next = rounds[at + 1];
      if (next === undefined) yield* inOrder;
      else {
        parts = new Partitions(types, 0, room);
        for await (const columns of inOrder) parts.add(columns, hashesOf(next.keys, batchOf(columns)));
      }
      results.close();
    }
    room.claim.set(0);
  }

  private async settle(
    round: Round,
    parts: Partitions,
    level: number,
    writer: () => RunWriter,
    runs: Run[],
  ): Promise<void> {
    const { room } = this;
    for (const part of parts.finish()) {
      if (part.rows === 0) continue;
      const need = part.bytes * WHILE_ANSWERING;
      if (need > room.claim.share && level < MOST_LEVELS && round.keys.length > 0) {
        const smaller = new Partitions(
          round.schema.map(({ type }) => type),
          level + 1,
          room,
        );
        for (const columns of part.read()) {
          smaller.add(columns, hashesOf(round.keys, batchOf(columns)));
          await room.breathe();
        }
        await this.settle(round, smaller, level + 1, writer, runs);
        continue;
      }
      if (need > room.claim.budget) throw tooLarge(round, part, need, room.claim.budget);
      room.claim.set(need);
      const kernel = window(round.node, round.schema, this.compile);
      for (const columns of part.read()) kernel.take(0, batchOf(columns));
      const out = writer();
      for (const batch of kernel.end(0)) out.add(batch);
      runs.push(out.finish());
      await room.breathe();
    }
    parts.close();
  }
}

function roundsOf(node: WindowNode, input: Schema, compile: Compile): readonly Round[] {
  const byKeys = new Map<string, WindowNode['windows'][number][]>();
  for (const one of node.windows) {
    const key = one.value.partitionBy.map(exprKey).join(',');
    byKeys.set(key, [...(byKeys.get(key) ?? []), one]);
  }
  let schema: Schema = [...input, column('#position', LONG)];
  return [...byKeys.values()].map((windows) => {
    const given = schema;
    const partitionBy = windows[0]?.value.partitionBy ?? [];
    schema = [...given, ...windows.map(({ name, value }) => column(`#${name}`, value.type))];
    return {
      node: { ...node, windows },
      partitionBy,
      keys: partitionBy.map((key) => compile(key, given)),
      schema: given,
    };
  });
}

function column(name: string, type: Type): Column {
  return { qualifier: null, name, type, origins: [] };
}

function hashesOf(keys: readonly Evaluate[], batch: Batch): Int32Array {
  return hashKeys(
    keys.map((key) => key(batch)),
    batch.length,
  );
}

function tooLarge({ keys }: Round, part: Run, bytes: number, budget: number): Error {
  const [block] = part.blocks;
  if (keys.length === 0 || block === undefined)
    return groupTooLarge('of all rows (OVER without PARTITION BY)', bytes, budget);
  const first = batchOf(part.spool.read(block));
  return groupTooLarge(keys.map((key) => JSON.stringify(valueAt(key(first), 0))).join(', '), bytes, budget);
}
