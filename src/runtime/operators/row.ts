/** Rows as a user's operator sees them. Inside they are arrays in the order of the declaration, never objects keyed by column names. */
import type { DataPlace } from '../errors.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Declaration, InputsOf, ListsOf, OutputsOf, ValuesOf } from './declaration.ts';
import type { JsOf } from './type-text.ts';

type Name<C> = Extract<keyof C, string>;

/** Values by column name: an object, or a Map where a column has a name like `__proto__`. */
export type Named<T> = T | ReadonlyMap<string, unknown>;

/** A row of an operator's answer; `row.with(…)` makes it. `values` are in the order of the declared outputs, checked. */
export class OutputRow {
  readonly values: readonly Value[];

  constructor(values: readonly Value[]) {
    this.values = values;
  }
}

/** A repair of an upstream row, to be yielded; the four methods of {@link Row} make them. */
export class Repair {
  readonly kind: 'edit' | 'append' | 'delete' | 'fail';
  /** Input names, with the new values for edit and append (null else). Never empty. */
  readonly changes: readonly (readonly [input: string, value: Value])[];
  /** Row of the vectors handed to the operator: which one raises it. */
  readonly row: number;

  constructor(kind: Repair['kind'], changes: readonly (readonly [string, Value])[], row: number) {
    this.kind = kind;
    this.changes = changes;
    this.row = row;
  }
}

/**
 * One input row. Valid until the call that got it has ended; keep values, not rows. `D` is the class (`Row<typeof Shout>`) or its
 * declaration.
 */
export interface Row<D extends Declaration = Declaration> {
  /** The value of a declared input. */
  get<C extends Name<InputsOf<D>>>(input: C): JsOf<InputsOf<D>[C]>;
  /** An answer row with these values of all declared outputs; throws an OperatorError where one is missing, unknown or does not fit. */
  with(values: Named<ValuesOf<OutputsOf<D>>>): OutputRow;
  /** The upstream row gets these values instead. */
  edit(changes: Named<Partial<ValuesOf<InputsOf<D>>>>): Repair;
  /** A copy of the upstream row with these values is added beside it. */
  append(changes: Named<Partial<ValuesOf<InputsOf<D>>>>): Repair;
  /** The upstream rows that carry these columns are taken away. */
  delete(inputs: readonly Name<InputsOf<D>>[]): Repair;
  /** The operator that made this column is asked again, with its next conjecture. */
  fail(input: Name<InputsOf<D>>): Repair;
  /** Where the row comes from: file and line; null where that is not known. */
  readonly place: DataPlace | null;
}

/** What the body of a row operator gives for one row: a row, several, or none. */
export type Answer =
  | OutputRow
  | Repair
  | null
  | undefined
  | void
  | Iterable<OutputRow | Repair>
  | AsyncIterable<OutputRow | Repair>
  | Promise<OutputRow | Repair | Iterable<OutputRow | Repair> | null | undefined | void>;

/** What the body of a batch operator gives; `batch.with(…)` makes it. */
export interface BatchAnswer {
  /** In the order of the declared outputs. */
  readonly columns: readonly ArrayLike<unknown>[];
  readonly parents: ArrayLike<number> | null;
  readonly failures: ReadonlyMap<number, unknown>;
  readonly repairs: readonly Repair[];
}

export interface BatchAnswerFacts {
  /** For every answer row the input row (from 0) it is made from, never decreasing; left out where it is one for each, in order. */
  readonly parents?: ArrayLike<number>;
  /** Input rows that could not be answered, with the error of each; with `parents` left out, what the columns hold for them is ignored. */
  readonly failures?: ReadonlyMap<number, unknown>;
  /** What `batch.edit`, `batch.append`, `batch.delete` and `batch.fail` made. A row that is edited, deleted or failed needs no answer, as above. */
  readonly repairs?: readonly Repair[];
}

/** Some input rows at once. Valid until the call that got it has ended. */
export interface RowBatch<D extends Declaration = Declaration> {
  readonly length: number;
  /** All values of a declared input, one a row. */
  get<C extends Name<InputsOf<D>>>(input: C): readonly JsOf<InputsOf<D>[C]>[];
  /** The answer: for each declared output a list (an array or typed array) of values. */
  with(columns: Named<ListsOf<OutputsOf<D>>>, facts?: BatchAnswerFacts): BatchAnswer;
  /** The four repairs of {@link Row}, for a row of the batch (from 0); they go into the `repairs` of `with`. */
  edit(row: number, changes: Named<Partial<ValuesOf<InputsOf<D>>>>): Repair;
  append(row: number, changes: Named<Partial<ValuesOf<InputsOf<D>>>>): Repair;
  delete(row: number, inputs: readonly Name<InputsOf<D>>[]): Repair;
  fail(row: number, input: Name<InputsOf<D>>): Repair;
  /** Where a row comes from. */
  placeOf(row: number): DataPlace | null;
}

/** The columns' values in the order of `names`; undefined where one is missing. `unknown` gets the names that are not declared. */
export function inOrder(
  names: ReadonlyMap<string, number>,
  given: object,
  unknown: (name: string) => never,
): unknown[] {
  const out: unknown[] = Array.from({ length: names.size });
  const put = (name: string, value: unknown): void => {
    out[names.get(name) ?? unknown(name)] = value;
  };
  if (given instanceof Map) for (const [name, value] of given) put(String(name), value);
  else for (const name of Object.keys(given)) put(name, Reflect.get(given, name));
  return out;
}

/** Names to their positions. */
export function positions(columns: readonly { readonly name: string }[]): ReadonlyMap<string, number> {
  return new Map(columns.map(({ name }, at) => [name, at]));
}
