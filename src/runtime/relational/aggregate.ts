/** GROUP BY: folds rows as they come; groups stand in order of first appearance. */
import type { AggregateNode } from '../../planner/graph.ts';
import type { Schema, TypedAggregate } from '../../typecheck/typed.ts';
import { LONG } from '../../typecheck/types.ts';
import type { Type } from '../../typecheck/types.ts';
import type { Batch, Vector } from '../batch.ts';
import { copyRows } from '../spill/collect.ts';
import { weightOfColumns } from '../spill/weight.ts';
import { isNullAt } from '../vectors.ts';
import { accumulator } from './aggregates/index.ts';
import type { Accumulator, AccumulatorState } from './aggregates/index.ts';
import { batchesOf, Collected } from './cross-row.ts';
import type { Compile, CrossRow, Evaluate } from './cross-row.ts';
import { KeyIds } from './key-ids.ts';

/** The values that groups have had, of an aggregate over DISTINCT values. */
export interface Seen {
  /** About how much memory it holds. */
  readonly bytes: number;
  /** The rows with a value that their group has not had yet, as far as that is known. */
  newRows(groups: Vector, values: Vector, length: number): Int32Array;
}

/** One aggregate. */
export interface Folded {
  readonly seen: Seen | null;
  readonly into: Accumulator;
}

/** With what it takes from a batch. */
interface Fold extends Folded {
  readonly argument: Evaluate | null;
}

export interface Aggregation extends CrossRow {
  /** About how much memory it holds. */
  readonly bytes: number;
  /** The rows' groups; −1 where it has no such group yet. */
  find(batch: Batch): Int32Array;
  /** Its aggregates, in order. */
  readonly folds: readonly Folded[];
  /** What it has of the rows taken so far, for another one that goes on with it. Only where no aggregate is over DISTINCT values. */
  part(): GroupsPart;
  /** Goes on with the groups of rows that come behind all that were taken. */
  merge(part: GroupsPart): boolean;
}

/** Groups of some consecutive rows, as plain data. */
export interface GroupsPart {
  readonly rows: number;
  readonly groups: number;
  /** The keys of each group, in order of first appearance. */
  readonly keys: readonly Vector[];
  /** One for each aggregate. */
  readonly states: readonly AccumulatorState[];
}

/** `seenFor` makes what remembers the values of an aggregate over DISTINCT values of a type. */
export function aggregate(
  node: AggregateNode,
  input: Schema,
  compile: Compile,
  seenFor: (type: Type) => Seen = seenInMemory,
): Aggregation {
  const keys = node.keys.map((key) => compile(key.value, input));
  const ids = new KeyIds(keys.length, 'equal', true);
  const groupKeys = new Collected(node.schema.slice(0, keys.length));
  const folds = node.aggregates.map(({ value }) => fold(value, input, compile, seenFor));
  let keyBytes = 0;
  let rows = 0;
  const groupsOf = (keyVectors: readonly Vector[], length: number): Int32Array => {
    const known = ids.size;
    const groups = ids.assign(keyVectors, length);
    rows += length;
    if (ids.size === known) return groups;
    const fresh = firstRows(groups, known, ids.size);
    const copied = copyRows(keyVectors, fresh);
    groupKeys.add(copied.vectors, fresh.length);
    keyBytes += weightOfColumns(copied.vectors);
    return groups;
  };
  return {
    folds,
    get bytes() {
      return folds.reduce((sum, { seen, into }) => sum + (seen?.bytes ?? 0) + into.bytes, ids.bytes + keyBytes);
    },
    find: (batch) =>
      ids.find(
        keys.map((key) => key(batch)),
        batch.length,
      ),
    take(_side, batch) {
      const groups = groupsOf(
        keys.map((key) => key(batch)),
        batch.length,
      );
      for (const one of folds) addTo(one, batch, groups);
      return [];
    },
    part: () => ({
      rows,
      groups: ids.size,
      keys: groupKeys.vectors(),
      states: folds.map(({ into }) => into.state(ids.size)),
    }),
    merge(part) {
      const groups = groupsOf(part.keys, part.groups);
      rows += part.rows - part.groups;
      folds.forEach(({ into }, at) => {
        const state = part.states[at];
        if (state === undefined) throw new RangeError(`aggregate ${at} has no state`);
        into.merge(groups, state);
      });
      return true;
    },
    end() {
      // Without GROUP BY an empty input still has its one group.
      const groups = keys.length === 0 ? 1 : ids.size;
      return batchesOf([...groupKeys.vectors(), ...folds.map((one) => one.into.result(groups))], groups);
    },
  };
}

/** The first row of each group that this batch brought. */
function firstRows(groups: Int32Array, known: number, size: number): Int32Array {
  const rows = new Int32Array(size - known);
  let next = known;
  for (let row = 0; row < groups.length && next < size; row += 1) {
    if (groups[row] !== next) continue;
    rows[next - known] = row;
    next += 1;
  }
  return rows;
}

function fold(value: TypedAggregate, input: Schema, compile: Compile, seenFor: (type: Type) => Seen): Fold {
  return {
    argument: value.arg === null ? null : compile(value.arg, input),
    seen: value.distinct ? seenFor(value.arg?.type ?? LONG) : null,
    into: accumulator(value.fn, value.arg?.type ?? LONG, value.type),
  };
}

function addTo({ argument, seen, into }: Fold, batch: Batch, groups: Int32Array): void {
  const groupVector: Vector = { kind: 'int', values: groups, nulls: null };
  if (argument === null) {
    into.add(groups, groupVector, allRows(batch.length));
    return;
  }
  const values = argument(batch);
  const rows = seen === null ? rowsWithValue(values, batch.length) : seen.newRows(groupVector, values, batch.length);
  const ofRows = rows.length === batch.length ? groups : Int32Array.from(rows, (row) => groups[row] ?? 0);
  into.add(ofRows, values, rows);
}

let counted = new Int32Array(0);

/** 0, 1, 2 …: shared, not to be written. */
function allRows(length: number): Int32Array {
  if (counted.length < length) {
    counted = new Int32Array(length);
    for (let row = 0; row < length; row += 1) counted[row] = row;
  }
  return counted.subarray(0, length);
}

function rowsWithValue(values: Vector, length: number): Int32Array {
  if ('nulls' in values && values.nulls === null) return allRows(length);
  const rows = new Int32Array(length);
  let count = 0;
  for (let row = 0; row < length; row += 1) {
    if (isNullAt(values, row)) continue;
    rows[count] = row;
    count += 1;
  }
  return count === length ? rows : rows.slice(0, count);
}

function seenInMemory(): Seen {
  const ids = new KeyIds(2, 'equal');
  return {
    get bytes() {
      return ids.bytes;
    },
    newRows(groups, values, length) {
      const known = ids.size;
      const assigned = ids.assign([groups, values], length);
      return firstRows(assigned, known, ids.size).filter((row) => !isNullAt(values, row));
    },
  };
}
