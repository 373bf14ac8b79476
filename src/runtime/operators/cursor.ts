/** The rows and batches that bodies see, over the vectors that the engine hands in. */
import type { ColumnSignature, OperatorSignature } from '../../typecheck/signature.ts';
import type { Value } from '../../typecheck/types.ts';
import type { Vector } from '../batch.ts';
import type { DataPlace } from '../errors.ts';
import { lengthOf, textAt, valueAt } from '../vectors.ts';
import { OperatorError } from './faults.ts';
import type { Fit } from './fit.ts';
import { fitFor, misfit } from './fit.ts';
import type { BatchAnswer, BatchAnswerFacts, Row, RowBatch } from './row.ts';
import { OutputRow, Repair, inOrder, positions } from './row.ts';

/** Columns by position, with their checks: what a declaration becomes for the runtime. */
export interface Layout {
  readonly columns: readonly ColumnSignature[];
  readonly positions: ReadonlyMap<string, number>;
  readonly fits: readonly Fit[];
}

export function layoutOf(columns: readonly ColumnSignature[]): Layout {
  return { columns, positions: positions(columns), fits: columns.map(({ type }) => fitFor(type)) };
}

/** What all rows of an operator share. */
export interface RowShape {
  readonly signature: OperatorSignature;
  readonly inputs: Layout;
  readonly outputs: Layout;
}

/** An answer row of these values, in the layout's order; throws an OperatorError that names the operator, the column and the value. */
export function outputRow(operator: string, layout: Layout, given: object): OutputRow {
  const { columns, fits } = layout;
  const values: Value[] = [];
  for (let at = 0; at < columns.length; at++) {
    const column = columns[at];
    if (column === undefined) break;
    const value = given instanceof Map ? given.get(column.name) : ownValue(given, column.name);
    const held = value === undefined ? undefined : fits[at]?.(value);
    if (held === undefined)
      throw value === undefined ? missing(operator, column, given) : misfitIn(operator, column, value);
    values.push(held);
  }
  if (sizeOf(given) !== columns.length) refuseUnknown(operator, layout, given);
  return new OutputRow(values);
}

/** A member that is the object's own: a column may be called `constructor`. */
function ownValue(given: object, name: string): unknown {
  return Object.hasOwn(given, name) ? Reflect.get(given, name) : undefined;
}

function sizeOf(given: object): number {
  return given instanceof Map ? given.size : Object.keys(given).length;
}

function refuseUnknown(operator: string, { columns, positions }: Layout, given: object): void {
  inOrder(positions, given, (name) => unknownColumn(operator, name, columns));
}

function missing(operator: string, { name, type }: ColumnSignature, given: object): OperatorError {
  const has = given instanceof Map ? given.has(name) : Object.hasOwn(given, name);
  const message = has ? misfit(undefined, type) : 'it has no value; every declared output needs one';
  return new OperatorError(has ? 'PR3007' : 'PR3006', `${operator}, column '${name}': ${message}`);
}

function misfitIn(operator: string, { name, type }: ColumnSignature, value: unknown): OperatorError {
  return new OperatorError('PR3007', `${operator}, column '${name}': ${misfit(value, type)}`);
}

function unknownColumn(operator: string, name: string, columns: readonly ColumnSignature[]): never {
  const declared = columns.map((column) => column.name).join(', ') || 'none';
  throw new OperatorError('PR3005', `${operator} declares no column '${name}'; declared are: ${declared}`);
}

/** One row of a batch; a runner moves it along where the body cannot keep it. */
export class Cursor implements Row {
  row: number;
  readonly #shape: RowShape;
  readonly #vectors: readonly Vector[];
  readonly #placeOf: (row: number) => DataPlace | null;

  constructor(shape: RowShape, vectors: readonly Vector[], placeOf: (row: number) => DataPlace | null, row: number) {
    this.#shape = shape;
    this.#vectors = vectors;
    this.#placeOf = placeOf;
    this.row = row;
  }

  get(input: string): Value {
    const { signature, inputs } = this.#shape;
    const vector = this.#vectors[inputs.positions.get(input) ?? -1];
    if (vector === undefined) unknownColumn(signature.name, input, inputs.columns);
    return valueAt(vector, this.row);
  }

  with(values: object): OutputRow {
    return outputRow(this.#shape.signature.name, this.#shape.outputs, values);
  }

  edit(changes: object): Repair {
    return this.#repair('edit', this.#changes('edits', changes));
  }

  append(changes: object): Repair {
    return this.#repair('append', this.#changes('appends', changes));
  }

  delete(inputs: readonly string[]): Repair {
    for (const input of inputs) this.#declared('deletes', input);
    return this.#repair(
      'delete',
      inputs.map((input) => [input, null]),
    );
  }

