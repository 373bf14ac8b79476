/**
 * Window functions inside a region. A row is made from its own row (S2); of the others in its partition only the values show. So when its level has its turn the partitions
 * that gained or lost a row are computed again, and a row is a new version where its own row changed or one of its values did, and only there.
 */
import { cannotFail } from '../../planner/expressions/failing.ts';
import type { WindowNode } from '../../planner/graph.ts';
import type { Schema } from '../../typecheck/typed.ts';
import type { Value } from '../../typecheck/types.ts';
import { operandsOf } from '../../typecheck/visit.ts';
import type { Batch, Vector } from '../batch.ts';
import type { Compile, Evaluate } from '../relational/index.ts';
import { KeyIds } from '../relational/key-ids.ts';
import { windowColumn } from '../relational/window.ts';
import { valueAt, vectorOf } from '../vectors.ts';
import type { RunError } from '../errors.ts';
import type { RowError } from '../row-error.ts';
import { dataError, evaluated, failedEnding } from './failed.ts';
import { hiddenVectors } from './hidden.ts';
import type { HiddenColumn } from './lineage.ts';
import type { Member } from './members.ts';
import type { RegionRun, Running } from './run.ts';
import { inOrder } from './sorted-rows.ts';
import { Standing } from './versions.ts';

type Window = WindowNode['windows'][number]['value'];

/** The partitions of one window function. */
interface Partitions {
  readonly value: Window;
  readonly keys: readonly Evaluate[];
  readonly ids: KeyIds;
  /** Rows by partition, dead ones too until it is next computed. */
  readonly rows: number[][];
  readonly of: Map<number, number>;
  touched: Set<number>;
  /** Rows whose value failed when their partition was last computed. */
  readonly broken: Map<number, RowError | RunError>;
}

export class WindowRows {
  private readonly windows: readonly Partitions[];
  private readonly schema: Schema;
  private readonly compile: Compile;
  private readonly hidden: readonly HiddenColumn[];
  /** What is computed for each row and can fail. */
  private readonly failing: readonly Evaluate[];
  private readonly standing = new Standing();
  private taken = 0;

  /** `schema` is the input's with the hidden columns behind. */
  constructor({ windows }: WindowNode, schema: Schema, hidden: readonly HiddenColumn[], compile: Compile) {
    this.schema = schema;
    this.hidden = hidden;
    this.compile = compile;
    const parts = windows.flatMap(({ value }) => operandsOf(value));
    this.failing = parts.filter((part) => !cannotFail(part)).map((part) => compile(part, schema));
    this.windows = windows.map(({ value }) => ({
      value,
      keys: value.partitionBy.map((key) => compile(key, schema)),
      ids: new KeyIds(value.partitionBy.length, 'equal'),
      rows: [],
      of: new Map(),
      touched: new Set(),
      broken: new Map(),
    }));
  }

  update(member: Running, run: RegionRun): void {
    const [input] = member.inputs;
    if (input === undefined) return;
    const live = run.live(input);
    for (const row of this.standing.rows()) if (live[row] !== 1) this.lose(row, member);
    this.take(input, live, member, run);
    this.touchBroken();
    const values = this.windows.map((window) => this.valuesOf(window, input, live));
    const looked = new Set(values.flatMap((known) => [...known.keys()]));
    for (const row of looked) this.tellBroken(row, member, input, run);
    const changed = [...looked].filter((row) => !this.isBroken(row) && this.changes(row, values, member, input));
    this.add(Int32Array.from(changed), values, member, input);
    for (const window of this.windows) window.touched = new Set();
  }

  private lose(row: number, member: Member): void {
    this.standing.end(row, member);
    for (const { of, touched } of this.windows) {
      touched.add(of.get(row) ?? -1);
      of.delete(row);
    }
  }

  /** All values of a row without a version are computed again. */
  private touchBroken(): void {
    const rows = this.windows.flatMap(({ broken, of, touched }) =>
      [...broken.keys()].filter((row) => touched.has(of.get(row) ?? -1)),
    );
    for (const row of rows) for (const { of, touched } of this.windows) touched.add(of.get(row) ?? -1);
  }

  private isBroken(row: number): boolean {
    return this.windows.some(({ broken }) => broken.has(row));
  }

