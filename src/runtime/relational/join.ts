/**
 * Hash join. The right side is collected first; then each batch of the left becomes one batch of the answer, with the left's order and, within a left row, the right's.
 * Right rows that matched nothing (RIGHT, FULL) follow at the end. A null key matches nothing.
 */
import type { JoinNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Batch, Vector } from '../batch.ts';
import { takeRows } from '../taken-texts.ts';
import { gather } from '../vectors.ts';
import { rowsByGroup } from './by-group.ts';
import { Collected } from './cross-row.ts';
import type { Compile, CrossRow } from './cross-row.ts';
import { KeyIds } from './key-ids.ts';
import { pickRows } from './pick-rows.ts';

/** Rows of the left batch and of the right side that meet; −1 for the missing side. */
interface Pairs {
  readonly left: Int32Array;
  readonly right: Int32Array;
}

export interface Join extends CrossRow {
  /** About how much memory the keys of the right side hold, with the places of its rows. */
  readonly keyBytes: number;
}

/** Bytes of a right row beside its columns: its group, its place among the rows by group, whether it has met one. */
const ROW_BYTES = 12;

export function join(node: JoinNode, left: Schema, right: Schema, compile: Compile): Join {
  const leftKeys = node.keys.map((key) => compile(key.left, left));
  const rightKeys = node.keys.map((key) => compile(key.right, right));
  const residual = node.on === null ? null : compile(node.on, [...left, ...right]);
  const ids = new KeyIds(node.keys.length, 'never');
  const collected = new Collected(right);
  const givesUnmatched = node.type === 'right' || node.type === 'full';
  const groupsOfRows: Int32Array[] = [];
  const waiting: Batch[] = [];
  let build: BuildSide | null = null;
  let lastSequence = -1;
  let leftEnded = false;

  const answer = (side: BuildSide, batch: Batch): Batch => {
    lastSequence = batch.sequence;
    const candidates = side.candidates(
      ids.find(
        leftKeys.map((key) => key(batch)),
        batch.length,
      ),
    );
    const pairs = residual === null ? candidates : confirmed(candidates, batch, side, residual);
    if (givesUnmatched) side.mark(pairs.right);
    return joined(node, batch, side, pairs);
  };
  const rest = (side: BuildSide): readonly Batch[] => (givesUnmatched ? side.unmatched(left, lastSequence + 1) : []);

  return {
    get keyBytes() {
      return ids.bytes + collected.length * ROW_BYTES;
    },
    take(side, batch) {
      if (side === 1) {
        groupsOfRows.push(
          ids.assign(
            rightKeys.map((key) => key(batch)),
            batch.length,
          ),
        );
        collected.add(batch.vectors, batch.length);
        return [];
      }
      if (build !== null) return [answer(build, batch)];
      waiting.push(batch);
      return [];
    },
    end(side) {
      if (side === 0) {
        leftEnded = true;
        return build === null ? [] : rest(build);
      }
      const complete = new BuildSide(collected, groupsOfRows, ids.size);
      build = complete;
      const ready = waiting.splice(0).map((batch) => answer(complete, batch));
      return leftEnded ? [...ready, ...rest(complete)] : ready;
    },
  };
}

/** The right side, complete: its rows by key id. */
class BuildSide {
  readonly vectors: readonly Vector[];
  private readonly length: number;
  private readonly starts: Int32Array;
  private readonly rows: Int32Array;
  private readonly matched: Uint8Array;
  /** Whether no two rows have one key. */
  private readonly isUnique: boolean;

  constructor(collected: Collected, groups: readonly Int32Array[], size: number) {
    this.vectors = collected.vectors();
    this.length = collected.length;
    this.matched = new Uint8Array(this.length);
    const { starts, rows } = rowsByGroup(groups, size);
    this.starts = starts;
    this.rows = rows;
    this.isUnique = rows.length === size;
  }

  candidates(ids: Int32Array): Pairs {
    if (this.isUnique) return this.partners(ids);
    let count = 0;
    for (const id of ids) if (id >= 0) count += this.countOf(id);
    const left = new Int32Array(count);
    const right = new Int32Array(count);
    let at = 0;
    for (let row = 0; row < ids.length; row += 1) {
      const id = ids[row] ?? -1;
      if (id < 0) continue;
      const start = this.starts[id] ?? 0;
      for (let i = 0; i < this.countOf(id); i += 1, at += 1) {
        left[at] = row;
        right[at] = this.rows[start + i] ?? 0;
      }
    }
    return { left, right };
  }