  fail(input: string): Repair {
    this.#declared('fails', input);
    return this.#repair('fail', [[input, null]]);
  }

  get place(): DataPlace | null {
    return this.#placeOf(this.row);
  }

  #repair(kind: Repair['kind'], changes: Repair['changes']): Repair {
    if (changes.length > 0) return new Repair(kind, changes, this.row);
    throw new OperatorError(
      'PR3009',
      `${this.#shape.signature.name} calls row.${kind} with no input; name at least one`,
    );
  }

  #changes(field: 'edits' | 'appends', changes: object): readonly (readonly [string, Value])[] {
    const { signature, inputs } = this.#shape;
    const values = inOrder(inputs.positions, changes, (name) => unknownColumn(signature.name, name, inputs.columns));
    return inputs.columns.flatMap((column, at) => {
      const value = values[at];
      if (value === undefined) return [];
      this.#declared(field, column.name);
      const held = inputs.fits[at]?.(value);
      if (held === undefined) throw misfitIn(signature.name, column, value);
      return [[column.name, held] as const];
    });
  }

  #declared(field: 'edits' | 'appends' | 'deletes' | 'fails', input: string): void {
    const { signature } = this.#shape;
    if (signature[field].includes(input)) return;
    const message = `${signature.name} repairs '${input}' but does not declare it; add static ${field} = ['${input}']`;
    throw new OperatorError('PR3008', message);
  }
}

/** A batch as batch bodies see it. */
export class BatchView implements RowBatch {
  readonly length: number;
  readonly placeOf: (row: number) => DataPlace | null;
  readonly #shape: RowShape;
  readonly #vectors: readonly Vector[];

  constructor(shape: RowShape, vectors: readonly Vector[], length: number, placeOf: (row: number) => DataPlace | null) {
    this.#shape = shape;
    this.#vectors = vectors;
    this.length = length;
    this.placeOf = placeOf;
  }

  get(input: string): readonly Value[] {
    const { signature, inputs } = this.#shape;
    const vector = this.#vectors[inputs.positions.get(input) ?? -1];
    return vector === undefined ? unknownColumn(signature.name, input, inputs.columns) : valuesOf(vector);
  }

  with(columns: object, facts: BatchAnswerFacts = {}): BatchAnswer {
    const { signature, outputs } = this.#shape;
    const lists = inOrder(outputs.positions, columns, (name) => unknownColumn(signature.name, name, outputs.columns));
    const rows = facts.parents?.length ?? this.length;
    const checked = outputs.columns.map(({ name }, at) => {
      const list = lists[at];
      if (!isList(list)) throw noList(signature.name, name, list);
      if (list.length !== rows) throw wrongLength(signature.name, name, list.length, rows);
      return list;
    });
    const { parents = null, failures = new Map(), repairs = [] } = facts;
    return { columns: checked, parents, failures, repairs };
  }

  edit(row: number, changes: object): Repair {
    return this.#at(row).edit(changes);
  }

  append(row: number, changes: object): Repair {
    return this.#at(row).append(changes);
  }

  delete(row: number, inputs: readonly string[]): Repair {
    return this.#at(row).delete(inputs);
  }

  fail(row: number, input: string): Repair {
    return this.#at(row).fail(input);
  }

  #at(row: number): Cursor {
    if (Number.isInteger(row) && row >= 0 && row < this.length)
      return new Cursor(this.#shape, this.#vectors, this.placeOf, row);
    const { name } = this.#shape.signature;
    throw new OperatorError(
      'PR3009',
      `${name} repairs row ${String(row)} of a batch; its rows are 0 to ${this.length - 1}`,
    );
  }
}

function noList(operator: string, name: string, list: unknown): OperatorError {
  const what = list === undefined ? 'it has no values' : 'its values are no array';
  return new OperatorError('PR3006', `${operator}, column '${name}': ${what}; give one value for each row`);
}

function wrongLength(operator: string, name: string, length: number, rows: number): OperatorError {
  return new OperatorError('PR3006', `${operator}, column '${name}': ${length} values for ${rows} rows`);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value);
}

/** All values of a vector as a list. */
export function valuesOf(vector: Vector): readonly Value[] {
  switch (vector.kind) {
    case 'string':
      return vector.values;
    case 'utf8':
      if (vector.nulls === null) return Array.from(vector.starts, (_, row) => textAt(vector, row));
      break;
    case 'int':
    case 'number':
      if (vector.nulls === null) return Array.from<number>(vector.values);
      break;
    case 'bool':
    case 'object':
      break;
  }
  return Array.from({ length: lengthOf(vector) }, (_, row) => valueAt(vector, row));
}