  /** A row whose value fails has no version (S10). */
  private tellBroken(row: number, member: Running, input: Member, run: RegionRun): void {
    const at = this.windows.find(({ broken }) => broken.has(row));
    const error = at?.broken.get(row);
    if (at === undefined || error === undefined) return;
    this.standing.end(row, member);
    const ending = failedEnding(error, member.node.id, input, row);
    run.endings.push({ ...ending, stands: () => at.broken.get(row) === error });
  }

  private take(input: Member, live: Uint8Array, member: Member, run: RegionRun): void {
    for (const { start, batch } of input.table.since(this.taken)) {
      const fresh = Int32Array.from({ length: batch.length }, (_, at) => start + at).filter((row) => live[row] === 1);
      const rows = this.withoutFailed(fresh, input, member, run);
      const given = this.batchOf(input, rows);
      for (const window of this.windows) {
        const ids = window.ids.assign(
          window.keys.map((key) => key(given)),
          given.length,
        );
        rows.forEach((row, at) => {
          const id = ids[at] ?? 0;
          (window.rows[id] ??= []).push(row);
          window.of.set(row, id);
          window.touched.add(id);
        });
      }
    }
    this.taken = input.table.length;
  }

  /** A row on which a part of a window fails is in no partition (S10). */
  private withoutFailed(rows: Int32Array, input: Member, member: Member, run: RegionRun): Int32Array {
    if (this.failing.length === 0) return rows;
    const { failed } = evaluated(this.failing, this.batchOf(input, rows));
    for (const [at, error] of failed) run.endings.push(failedEnding(error, member.node.id, input, rows[at] ?? -1));
    return rows.filter((_, at) => !failed.has(at));
  }

  private batchOf(input: Member, rows: Int32Array): Batch {
    const batch = input.table.batchOf(rows);
    return { ...batch, vectors: [...batch.vectors, ...hiddenVectors(this.hidden, input, rows)] };
  }

  /** The function's value for each row of the partitions that were touched. */
  private valuesOf(window: Partitions, input: Running, live: Uint8Array): ReadonlyMap<number, Value> {
    const members: number[] = [];
    for (const id of window.touched) {
      const rows = (window.rows[id] ?? []).filter((row) => live[row] === 1);
      window.rows[id] = rows;
      for (const row of rows) members.push(row);
    }
    const rows = inOrder(input, Int32Array.from(members).toSorted());
    if (rows.length === 0) return new Map();
    for (const row of rows) window.broken.delete(row);
    const fail = (at: number, error: unknown): void => void window.broken.set(rows[at] ?? -1, dataError(error));
    const values = valuesOrFailures(window.value, this.batchOf(input, rows), this.schema, this.compile, fail);
    return new Map([...rows].map((row, at) => [row, valueAt(values, at)] as const));
  }

  /** Whether a row has other values than its live version, which ends then. */
  private changes(row: number, values: readonly ReadonlyMap<number, Value>[], member: Running, input: Member): boolean {
    const version = this.standing.of(row);
    if (version < 0) return true;
    const first = input.table.schema.length;
    const same = values.every(
      (known, at) => !known.has(row) || sameValue(known.get(row) ?? null, member.table.value(version, first + at)),
    );
    return !same;
  }

  private add(rows: Int32Array, values: readonly ReadonlyMap<number, Value>[], member: Running, input: Member): void {
    if (rows.length === 0) return;
    const { table } = member;
    const first = input.table.schema.length;
    const added = this.windows.map(({ value: { type } }, at): Vector => {
      const known = values[at];
      const valueOf = (row: number): Value => {
        const now = known?.get(row);
        return now === undefined ? table.value(this.standing.of(row), first + at) : now;
      };
      return vectorOf(type, Array.from(rows, valueOf));
    });
    for (const row of rows) this.standing.end(row, member);
    const plain = input.table.batchOf(rows);
    const start = table.append({ ...plain, vectors: [...plain.vectors, ...added] });
    table.parents.pushAll(rows);
    rows.forEach((row, at) => this.standing.put(row, start + at));
  }
}

/** Row by row only where some value fails. */
function valuesOrFailures(
  value: Window,
  batch: Batch,
  schema: Schema,
  compile: Compile,
  fail: (at: number, error: unknown) => void,
): Vector {
  try {
    return windowColumn(value, batch, schema, compile);
  } catch (error) {
    dataError(error);
    return windowColumn(value, batch, schema, compile, fail);
  }
}

function sameValue(a: Value, b: Value): boolean {
  if (Object.is(a, b)) return true;
  return typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b);
}