  /** Every id is that of one row. */
  private partners(ids: Int32Array): Pairs {
    const { rows } = this;
    const left = new Int32Array(ids.length);
    const right = new Int32Array(ids.length);
    let count = 0;
    for (let row = 0; row < ids.length; row += 1) {
      const id = ids[row] ?? -1;
      if (id < 0) continue;
      left[count] = row;
      right[count] = rows[id] ?? 0;
      count += 1;
    }
    return count === ids.length ? { left, right } : { left: left.slice(0, count), right: right.slice(0, count) };
  }

  mark(rows: Int32Array): void {
    for (const row of rows) this.matched[row] = 1;
  }

  /** The right rows that no left row met, with nulls for the left's columns. They have no place of their own among other branches' rows: one batch, one ordinal. */
  unmatched(left: Schema, sequence: number): readonly Batch[] {
    const rows = Int32Array.from({ length: this.length }, (_, row) => row).filter((row) => this.matched[row] === 0);
    const none = new Int32Array(rows.length).fill(-1);
    const missing = new Collected(left).vectors().map((vector) => gather(vector, none));
    const present = this.vectors.map((vector) => gather(vector, rows));
    return [
      {
        length: rows.length,
        vectors: [...missing, ...present],
        sequence,
        ordinals: new Int32Array(rows.length),
        source: null,
      },
    ];
  }

  private countOf(id: number): number {
    return (this.starts[id + 1] ?? 0) - (this.starts[id] ?? 0);
  }
}

/** The candidate pairs for which the rest of the condition holds. */
function confirmed(pairs: Pairs, batch: Batch, side: BuildSide, residual: (batch: Batch) => Vector): Pairs {
  const holds = residual({
    length: pairs.left.length,
    vectors: [
      ...batch.vectors.map((vector) => gather(vector, pairs.left)),
      ...side.vectors.map((vector) => gather(vector, pairs.right)),
    ],
    sequence: batch.sequence,
    ordinals: null,
    source: null,
  });
  const keeps = (_: number, at: number): boolean =>
    holds.kind === 'bool' && holds.values[at] === 1 && holds.nulls?.[at] !== 1;
  return { left: pairs.left.filter(keeps), right: pairs.right.filter(keeps) };
}

function joined(node: JoinNode, batch: Batch, side: BuildSide, pairs: Pairs): Batch {
  switch (node.type) {
    case 'semi':
    case 'anti': {
      const met = new Uint8Array(batch.length);
      for (const row of pairs.left) met[row] = 1;
      const wanted = node.type === 'semi' ? 1 : 0;
      return pickRows(
        batch,
        Int32Array.from({ length: batch.length }, (_, row) => row).filter((row) => met[row] === wanted),
      );
    }
    case 'left':
    case 'full':
      return paired(batch, side, withUnmatchedLeft(pairs, batch.length), gather);
    case 'inner':
    case 'right':
    case 'cross':
      return paired(batch, side, pairs, takeRows);
  }
}

/** Adds (row, −1) for each left row without a partner, at its place. */
function withUnmatchedLeft(pairs: Pairs, length: number): Pairs {
  const left: number[] = [];
  const right: number[] = [];
  let at = 0;
  for (let row = 0; row < length; row += 1) {
    if (pairs.left[at] !== row) {
      left.push(row);
      right.push(-1);
    }
    for (; pairs.left[at] === row; at += 1) {
      left.push(row);
      right.push(pairs.right[at] ?? -1);
    }
  }
  return { left: Int32Array.from(left), right: Int32Array.from(right) };
}

function paired(batch: Batch, side: BuildSide, pairs: Pairs, take: typeof gather): Batch {
  const { ordinals } = batch;
  const once = isEachOnce(pairs.left, batch.length);
  return {
    ...batch,
    length: pairs.left.length,
    vectors: [
      ...(once ? batch.vectors : batch.vectors.map((vector) => gather(vector, pairs.left))),
      ...side.vectors.map((vector) => take(vector, pairs.right)),
    ],
    ordinals: ordinals === null ? pairs.left : Int32Array.from(pairs.left, (row) => ordinals[row] ?? 0),
  };
}

/** Whether every left row met exactly one right row, as it is where the right side's key is unique and nothing is missing: the left columns then stay as they are. */
function isEachOnce(rows: Int32Array, length: number): boolean {
  if (rows.length !== length) return false;
  for (let at = 0; at < length; at += 1) if (rows[at] !== at) return false;
  return true;
}
