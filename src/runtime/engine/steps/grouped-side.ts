/** One input of a REDUCE or COMBINE: its rows collected, with their keys and what the operator reads of them. */
import type { BoundOperator, Column, Schema, TypedExpr } from '../../../typecheck/typed.ts';
import { columnsIn } from '../../../typecheck/visit.ts';
import type { Batch, Vector } from '../../batch.ts';
import { compileExpr } from '../../expressions/compile.ts';
import type { CompiledExpr, ExpressionEnvironment } from '../../expressions/compile.ts';
import type { RowFailure } from '../../operators/runner.ts';
import { Collected } from '../../relational/cross-row.ts';
import { KeyIds, matchable } from '../../relational/key-ids.ts';
import type { NullKeys } from '../../relational/key-ids.ts';
import type { RowError } from '../../row-error.ts';
import { gather } from '../../vectors.ts';
import { evaluating } from '../faults.ts';
import { failuresOf } from './on-error.ts';

export class GroupedSide {
  readonly schema: Schema;
  /** Which of the operator's inputs this side has. */
  private readonly has: readonly boolean[];
  private readonly inputs: readonly (CompiledExpr | null)[];
  private readonly keys: readonly CompiledExpr[];
  private readonly rows: Collected;
  private readonly values: Collected;
  private readonly ids: KeyIds;
  /** Group ids of the rows, batch by batch; −1 for a row in none. */
  readonly groups: Int32Array[] = [];
  /** Rows (of the whole side) on which an input failed, with their groups. */
  private readonly failures: (RowFailure & { readonly group: number })[] = [];

  /** `keys` over `schema`; a null key is a group of its own in a REDUCE and on the side that a COMBINE keeps, else in none. */
  constructor(
    schema: Schema,
    keys: readonly TypedExpr[],
    nulls: NullKeys,
    using: BoundOperator,
    environment: ExpressionEnvironment,
  ) {
    this.schema = schema;
    this.has = using.inputs.map(({ value }) => isOver(value, schema));
    this.inputs = using.inputs.map(({ value }, at) =>
      this.has[at] === true ? compileExpr(value, schema, environment) : null,
    );
    this.keys = keys.map((key) => compileExpr(key, schema, environment));
    this.ids = new KeyIds(keys.length, nulls);
    this.rows = new Collected(schema);
    this.values = new Collected(
      using.inputs.flatMap(({ name, value }, at): Column[] =>
        this.has[at] === true ? [{ qualifier: null, name, type: value.type, origins: [] }] : [],
      ),
    );
  }

  get length(): number {
    return this.rows.length;
  }

  /** How many distinct keys there are. */
  get size(): number {
    return this.ids.size;
  }

  take(batch: Batch): void {
    const keys = this.keys.map((key) => evaluating(batch, key));
    const errors: RowError[] = [];
    const values = this.inputs.flatMap((input) => (input === null ? [] : [input(batch, errors)]));
    const groups = this.ids.assign(keys, batch.length);
    for (const failure of failuresOf(errors)) this.failures.push({ ...failure, group: groups[failure.row] ?? -1 });
    this.groups.push(groups);
    this.rows.add(batch.vectors, batch.length);
    this.values.add(values, batch.length);
  }

  /** The rows as one batch. */
  all(): Batch {
    return { length: this.length, vectors: this.rows.vectors(), sequence: 0, ordinals: null, source: null };
  }

  /** The operator's inputs, null where this side does not have one. */
  inputVectors(): readonly (Vector | null)[] {
    const present = [...this.values.vectors()];
    return this.has.map((has) => (has ? (present.shift() ?? null) : null));
  }

  /** The first failure of each group that has one. */
  groupFailures(): ReadonlyMap<number, RowFailure> {
    return new Map(this.failures.toReversed().map(({ group, ...failure }) => [group, failure]));
  }

  /** The group of each key of another side; −1 where this side has none, or ON can find the key equal to none. */
  groupsOf(keys: readonly Vector[], length: number): Int32Array {
    const can = matchable(keys, length);
    return this.ids.find(keys, length).map((group, at) => (can[at] === 1 ? group : -1));
  }

  /** The keys of these rows. */
  keysAt({ vectors, ...all }: Batch, rows: Int32Array): readonly Vector[] {
    const batch = { ...all, length: rows.length, vectors: vectors.map((vector) => gather(vector, rows)) };
    return this.keys.map((key) => evaluating(batch, key));
  }
}

/** Whether all columns that an expression names are of this side; one without columns is of every side. */
function isOver(expr: TypedExpr, schema: Schema): boolean {
  return columnsIn(expr).every(({ qualifier, name }) =>
    schema.some((column) => column.qualifier === qualifier && column.name === name),
  );
}
